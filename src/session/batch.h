/* A batch: the events of up to 64 KiB of one session, all valid at once. The first batch of a session is what is read
 * ahead before its first record leaves: enough to know who speaks, what, when, and the session's id.
 * Its limits count bytes without line ends, so that a log cuts the same way with CRLF and with LF. */
#ifndef SESSION_BATCH_H
#define SESSION_BATCH_H

#include "dialect/grammar.h"

enum { BATCH_EVENTS = 4096, BATCH_BYTES = 64 * 1024 };

/* Events in a row that are alike but for text and milliseconds: the look is the same, and so are the seconds. None of the
 * texts begins with RUN_MARK. */
struct run {
    uint16_t end; /* index of the event behind it; keep_together() may have given some of its events back */
    bool back;    /* somewhere a stamp is earlier than the one before it */
    bool plain;   /* all is known to be ASCII without NUL */
};

struct batch {
    struct event *events; /* BATCH_EVENTS */
    struct run *runs;     /* as many; event->run counts them from 1 on */
    size_t count, run_count;
    uint64_t first_line; /* number of events[0] */
    const char *block;   /* what offsets are counted from … */
    uint64_t offset;     /* … and where that is in the source */
    bool starts;         /* a new session begins with events[0] */
    /* what batch_fill remembers from one batch to the next */
    struct stamp_memory stamp;
    uint8_t last_class;
    bool closed;
};

bool batch_make(struct batch *batch);
void batch_free(struct batch *batch);
/* Forgets the last source. */
void batch_open(struct batch *batch);
/* The next batch; the views of the one before die. False: no more lines. */
bool batch_fill(struct batch *batch, struct lines *lines);

/* How many events from this one on are of one run; 0: it is of none. */
static inline size_t batch_run(const struct batch *batch, const struct event *event)
{
    size_t index = (size_t)(event - batch->events);
    if (event->run == 0)
        return 0;
    size_t end = batch->runs[event->run - 1].end;
    return (end < batch->count ? end : batch->count) - index;
}

static inline uint64_t batch_offset(const struct batch *batch, const struct event *event)
{
    return batch->offset + (uint64_t)(event->line - batch->block);
}

#endif
