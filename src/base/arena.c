/* The fixed arena of arena.h: one block, filled round and round as far as its oldest part has been given back. */
#include "base/arena.h"

#include <stdlib.h>

bool arena_make(struct arena *arena, size_t capacity)
{
    *arena = (struct arena){ .p = malloc(capacity), .limit = capacity, .capacity = capacity };
    return arena->p != NULL;
}

void arena_free(struct arena *arena)
{
    free(arena->p);
    *arena = (struct arena){ 0 };
}

void arena_release(struct arena *arena, size_t oldest)
{
    /* what is in front now is younger than all that was behind it */
    if (arena->wrapped && oldest < arena->oldest) {
        arena->wrapped = false;
        arena->limit = arena->capacity;
    }
    arena->oldest = oldest;
    if (arena->wrapped)
        arena->limit = oldest - 1;
}

size_t arena_room(const struct arena *arena)
{
    return arena->limit - arena->n + (arena->wrapped ? 0 : arena->oldest);
}

/* Goes on in front, if there is room for n bytes. One byte stays free, so that n and oldest tell full from empty. */
static bool wrap(struct arena *arena, size_t n)
{
    if (arena->wrapped || n >= arena->oldest)
        return false;
    arena->wrapped = true;
    arena->n = 0;
    arena->limit = arena->oldest - 1;
    return true;
}

/* Right behind the latest copy, whatever fits there. */
static struct str put_behind(struct arena *arena, struct str text)
{
    size_t room = arena->limit - arena->n;
    arena->cut += text.n > room;
    return arena_copy(arena, str_upto(text, text.n < room ? text.n : room));
}

struct str arena_cut(struct arena *arena, struct str text)
{
    return wrap(arena, text.n) ? arena_copy(arena, text) : put_behind(arena, text);
}

struct str arena_extend(struct arena *arena, struct str text, struct str more)
{
    bool latest = text.p + text.n == arena->p + arena->n;
    bool fits = more.n <= arena->limit - arena->n;
    /* not the latest piece, or at the end? then it moves first, and can grow there */
    if (!latest || (!fits && wrap(arena, text.n + more.n)))
        text = arena_copy(arena, text);
    text.n += put_behind(arena, more).n;
    return text;
}

struct str arena_extend_line(struct arena *arena, struct str text, struct str more)
{
    bool latest = text.p + text.n == arena->p + arena->n;
    if (!latest || more.n >= arena->limit - arena->n)
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

struct str arena_replace(struct arena *arena, struct str old, size_t *room, struct str text)
{
    if (text.n == 0)
        return text;
    if (text.n > *room) {
        *room = text.n;
        return text;
    }
    arena->n = (size_t)(text.p - arena->p);
    memmove(arena->p + (old.p - arena->p), text.p, text.n);
    return (struct str){ old.p, text.n };
}
