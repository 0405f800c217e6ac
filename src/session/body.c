/* Bodies: the two ways through a run of text, past it or line by line. */
#include "base/utf8.h"
#include "protocol/credentials.h"
#include "session/session.h"
#include "session/veil.h"

/* A line that begins like a login and is answered at once is none of a text: what ended that is not in the log. */
static bool is_login(const struct session *session, const struct event *event)
{
    return session_is_answered(session, event) && credentials_is_login(event_text(event));
}

/* Bodies are most of a log, and their lines need not be heard one by one: they are counted and placed. */
static bool is_text(const struct session *session, const struct event *event, enum side side)
{
    return event->class == NAMES_class_data && prelude_side(&session->prelude, event) == side &&
           dialogue_is_text(&session->dialogue, side, prelude_text(&session->prelude, event)) &&
           !is_login(session, event);
}

/* How many events of a run are text, from this one on: only the last can be answered. */
static size_t text_run(const struct session *session, const struct event *event)
{
    size_t n = batch_run(session->batch, event);
    return n - (n > 0 && is_login(session, event + n - 1));
}

/* A dialect that does not tell line ends leaves none out. */
static bool ends_line(const struct session *session, const struct event *event)
{
    return !session->prelude.tokens || event->token >= TOKEN_LF;
}

static void add_text(struct session *session, const struct event *event, struct str text)
{
    struct text_run *run = &session->run;
    chronology_place(&session->chronology, event->stamp);
    run->lines++;
    if (session->dialogue.talk.messages.header.open)
        talk_header(&session->dialogue.talk, run->side, text, true);
    size_t n = text.n;
    if (run->lines == 1 && session->prelude.tokens)
        n -= dialogue_unfold(&session->dialogue, run->side, text);
    run->bytes += n;
    session->run_traffic += n + (ends_line(session, event) ? 2 : 0);
}

/* So many more that look like this one, with so many bytes of text. */
static void add_lines(struct session *session, const struct event *event, uint64_t lines, uint64_t bytes)
{
    session->run.lines += lines;
    session->run.bytes += bytes;
    session->run_traffic += bytes + (ends_line(session, event) ? 2 * lines : 0);
}

bool body_begins(struct session *session)
{
    enum side side = (enum side)(session->dialogue.hearing.text_of - 1);
    const struct event *event = &session->batch->events[session->index];
    if (session->index < session->joined.until || session->index == session->batch->count ||
        !is_text(session, event, side))
        return false;
    session->run = (struct text_run){ .side = side };
    session->run_traffic = 0;
    chronology_place(&session->chronology, event->stamp);
    session->carrier = dialogue_text_begins(&session->dialogue, side, &session->chronology.now);
    return true;
}

static void end_text(struct session *session)
{
    struct session_facts *facts = &session->facts;
    struct text_run *run = &session->run;
    run->last = session->chronology.now;
    run->line_end = facts->line_end = session->batch->first_line + session->index - 1;
    facts->lines += run->lines;
    *(run->side == SIDE_CLIENT ? &facts->client_bytes : &facts->server_bytes) += session->run_traffic;
    dialogue_text(&session->dialogue, run);
    run->lines = 0;
}

/* Places what lies between two events. Where time just goes on, the last place is the sum of all steps; else they are taken
 * one by one. */
static void place_all(struct session *session, const struct event *first, const struct event *end, bool back)
{
    struct chronology *chronology = &session->chronology;
    bool sum =
        !back && first->stamp >= chronology->now.stamp && chronology_is_plain(chronology, end[-1].stamp);
    for (const struct event *each = sum ? end - 1 : first; each < end; each++)
        chronology_place(chronology, each->stamp);
}

/* The lines that look like the one at hand and do not begin with the mark: text as well, of which only length and time
 * differ. Most of a log passes here, in the runs of the batch: none of their lines is looked at. */
static void pass_alike(struct session *session)
{
    const struct batch *batch = session->batch;
    const struct event *first = &batch->events[session->index];
    const size_t other = first->length - prelude_text(&session->prelude, first).n;
    const bool in_run = first->run && session->dialogue.hearing.text_mark == RUN_MARK;
    const size_t lines = in_run ? text_run(session, first) : 1;
    const struct event *end = first + lines;
    uint64_t bytes = (uint64_t)(end[-1].line + end[-1].length - first->line) - (lines - 1) * first->end;
    place_all(session, first, end, in_run && batch->runs[first->run - 1].back);
    add_lines(session, first, lines, bytes - lines * other);
    session->index += lines;
}

/* A run of which nobody wants the lines. */
void body_pass(struct session *session)
{
    const struct batch *batch = session->batch;
    const struct event *event = &batch->events[session->index];
    do {
        if (session->dialogue.talk.messages.header.open ||
            (session->run.lines == 0 && session->prelude.tokens)) {
            add_text(session, event, prelude_text(&session->prelude, event));
            session->index++;
        } else {
            pass_alike(session);
        }
        event = &batch->events[session->index];
    } while (session->index < batch->count && is_text(session, event, session->run.side));
    end_text(session);
}

/* Whether records of such lines can be told of as the sequel of this one. */
static bool can_go_on(const struct session *session, const struct event *event, const struct record *record)
{
    return session->in_sequels && event->length - event->start < TRAFFIC_MOST &&
           !record_has(record, FIELD_text_base64);
}

_Static_assert((int)LINES_PAD >= (int)SEQUEL_READABLE, "texts of a sequel are views of the log");

/* What the lines of a sequel share, and how far it is told. */
struct telling {
    const struct event *first;
    size_t other;      /* bytes of a line that are not of its text */
    const char *clock; /* as the records tell it now; NULL: as it was logged, and so are all of this second */
    char (*clocks)[STAMP_TEXT]; /* where the next one goes */
    uint32_t second, stamp;
    struct sequel_line *to, *last;
    uint64_t bytes; /* of their texts */
};

static inline void tell(struct telling *telling, const struct batch *batch, const struct event *event)
{
    const char *line = event->line;
    const struct str text = { line + telling->first->start, event->length - telling->other };
    *telling->to++ = (struct sequel_line){ text, line, telling->clock ? telling->clock : line,
                                           batch_offset(batch, event) };
    telling->bytes += text.n;
}

static int32_t part_of(const char *stamp)
{
    const char *part = stamp + SEQUEL_PART + 1;
    return (part[0] - '0') * 100 + (part[1] - '0') * 10 + (part[2] - '0');
}

/* Where the records' clock is not that of the log, it goes on as the stamps do; false: not within its second. */
static bool tell_clock(struct telling *telling, uint32_t stamp)
{
    char *clock = *telling->clocks;
    int32_t part = part_of(telling->clock) + (int32_t)(stamp - telling->stamp);
    if (part < 0 || part > 999)
        return false;
    memcpy(clock, telling->clock, SEQUEL_PART + 1);
    for (int i = 3; i > 0; i--, part /= 10)
        clock[SEQUEL_PART + i] = (char)('0' + part % 10);
    telling->clock = clock;
    telling->clocks++;
    telling->stamp = stamp;
    return true;
}

/* So many of a run's lines as time just goes on for: of two clocks, each second's part turns back once. */
static size_t going_on(const struct session *session, const struct event *event, size_t n, bool back)
{
    const struct chronology *chronology = &session->chronology;
    uint32_t before = chronology->now.stamp;
    size_t i = 0;
    if (!back && chronology_is_plain(chronology, event->stamp) &&
        chronology_is_plain(chronology, event[n - 1].stamp))
        return n;
    while (i < n && event[i].stamp >= before && chronology_is_plain(chronology, event[i].stamp))
        before = event[i++].stamp;
    return i;
}

/* Whether the lines of a run from this one on are of the sequel as far as they are told at all, and which of them: where time
 * just goes on, what it tells stays as far from the stamps as it was. */
static size_t of_one_run(const struct session *session, const struct event *event,
                         const struct telling *telling)
{
    const struct batch *batch = session->batch;
    const struct hearing *hearing = &session->dialogue.hearing;
    if (!event->run || hearing->text_of != 1 + session->run.side || hearing->text_mark != RUN_MARK)
        return 0;
    const struct run *run = &batch->runs[event->run - 1];
    if (!run->plain || event->stamp / 1000 != telling->second)
        return 0;
    size_t room = (size_t)(telling->last - telling->to), n = text_run(session, event);
    return n ? going_on(session, event, n < room ? n : room, run->back) : 0;
}

/* Lines of one run; answers how many. */
static size_t tell_run(struct session *session, const struct event *event, size_t n, struct telling *telling)
{
    const struct batch *batch = session->batch;
    const size_t most = telling->first->start + TRAFFIC_MOST;
    struct telling now = *telling;
    size_t i = 0;
    for (; i < n && event[i].length < most; i++) {
        if (now.clock && event[i].stamp != now.stamp && !tell_clock(&now, event[i].stamp))
            break;
        tell(&now, batch, &event[i]);
    }
    *telling = now;
    if (i) {
        telling->stamp = event[i - 1].stamp;
        chronology_place(&session->chronology, telling->stamp);
    }
    return i;
}

/* One line; whether it is of the sequel. It is placed before that is known; who places it again does no harm. */
static bool tell_one(struct session *session, const struct event *event, struct telling *telling)
{
    const struct moment *now = &session->chronology.now;
    const int64_t apart = now->at - now->stamp;
    struct str text = { event->line + telling->first->start, event->length - telling->other };
    if (!dialogue_is_text(&session->dialogue, session->run.side, text) ||
        event->length - telling->first->start >= TRAFFIC_MOST || !utf8_plain(text))
        return false;
    if (event->stamp != telling->stamp) {
        if (event->stamp / 1000 != telling->second)
            return false;
        chronology_place(&session->chronology, event->stamp);
        if (now->at - now->stamp != apart || (telling->clock && !tell_clock(telling, event->stamp)))
            return false;
        telling->stamp = event->stamp;
    }
    tell(telling, session->batch, event);
    return true;
}

/* The next lines, as far as their records differ from this one in nothing but what a sequel tells; answers the bytes of
 * their texts. */
static uint64_t find_sequel(struct session *session, const struct event *first, const struct record *record)
{
    const struct batch *batch = session->batch;
    const struct event *event = first + 1, *end = batch->events + batch->count;
    const uint32_t stamp = session->chronology.now.stamp;
    struct telling telling = { .first = first,
                               .other = first->length - prelude_text(&session->prelude, first).n,
                               .clock = assembler_clock(record),
                               .clocks = session->clocks,
                               .second = stamp / 1000,
                               .stamp = stamp,
                               .to = session->followers,
                               .last = session->followers + FOLLOWERS_MOST };
    while (event < end && event->look == first->look && telling.to < telling.last) {
        size_t run = of_one_run(session, event, &telling);
        const bool alike = event + 1 < end && event[1].look == first->look;
        if (!run && !alike && is_login(session, event))
            break;
        size_t n = run ? tell_run(session, event, run, &telling) : tell_one(session, event, &telling);
        event += n;
        if (n == 0 || n < run)
            break;
    }
    session->sequel.count = (size_t)(telling.to - session->followers);
    return telling.bytes;
}

/* What add_text does for one line. */
static void add_sequel(struct session *session, const struct event *first, uint64_t bytes)
{
    const struct sequel *sequel = &session->sequel;
    struct talk *talk = &session->dialogue.talk;
    for (size_t i = 0; talk->messages.header.open && i < sequel->count; i++)
        talk_header(talk, session->run.side, sequel->lines[i].text, true);
    add_lines(session, first, sequel->count, bytes);
    session->index += sequel->count;
    assembler_skip(&session->assembler, sequel->count);
}

/* The next line of the run under way; NULL: there is none, or no more of it. */
struct record *body_next(struct session *session)
{
    size_t index = session->index;
    const struct event *event = &session->batch->events[index];
    if (index == session->batch->count || !is_text(session, event, session->run.side)) {
        end_text(session);
        return NULL;
    }
    struct str text = prelude_text(&session->prelude, event);
    add_text(session, event, text);
    const struct dialogue *dialogue = &session->dialogue;
    bool veiled = dialogue->veil && veil_hides_payload(&dialogue->talk, session->run.side, text);
    const struct line_facts line = { .event = event,
                                     .chronology = &session->chronology,
                                     .text = text,
                                     .number = session->batch->first_line + index,
                                     .offset = batch_offset(session->batch, event),
                                     .side = session->run.side,
                                     .tokens = session->prelude.tokens,
                                     .has_side = true,
                                     .heard = { .exchange = session->carrier, .secret = veiled } };
    session->index++;
    struct record *record = assemble_line(&session->assembler, &line);
    if (can_go_on(session, event, record))
        add_sequel(session, event, find_sequel(session, event, record));
    return record;
}
