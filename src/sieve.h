/* What stands between all records and the output: it knows which sessions were met before in this run, and can leave
 * them out. It owns 8 bytes for each session (in a table that is at most three quarters full), and what is held back of one
 * that may have to be left out. It is used in the order of the input. */
#ifndef SIEVE_H
#define SIEVE_H

#include "output.h"

/* What was met before of one input. */
struct met {
    const void *input;  /* which one */
    uint64_t count;     /* sessions */
    uint64_t line;      /* of the first one */
    uint64_t kept;      /* of them, because they are longer than what can be held back */
    uint64_t kept_line; /* of the first one of those */
    uint64_t left_out;  /* records */
};

struct sieve {
    struct output *to;
    bool leaves_out;
    bool holding; /* the session under way may be one that was met before */
    bool gave_up; /* it may, but is too long */
    uint64_t *slots;
    size_t size, count;
    struct buf held, entries; /* text that is held back, and the entries of a roll of it, if `to` has one */
    struct buf met;           /* struct met, of inputs that have not been told of */
    size_t told;              /* bytes of them */
    enum tcplog_status status;
};

/* False: no memory. */
bool sieve_open(struct sieve *sieve, struct output *to, bool leaves_out);
void sieve_free(struct sieve *sieve);
/* Records, the entries of a roll of them, if `to` has one, and marks: they leave, or are held back. */
void sieve_pass(struct sieve *sieve, struct str bytes, const struct buf *entries, const struct buf *marks);
/* What was met of this input, the next that is told of. */
struct met sieve_met(struct sieve *sieve, const void *input);
/* What is wrong with it, or with the output. */
enum tcplog_status sieve_status(const struct sieve *sieve);

#endif
