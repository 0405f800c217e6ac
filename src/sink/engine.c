/* The list of engines, and the room for what they make. */
#include "sink/engine.h"

enum { ENGINES = 2 };
static const struct engine *const engines[ENGINES] = { &engine_isal, &engine_zlib };

const struct engine *engine_at(size_t i)
{
    return i < ENGINES ? engines[i] : NULL;
}

const struct engine *engine_named(const char *name)
{
    size_t i = 0;
    while (i < ENGINES && strcmp(engines[i]->name, name) != 0)
        i++;
    return engine_at(i);
}

const struct engine *engine_best(void)
{
    return engine_isal.open ? &engine_isal : &engine_zlib;
}

struct str engine_pack(const struct engine *engine, void *state, struct str text, struct buf *packed)
{
    size_t room = state ? engine->room(state, text.n) : 0;
    packed->n = 0;
    char *to = room ? tcplog_buf_room(packed, room) : NULL;
    if (to)
        packed->n = engine->pack(state, text, (unsigned char *)to, room);
    return buf_str(packed);
}
