/* A unit of work: some small inputs, one that is larger, or a piece of a large one. It owns all that a worker must know of
 * them, and what came of them until it is their turn. */
#ifndef JOBS_UNIT_H
#define JOBS_UNIT_H

#include "jobs/cut.h"
#include "jobs/runs.h"

enum { UNIT_INPUTS = 128, UNIT_BYTES = 1 << 20 };

/* A run of records, as bytes, on its way out. */
struct block {
    struct block *next;
    struct buf buf;
    struct buf entries; /* of a roll of its records, if whoever writes has to know */
    struct buf marks;   /* struct mark: where sessions begin and end */
};

struct unit {
    struct unit *next;
    size_t count;                /* inputs */
    uint64_t bytes;              /* of their files */
    struct named_input *inputs;  /* UNIT_INPUTS; the texts are owned, but for those of a piece */
    struct origin *origins;      /* likewise */
    struct past past;            /* what stands before the first of them */
    size_t remembered;           /* files of it whose texts are owned */
    struct cut *cut;             /* NULL, or what the only input is cut by … */
    struct piece piece;          /* … which piece of it this is … */
    uint64_t chunk;              /* … and where it is to be looked for */
    bool uncut;                  /* it is all of the input that is not cut yet */
    struct unit *whole;          /* a piece: what it was cut from, and stands behind it */
    bool taken, done;            /* a worker has it; it is through with it */
    struct block *first, **last; /* what has not left yet */
    uint64_t held;               /* blocks that came while it was first */
    struct ledger ledger;
};

/* NULL: no memory. */
struct unit *unit_make(void);
void unit_free(struct unit *unit);
void block_free(struct block *block);
/* One input more; what stands before the first one is taken from `runs`, which do not know it yet. False: no memory; it
 * holds those that it had, and is to be freed if there are none. */
bool unit_add(struct unit *unit, const struct named_input *input, struct origin origin, uint64_t size,
              const struct runs *runs);
bool unit_is_full(const struct unit *unit, uint64_t more);
/* The next piece: a unit of its own, or, if it is the last, *whole itself, as also where there is no memory. */
struct unit *unit_cut(struct unit *whole);
/* Before a piece is converted: finds out where it begins. `block` as in cut_find. */
void unit_find(struct unit *piece, char *block);
/* It is converted in one piece after all. */
void unit_keep_whole(struct unit *whole);
/* Input number i, to be converted. */
struct task unit_task(const struct unit *unit, size_t i);

#endif
