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

struct str arena_extend_line(struct arena *arena, struct str text, struct str more)
{
    bool latest = text.p + text.n == arena->p + arena->n;
    if (!latest || more.n >= arena->capacity - arena->n)
        return arena_extend(arena, arena_extend(arena, text, STR("\n")), more);
    char *to = arena->p + arena->n;
    *to = '\n';
    arena_put(to + 1, more.p, more.n);
    arena->n += 1 + more.n;
    return (struct str){ text.p, text.n + 1 + more.n };
}

struct str arena_upper(struct arena *arena, struct str text)
{
    char *at = arena->p + (text.p - arena->p);
    for (size_t i = 0; i < text.n; i++)
        if (at[i] >= 'a' && at[i] <= 'z')
            at[i] = (char)(at[i] - 'a' + 'A');
    return text;
}
