/* Bytes that are already in memory, as a source: for tests and for programs that hold a log. */
#include "source/source.h"

static ptrdiff_t memory_read(struct source *source, void *to, size_t n)
{
    size_t step = n < source->rest.n ? n : source->rest.n;
    if (step)
        memcpy(to, source->rest.p, step);
    source->rest = str_from(source->rest, step);
    return (ptrdiff_t)step;
}

static void memory_close(struct source *source)
{
    source->rest = (struct str){ 0 };
}

static const struct source_class memory_class = {
    .name = "memory",
    .read = memory_read,
    .close = memory_close,
};

void source_open_memory(struct source *source, struct str bytes)
{
    *source = (struct source){ .class = &memory_class, .fd = -1, .rest = bytes };
}
