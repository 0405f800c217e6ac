/* A worker: a thread with a pipeline of its own, whose records are held until it is their turn. */
#ifndef JOBS_WORKER_H
#define JOBS_WORKER_H

#include "jobs/turns.h"
#include "sieve.h"

struct held_sink {
    struct sink sink;
    struct turns *turns;
    struct unit *unit;     /* under way */
    struct output *output; /* that holds its records */
    struct sieve *sieve;   /* where they go when it is their turn, if workers write */
};

struct worker {
    struct turns *turns;
    pthread_t thread;
    struct pipeline pipeline;
    struct held_sink sink;
    bool started;
};

/* It does what `model` would do, whose records are for the sieve (NULL: each input has an export). False: no memory, or no
 * thread. */
bool worker_start(struct worker *worker, const struct pipeline *model, struct sieve *sieve,
                  struct turns *turns);
/* Waits until it has ended, as it does when the turns have, and frees what it has. */
void worker_end(struct worker *worker);

#endif
