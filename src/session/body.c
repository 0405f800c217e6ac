/* Bodies: the two ways through a run of text, past it or line by line. */
#include "base/utf8.h"
#include "session/session.h"
#include "session/veil.h"

/* Bodies are most of a log, and their lines need not be heard one by one: they are counted and placed. */
static bool is_text(const struct session *session, const struct event *event, enum side side)
{
    return event->class == NAMES_class_data && prelude_side(&session->prelude, event) == side &&
           dialogue_is_text(&session->dialogue, side, prelude_text(&session->prelude, event));
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
    if (run->lines++ == 0)
        session->carrier = dialogue_text_begins(&session->dialogue, run->side, &session->chronology.now);
    if (session->dialogue.talk.messages.in_header)
        messages_header(&session->dialogue.talk.messages, text);
    run->bytes += text.n;
    session->run_traffic += text.n + (ends_line(session, event) ? 2 : 0);
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
    if (session->index < session->joined.until || session->index == session->batch->count ||
        !is_text(session, &session->batch->events[session->index], side))
        return false;
    session->run = (struct text_run){ .side = side };
    session->run_traffic = 0;
    session->veiled = session->dialogue.veil && veil_hides_payload(&session->dialogue.talk, side);
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
    const size_t lines = in_run ? batch_run(batch, first) : 1;
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
        add_text(session, event, prelude_text(&session->prelude, event));
        session->index++;
        event++;
        if (session->index < batch->count && !session->dialogue.talk.messages.in_header &&
            is_text(session, event, session->run.side)) {
            pass_alike(session);
            event = &batch->events[session->index];
        }
    } while (session->index < batch->count && is_text(session, event, session->run.side));
    end_text(session);
}

/* Whether records of such lines can be told of as the sequel of this one. */
static bool can_go_on(const struct session *session, const struct event *event, const struct record *record)
{
    return session->in_sequels && !session->veiled && event->length - event->start < TRAFFIC_MOST &&
           !record_has(record, FIELD_text_base64);
}

_Static_assert((int)LINES_PAD >= (int)SEQUEL_READABLE, "texts of a sequel are views of the log");

/* The next lines, as far as their records differ from this one in nothing but what a sequel tells. Each is placed before it
 * is known to be one of them; who places it again does no harm. */
static void find_sequel(struct session *session, const struct event *first, const struct record *record)
{
    const struct batch *batch = session->batch;
    const struct event *event = first + 1, *end = batch->events + batch->count;
    const struct moment *now = &session->chronology.now;
    const int64_t apart = now->at - now->stamp;
    const uint32_t second = now->stamp / 1000;
    const char *const clock = assembler_clock(record);
    const size_t start = first->start, other = first->length - prelude_text(&session->prelude, first).n;
    struct sequel_line *to = session->followers, *last = to + FOLLOWERS_MOST;
    uint32_t stamp = now->stamp;
    for (; event < end && event->look == first->look && to < last; event++) {
        struct str text = { event->line + start, event->length - other };
        if (!dialogue_is_text(&session->dialogue, session->run.side, text) ||
            event->length - start >= TRAFFIC_MOST ||
            !((event->run && batch->runs[event->run - 1].plain) || utf8_plain(text)))
            break;
        if (event->stamp != stamp) {
            if (clock || event->stamp / 1000 != second)
                break;
            chronology_place(&session->chronology, event->stamp);
            if (now->at - now->stamp != apart)
                break;
            stamp = event->stamp;
        }
        *to++ = (struct sequel_line){ text, event->line, clock ? clock : event->line,
                                      batch_offset(batch, event) };
    }
    session->sequel.count = (size_t)(to - session->followers);
}

/* What add_text does for one line. */
static void add_sequel(struct session *session, const struct event *first)
{
    const struct sequel *sequel = &session->sequel;
    struct messages *messages = &session->dialogue.talk.messages;
    uint64_t bytes = 0;
    for (size_t i = 0; i < sequel->count; i++) {
        if (messages->in_header)
            messages_header(messages, sequel->lines[i].text);
        bytes += sequel->lines[i].text.n;
    }
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
    const struct line_facts line = { .event = event,
                                     .chronology = &session->chronology,
                                     .text = text,
                                     .number = session->batch->first_line + index,
                                     .offset = batch_offset(session->batch, event),
                                     .side = session->run.side,
                                     .tokens = session->prelude.tokens,
                                     .has_side = true,
                                     .heard = { .exchange = session->carrier, .secret = session->veiled } };
    session->index++;
    struct record *record = assemble_line(&session->assembler, &line);
    if (can_go_on(session, event, record)) {
        find_sequel(session, event, record);
        add_sequel(session, event);
    }
    return record;
}
