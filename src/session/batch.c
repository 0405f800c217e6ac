/* Lines → batches: cuts where sessions open, and between lines that may have to be joined. */
#include "session/batch.h"

#include "base/scan.h"

#include <stdlib.h>

bool batch_make(struct batch *batch)
{
    *batch = (struct batch){ .events = malloc(BATCH_EVENTS * sizeof(*batch->events)) };
    return batch->events != NULL;
}

void batch_free(struct batch *batch)
{
    free(batch->events);
    *batch = (struct batch){ 0 };
}

void batch_open(struct batch *batch)
{
    /* whatever the memory begins with, a line may begin so, too: it must be true */
    *batch = (struct batch){ .events = batch->events, .stamp = { .text = "00:00:00" }, .closed = true };
}

static bool follows_opening(const struct batch *batch)
{
    bool talk = batch->count > 0 && batch->events[batch->count - 1].class == NAMES_class_data;
    return batch->last_class == NAMES_class_opening && !talk;
}

/* Whether this line is the first of a session: an opening, a connect whose opening is lost, or talk after an end. */
static bool begins(const struct batch *batch, const struct event *event)
{
    switch (event->class) {
    case NAMES_class_opening: return true;
    case NAMES_class_connect: return batch->closed || !follows_opening(batch);
    case NAMES_class_unparsed:
    case NAMES_class_empty: return false;
    default: return batch->closed;
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
    lines->at = (size_t)(batch->events[from].line - lines->block);
    lines->number = batch->first_line + from - 1;
    batch->count = from;
    batch->last_class = batch->events[from - 1].class;
}

/* A batch that is full must not end within lines that belong together, where some of them mark their ends. */
static void keep_together(struct batch *batch, struct lines *lines)
{
    enum { TOGETHER_MOST = 64 };
    size_t n = batch->count;
    while (n > 0 && batch->count - n < TOGETHER_MOST && is_fragment(&batch->events[n - 1]))
        n--;
    if (n > 0 && n < batch->count && batch->count - n < TOGETHER_MOST &&
        batch->events[n - 1].token >= TOKEN_LF)
        give_back(batch, lines, n);
}

static void remember(struct batch *batch, const struct event *event)
{
    if (event->class == NAMES_class_unparsed)
        return;
    batch->last_class = event->class;
    if (event->class != NAMES_class_empty)
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
    if (batch->first_line == 1 && batch->count == 0 && line->n >= 3 &&
        memcmp(line->p, "\xEF\xBB\xBF", 3) == 0) {
        line->p += 3;
        line->n -= 3;
    }
}

/* scan_line_ends(), or its like. */
typedef size_t find_ends(const char *p, size_t n, uint16_t *ends, bool *plain);

/* The lines that go on like the latest event: nearly all of a body. Answers their bytes, with one for each line end. Their
 * ends are found for many at once, but first for a few: most of talk goes on with something else. */
static inline __attribute__((always_inline)) size_t take_alike(struct batch *batch, struct lines *lines,
                                                               size_t room, find_ends *find)
{
    const char *at = lines->block + lines->at, *end = lines->block + lines->end;
    struct event *event = &batch->events[batch->count];
    const struct event *first = event, *last = batch->events + BATCH_EVENTS;
    uint16_t ends[SCAN_ENDS_ROOM];
    size_t bytes = 0, chunk = SCAN_ENDS_FEW;
    struct likeness like;
    if (!grammar_likeness(&like, event - 1, &batch->stamp))
        return 0;
    const char *from = at;
    bool goes_on = grammar_like(&like, at, event), before = true, plain;
    while (goes_on && from < end) {
        size_t ready = (size_t)(end - from), n = ready < chunk ? ready : chunk;
        size_t count = find(from, n, ends, &plain);
        /* its first line may have begun in front of it */
        const bool both = before & plain;
        for (size_t i = 0; i < count && goes_on; i++) {
            grammar_like_text(event, from + ends[i]);
            event->plain = both;
            bytes += event->length + 1;
            event++;
            at = from + ends[i] + 1;
            goes_on = event < last && bytes < room && grammar_like(&like, at, event);
        }
        from += n;
        before = plain;
        /* a long line is no business of this loop */
        goes_on &= (size_t)(from - at) < SCAN_ENDS_MOST;
        chunk = SCAN_ENDS_MOST;
    }
    lines->at = (size_t)(at - lines->block);
    lines->number += (uint64_t)(event - first);
    batch->count += (size_t)(event - first);
    return bytes;
}

static size_t take_narrow(struct batch *batch, struct lines *lines, size_t room)
{
    return take_alike(batch, lines, room, scan_line_ends);
}

WIDE static size_t take_wide(struct batch *batch, struct lines *lines, size_t room)
{
    return take_alike(batch, lines, room, scan_line_ends_wide);
}

bool batch_fill(struct batch *batch, struct lines *lines)
{
    const bool wide = wide_is_here();
    size_t bytes = 0;
    struct line line = { 0 };
    /* data is remembered here alone, where it matters: between two batches */
    if (batch->count && batch->events[batch->count - 1].class == NAMES_class_data)
        batch->last_class = NAMES_class_data;
    batch->count = 0;
    if (!lines_refill(lines))
        return false;
    batch->block = lines->block;
    batch->offset = lines->offset;
    batch->first_line = lines->number + 1;
    while (batch->count < BATCH_EVENTS && bytes < BATCH_BYTES && !line.cut && lines_next(lines, &line)) {
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
        if (event->class == NAMES_class_data && !batch->closed && bytes < BATCH_BYTES)
            bytes += (wide ? take_wide : take_narrow)(batch, lines, BATCH_BYTES - bytes);
    }
    /* a line that was cut has begun to be passed over: it cannot be given back */
    if (!line.cut && (batch->count == BATCH_EVENTS || bytes >= BATCH_BYTES))
        keep_together(batch, lines);
    return batch->count > 0;
}
