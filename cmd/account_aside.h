/* Inputs that the library is not asked about, because they were done before or their export has no place, are told of in
 * their turn, too: when the outcomes of all inputs before them have been. Until then they wait here. */
#ifndef CMD_ACCOUNT_ASIDE_H
#define CMD_ACCOUNT_ASIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct account_aside {
    const char *path;
    const char *export; /* NULL: it has none that is to be told */
    const char *hash;   /* "": not known */
    const char *why;    /* its export has no place; NULL: it was done before, and counts are of then */
    uint64_t bytes, lines, records, sessions, problems;
};

struct account_asides {
    struct account_waiting *first, *last;
    size_t bytes;
};

/* To be told when so many outcomes have been. False: there is no room. */
bool account_asides_keep(struct account_asides *asides, const struct account_aside *aside, uint64_t after);
/* The first, if its turn comes after so many outcomes or before; it goes with the next call of account_asides_drop. */
const struct account_aside *account_asides_due(const struct account_asides *asides, uint64_t told);
void account_asides_drop(struct account_asides *asides);

#endif
