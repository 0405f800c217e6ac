/* Lines → batches: cuts where sessions open, and between lines that may have to be joined. */
#include "session/batch.h"

#include "protocol/credentials.h"

#include <stdlib.h>

bool batch_make(struct batch *batch)
{
    *batch = (struct batch){ .events = malloc(BATCH_EVENTS * sizeof(*batch->events)),
                             .runs = malloc(BATCH_EVENTS * sizeof(*batch->runs)) };
    return batch->events && batch->runs;
}

void batch_free(struct batch *batch)
{
    free(batch->events);
    free(batch->runs);
    *batch = (struct batch){ 0 };
}

void batch_open(struct batch *batch)
{
    /* whatever the memory begins with, a line may begin so, too: it must be true */
    *batch = (struct batch){
        .events = batch->events, .runs = batch->runs, .stamp = { .text = "00:00:00" }, .closed = true
    };
}

static bool follows_opening(const struct batch *batch)
{
    bool talk = batch->count > 0 && batch->events[batch->count - 1].class == NAMES_class_data;
    return batch->last_class == NAMES_class_opening && !talk;
}

/* What may be said of a session that has ended: that closing it did not go well (FORMAT 2.5). */
static bool is_afterthought(const struct event *event)
{
    return event->class == NAMES_class_error || event->class == NAMES_class_warning;
}

/* Whether this line is the first of a session: an opening, a connect whose opening is lost, or talk after an end. */
static bool begins(const struct batch *batch, const struct event *event)
{
    switch (event->class) {
    case NAMES_class_opening: return true;
    case NAMES_class_connect: return batch->closed || !follows_opening(batch);
    case NAMES_class_unparsed:
    case NAMES_class_empty: return false;
    default: return batch->closed && !is_afterthought(event);
    }
}

/* A record without a line end: the next one of its side may go on with it. */
static bool is_fragment(const struct event *event)
{
    return event->class == NAMES_class_data && event->token < TOKEN_LF;
}

/* Gives the last events back, from number `from` on. */
static void give_back(struct batch *batch, struct lines *lines, size_t from)
{
    lines_go_back(lines, batch->events[from].line, batch->first_line + from - 1);
    batch->count = from;
    batch->last_class = batch->events[from - 1].class;
}

enum { TOGETHER_MOST = 64 };

/* Neither talk nor anything that a session begins or ends with. */
static bool is_aside(const struct event *event)
{
    return event->class != NAMES_class_data && event->class != NAMES_class_opening &&
           event->class != NAMES_class_connect && event->class != NAMES_class_closing;
}

/* A batch that is full must not end within lines that belong together, where some of them mark their ends. */
static void keep_together(struct batch *batch, struct lines *lines)
{
    size_t n = batch->count;
    while (n > 0 && batch->count - n < TOGETHER_MOST && is_fragment(&batch->events[n - 1]))
        n--;
    if (n > 0 && n < batch->count && batch->count - n < TOGETHER_MOST &&
        batch->events[n - 1].token >= TOKEN_LF)
        give_back(batch, lines, n);
}

/* Nor between what looks like a login and its answer, which makes it one where a mail may go on. */
static void keep_answered(struct batch *batch, struct lines *lines)
{
    size_t n = batch->count;
    while (n > 0 && batch->count - n < TOGETHER_MOST && is_aside(&batch->events[n - 1]))
        n--;
    if (n > 1 && batch->events[n - 1].class == NAMES_class_data &&
        credentials_is_login(event_text(&batch->events[n - 1])))
        give_back(batch, lines, n - 1);
}

static void remember(struct batch *batch, const struct event *event)
{
    if (event->class == NAMES_class_unparsed)
        return;
    bool begins_here = batch->count == 0 && batch->starts;
    batch->last_class = event->class;
    if (event->class != NAMES_class_empty && (begins_here || !batch->closed || !is_afterthought(event)))
        batch->closed = event->class == NAMES_class_closing;
}

/* The first event of a batch tells whether a session begins here. Whatever comes first in a source begins one. */
static void mark_start(struct batch *batch, const struct event *event)
{
    batch->starts = batch->first_line == 1 || begins(batch, event);
}

static void skip_mark(struct batch *batch, struct line *line)
{
    /* a byte order mark belongs to the first line, but not to its text */
    if (batch->count == 0 && batch->first_line == 1 && line->n >= 3 &&
        memcmp(line->p, "\xEF\xBB\xBF", 3) == 0) {
        line->p += 3;
        line->n -= 3;
    }
}

/* Where take_alike() is: the next line and its event, and the run under way. */
struct taking {
    struct likeness like;
    const char *at, *from; /* the ends of lines are told from here on */
    struct event *event;
    size_t bytes, room;
    uint64_t look;        /* of the run; 0: the next line begins another one */
    uint32_t stamp, back; /* the top bit of back: a stamp was earlier than the one before it */
    struct event shape;   /* of the lines of the run: what they have in common */
    bool plain;
};

/* What is compiled twice: grammar_like(), and with it take_run(). */
typedef bool likes(const struct likeness *like, const char *p, uint32_t *stamp);
typedef size_t take_those(struct taking *taking, const uint16_t *ends, size_t count);

static void end_run(struct batch *batch, struct taking *taking)
{
    if (taking->look)
        batch->runs[batch->run_count++] =
            (struct run){ (uint16_t)(taking->event - batch->events), taking->back >> 31, taking->plain };
    taking->look = 0;
}

static bool has_room(const struct batch *batch, const struct taking *taking)
{
    return taking->event < batch->events + BATCH_EVENTS && taking->bytes < taking->room;
}

/* There is room. As many lines with their ends here as can be taken: those after which there is still room, and one more. */
static size_t within_room(const struct batch *batch, const struct taking *taking, const uint16_t *ends,
                          size_t count)
{
    const size_t events = (size_t)(batch->events + BATCH_EVENTS - taking->event);
    const size_t left = taking->room - taking->bytes, before = (size_t)(taking->at - taking->from);
    size_t i = 0;
    count = count < events ? count : events;
    if (count == 0 || ends[count - 1] + 1u - before < left)
        return count;
    while (i < count && ends[i] + 1u - before - (i + 1) * taking->like.crlf < left)
        i++;
    return i < count ? i + 1 : count;
}

/* The lines of a run that has begun, up to one that is not like them; answers how many. All that most of a log needs is in
 * this loop, and nothing else, so that it stays in registers; there is one for either line end. */
static inline __attribute__((always_inline)) size_t take_run(struct taking *taking, const uint16_t *ends,
                                                             size_t count, likes *alike, bool crlf)
{
    const struct likeness like = taking->like;
    wide_bytes shape;
    const char *at = taking->at, *const from = taking->from;
    struct event *event = taking->event;
    uint32_t stamp = taking->stamp, back = taking->back;
    const uint16_t *end = ends, *const last = ends + count;
    memcpy(&shape, &taking->shape, sizeof(shape));
    for (; end < last; end++) {
        uint32_t now;
        const char *lf = from + *end;
        if (!alike(&like, at, &now) || !grammar_like_text(at, lf, crlf))
            break;
        memcpy(event, &shape, sizeof(shape));
        event->line = at;
        event->length = (uint32_t)(lf - at) - crlf;
        event->stamp = now;
        back |= now - stamp;
        stamp = now;
        at = lf + 1;
        event++;
    }
    taking->bytes += (size_t)(at - taking->at) - (size_t)(end - ends) * crlf;
    taking->at = at;
    taking->event = event;
    taking->stamp = stamp;
    taking->back = back;
    return (size_t)(end - ends);
}

/* A line that begins a run, or is of none, or looks different. False: it does not begin alike. */
static bool take_other(struct batch *batch, struct taking *taking, const char *lf)
{
    struct event *event = taking->event;
    uint32_t stamp;
    if (!grammar_like(&taking->like, taking->at, &stamp))
        return false;
    bool marked = grammar_other_text(&taking->like, event, taking->at, lf);
    event->stamp = stamp;
    if (marked || event->look != taking->look) {
        end_run(batch, taking);
        taking->look = marked ? 0 : event->look;
        taking->shape = (struct event){ .look = event->look, .run = (uint16_t)(batch->run_count + 1) };
        taking->back = 0;
        taking->stamp = stamp;
    }
    event->run = marked ? 0 : taking->shape.run;
    taking->back |= stamp - taking->stamp;
    taking->stamp = stamp;
    taking->bytes += event->length + 1;
    taking->at = lf + 1;
    taking->event++;
    return true;
}

/* The lines with their ends here; false: one is not like the others, or there is no more room. */
static bool take_lines(struct batch *batch, struct taking *taking, const uint16_t *ends, size_t count,
                       take_those *those)
{
    for (size_t i = 0; i < count && has_room(batch, taking); i++) {
        if (taking->look == taking->like.look)
            i += those(taking, ends + i, within_room(batch, taking, ends + i, count - i));
        if (i < count && (!has_room(batch, taking) || !take_other(batch, taking, taking->from + ends[i])))
            return false;
    }
    return has_room(batch, taking);
}

static size_t take_narrow(struct taking *taking, const uint16_t *ends, size_t count)
{
    return taking->like.crlf ? take_run(taking, ends, count, grammar_like, true)
                             : take_run(taking, ends, count, grammar_like, false);
}

WIDE static size_t take_wide(struct taking *taking, const uint16_t *ends, size_t count)
{
    return taking->like.crlf ? take_run(taking, ends, count, grammar_like_wide, true)
                             : take_run(taking, ends, count, grammar_like_wide, false);
}

/* The lines that go on like the latest event: nearly all of a body. Answers their bytes, with one for each line end. */
static size_t take_alike(struct batch *batch, struct lines *lines, size_t room, take_those *take)
{
    struct line_ends *ends = &lines->ends;
    struct event *first = &batch->events[batch->count];
    struct taking taking = { .at = lines->block + lines->at, .event = first, .room = room };
    bool goes_on = true;
    grammar_likeness(&taking.like, first - 1, &batch->stamp);
    while (goes_on && (ends->next < ends->count || lines_find(lines))) {
        const struct event *event = taking.event;
        taking.from = lines->block + ends->from;
        /* a long line is no business of this loop */
        if (taking.from - taking.at >= LIKE_MOST)
            break;
        if (ends->plain != taking.plain)
            end_run(batch, &taking);
        taking.plain = ends->plain;
        goes_on = take_lines(batch, &taking, ends->ends + ends->next, ends->count - ends->next, take);
        ends->next += (size_t)(taking.event - event);
        lines->at = (size_t)(taking.at - lines->block);
    }
    end_run(batch, &taking);
    lines->number += (uint64_t)(taking.event - first);
    batch->count += (size_t)(taking.event - first);
    return taking.bytes;
}

/* Most of talk goes on with something else. */
static bool goes_on_alike(const struct event *event, const struct lines *lines)
{
    const char *next = lines->block + lines->at;
    return lines->end - lines->at > LIKE_TEXT && grammar_may_be_like(event, next);
}

/* The lines that are ready are used up: more of them are read behind the batch, and it moves with them. */
static void read_on(struct batch *batch, struct lines *lines)
{
    size_t moved = lines_more(lines, batch->count ? batch->events[0].line : lines->block + lines->at);
    for (size_t i = 0; i < batch->count; i++)
        batch->events[i].line -= moved;
    batch->offset = lines->offset;
}

static inline bool next_line(struct batch *batch, struct lines *lines, struct line *line)
{
    bool found;
    while (!(found = lines_next(lines, line)) && !lines->exhausted)
        read_on(batch, lines);
    return found;
}

bool batch_fill(struct batch *batch, struct lines *lines)
{
    take_those *take = wide_is_here() ? take_wide : take_narrow;
    size_t bytes = 0;
    struct line line = { 0 };
    /* data is remembered here alone, where it matters: between two batches */
    if (batch->count && batch->events[batch->count - 1].class == NAMES_class_data)
        batch->last_class = NAMES_class_data;
    batch->count = batch->run_count = 0;
    if (!lines_begin(lines))
        return false;
    batch->block = lines->block;
    batch->offset = lines->offset;
    batch->first_line = lines->number + 1;
    while (batch->count < BATCH_EVENTS && bytes < BATCH_BYTES && !line.cut &&
           next_line(batch, lines, &line)) {
        struct event *event = &batch->events[batch->count];
        skip_mark(batch, &line);
        grammar_event(event, &line, &batch->stamp);
        if (batch->count == 0) {
            mark_start(batch, event);
        } else if ((event->class != NAMES_class_data || batch->closed) && begins(batch, event)) {
            lines_unread(lines, &line);
            return true;
        }
        if (event->class != NAMES_class_data || batch->count == 0)
            remember(batch, event);
        batch->count++;
        bytes += event->length + 1;
        if (event->class == NAMES_class_data && !batch->closed && bytes < BATCH_BYTES &&
            goes_on_alike(event, lines))
            bytes += take_alike(batch, lines, BATCH_BYTES - bytes, take);
    }
    /* a line that was cut has begun to be passed over: it cannot be given back */
    if (!line.cut && (batch->count == BATCH_EVENTS || bytes >= BATCH_BYTES)) {
        keep_answered(batch, lines);
        keep_together(batch, lines);
    }
    return batch->count > 0;
}
