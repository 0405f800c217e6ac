/* Where in the journal the last line of each export stands: 24 bytes an export, so that a million of them fit into memory.
 * It knows hashes only; whether a line is the one that is meant, is for the journal to see. */
#ifndef CMD_JOURNAL_INDEX_H
#define CMD_JOURNAL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal_slot {
    uint64_t hash;
    uint64_t at; /* offset of the line; 0: a free slot */
    bool met;    /* an input of this run goes to this export */
};

struct journal_index {
    struct journal_slot *slots;
    size_t capacity, count; /* a power of two, or nothing */
};

void journal_index_free(struct journal_index *index);
/* The first slot of that hash, or the next one behind `before`; NULL: there are no more. */
struct journal_slot *journal_index_find(const struct journal_index *index, uint64_t hash,
                                        const struct journal_slot *before);
/* A new one; NULL: no memory. All slots handed out before are void. */
struct journal_slot *journal_index_add(struct journal_index *index, uint64_t hash, uint64_t at);

/* No input of this run has been met yet. */
void journal_index_unmeet(struct journal_index *index);

#endif
