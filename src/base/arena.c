/* The fixed arena of arena.h: one block, a mark that only rises until it is rewound. */
#include "base/arena.h"

#include <stdlib.h>

bool arena_make(struct arena *arena, size_t capacity)
{
    *arena = (struct arena){ .p = malloc(capacity), .capacity = capacity };
    return arena->p != NULL;
}

void arena_free(struct arena *arena)
{
    free(arena->p);
    *arena = (struct arena){ 0 };
}

struct str arena_cut(struct arena *arena, struct str text)
{
    arena->cut++;
    return arena_copy(arena, str_upto(text, arena->capacity - arena->n));
}

struct str arena_extend(struct arena *arena, struct str text, struct str more)
{
    /* not the latest piece? then it moves to the end first, and can grow there */
    if (text.p + text.n != arena->p + arena->n)
        text = arena_copy(arena, text);
    /* the copy lands right behind text, which ends where the arena did */
    text.n += arena_copy(arena, more).n;
    return text;
}
