/* Memory that is filled from the front and emptied at once, or from its oldest end: strings that must outlive the reader's
 * block. Its size is fixed at birth, so that memory stays bounded; what no longer fits is cut and counted. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/copy.h"
#include "tcplog/str.h"

#include <stdint.h>

/*    p ─── oldest ─────────► n ────────────► limit = capacity      p ─────► n ────────► limit, oldest ─────────► capacity
 *     free         given out         free                            given out   free              given out
 *
 * Behind the end it goes on in front, where that was given back. A copy is always in one piece. */
struct arena {
    char *p;
    size_t n, limit, oldest, capacity;
    bool wrapped;
    uint64_t cut; /* copies that did not fit whole */
};

/* Whether there was memory for it. */
bool arena_make(struct arena *arena, size_t capacity);
/* Gives the memory back, and all copies with it. */
void arena_free(struct arena *arena);
/* Forgets all copies but those made since arena.n was `oldest`; it must not go back. */
void arena_release(struct arena *arena, size_t oldest);
/* Bytes that are left, perhaps in two pieces. */
size_t arena_room(const struct arena *arena);
/* A text that is replaced again and again: the latest copy, `text`, moves to where the old one is if it fits into its *room,
 * which was 0 at first, and takes no more memory then. */
struct str arena_replace(struct arena *arena, struct str old, size_t *room, struct str text);
/* As much of text as fits; arena_copy() where it does not fit behind the latest. */
struct str arena_cut(struct arena *arena, struct str text);
/* `text`, which must be a former result, with `more` behind it; cheap when it is the latest one. */
struct str arena_extend(struct arena *arena, struct str text, struct str more);
/* The same with a line feed between the two. */
struct str arena_extend_line(struct arena *arena, struct str text, struct str more);

/* ASCII letters of `text`, which must be a former result, in upper case. */
struct str arena_upper(struct arena *arena, struct str text);

/* Most texts are short, and a call costs more than they do. */
static inline void arena_put(char *to, const char *p, size_t n)
{
    enum { SHORT = 16 };
    if (n <= SHORT)
        copy_short(to, p, n);
    else
        memcpy(to, p, n);
}

/* A copy of text, or of as much of it as fits, which may end within a character. It dies when the arena is rewound. */
static inline struct str arena_copy(struct arena *arena, struct str text)
{
    char *to = arena->p + arena->n;
    if (text.n > arena->limit - arena->n)
        return arena_cut(arena, text);
    arena_put(to, text.p, text.n);
    arena->n += text.n;
    return (struct str){ to, text.n };
}

/* Forgets all copies at once; `cut` goes on counting. */
static inline void arena_rewind(struct arena *arena)
{
    arena->n = arena->oldest = 0;
    arena->limit = arena->capacity;
    arena->wrapped = false;
}

#endif
