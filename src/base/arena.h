/* Memory that is filled from the front and emptied at once: strings that must outlive the reader's block.
 * Its size is fixed at birth, so that memory stays bounded; what no longer fits is cut and counted. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "tcplog/str.h"

#include <stdint.h>

/*    p ─────────────► p + n ─────────────► p + capacity
 *       given out              free
 * Nothing is given back but all at once. */
struct arena {
    char *p;
    size_t n, capacity;
    uint64_t cut; /* copies that did not fit whole */
};

/* Whether there was memory for it. */
bool arena_make(struct arena *arena, size_t capacity);
void arena_free(struct arena *arena);
/* A copy of text, or of as much of it as fits, which may end within a character. It dies when the arena is rewound. */
struct str arena_copy(struct arena *arena, struct str text);
/* `text`, which must be a former result, with `more` behind it; cheap when it is the latest one. */
struct str arena_extend(struct arena *arena, struct str text, struct str more);

/* Forgets all copies at once; `cut` goes on counting. */
static inline void arena_rewind(struct arena *arena)
{
    arena->n = 0;
}

#endif
