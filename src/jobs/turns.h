/* Whose turn it is: units stand in the order of the input. Workers take them from the front, and their records leave in that
 * order, too, by the hand of the caller's thread, which alone tells, and waits in writes: so nothing that a signal must
 * interrupt waits anywhere else. Where writes do not wait, the worker of the first unit writes it. What cannot leave yet is
 * held, up to a bound that the first unit may pass: it never waits for another, so something always moves. Everything here
 * may be called by any thread. */
#ifndef JOBS_TURNS_H
#define JOBS_TURNS_H

#include "jobs/unit.h"
#include "sink/sink.h"

#include <pthread.h>

struct turns {
    pthread_mutex_t lock;
    pthread_cond_t work; /* for workers */
    pthread_cond_t news; /* for the caller */
    struct unit *head, **tail;
    struct unit **next; /* the first that nobody has taken */
    size_t count;       /* units */
    bool closing;       /* no more units will come */
    volatile sig_atomic_t halt;
    bool straight; /* whoever converts the first unit writes it, too, as long as it does */
    struct block *spare;
    size_t used, most; /* blocks that hold records, and how many may */
};

/* packed: what comes out is compressed by the output. */
bool turns_make(struct turns *turns, unsigned workers, bool packed);
void turns_free(struct turns *turns);

/* The caller's: a unit more, at the end. */
void turns_add(struct turns *turns, struct unit *unit);
/* Everybody is to stop soon. */
void turns_halt(struct turns *turns);
/* So they are, and nothing leaves any more, whoever is first now. */
void turns_end(struct turns *turns);
/* What the caller does next. */
enum turn {
    TURN_REST,  /* nothing: no more units are left than it wants to leave */
    TURN_WRITE, /* the first unit has records that leave */
    TURN_TELL,  /* it is done, and they have all left */
    TURN_DROP,  /* it is never done: it was halted before anybody took it */
    TURN_AGAIN, /* it has waited for a moment */
};
enum turn turns_look(struct turns *turns, size_t most, struct unit **first);
/* The records of the first unit that are to leave, oldest first; then their memory is given back. */
struct block *turns_blocks(struct turns *turns, struct unit *unit);
void turns_written(struct turns *turns, struct block *blocks);
/* The first unit has been told of, and is gone. */
void turns_pop(struct turns *turns);

/* A worker's: the next unit; NULL: there will be none. */
struct unit *turns_take(struct turns *turns);
enum hold {
    HOLD_DONE,
    HOLD_LOST, /* halted before its turn */
    HOLD_NO_MEMORY,
    HOLD_FIRST, /* nothing is done: it is for the worker to write it, behind turns_blocks */
};
/* What the output of a unit holds, with its memory: it gets other memory, empty. Waits for room. */
enum hold turns_hold(struct turns *turns, struct unit *unit, struct output *output);
/* Waits until it is the first unit, or the end of the run. */
void turns_await(struct turns *turns, const struct unit *unit);
void turns_done(struct turns *turns, struct unit *unit);

#endif
