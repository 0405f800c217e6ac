/* Where inputs stand: those of one folder, one after another, are a run, in which sessions learn from those before them
 * (session/witness.h). It owns the names of the latest ones, for whoever begins in the middle. */
#ifndef JOBS_RUNS_H
#define JOBS_RUNS_H

#include "session/recall.h"
#include "teller.h"

struct runs {
    uint64_t run;                       /* number of the present one */
    uint64_t at;                        /* its bytes so far */
    uint64_t folder;                    /* a hash of where it is */
    bool alone;                         /* the latest input is a run of its own: a pipe cannot be read back */
    struct past_file latest[WITNESSES]; /* a ring; their texts are owned */
    uint64_t count;                     /* so many in this run */
};

/* The next input: where it stands. `size`: of a regular file, or of a slice; UINT64_MAX: it is neither. */
struct origin runs_next(struct runs *runs, const struct named_input *input, uint64_t size);
/* It is one of those before the next; false: no memory. */
bool runs_keep(struct runs *runs, const char *path, const char *name, uint64_t size);
/* Those that stand before an input at `origin`, which is the next one or a piece of it; views. */
void runs_past(const struct runs *runs, struct origin origin, struct past *past);
void runs_free(struct runs *runs);

#endif
