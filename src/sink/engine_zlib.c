/* zlib: on every machine, and the smaller files. */
#include "sink/engine.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 6, LEVEL_MOST = 9, GZIP_WINDOW = 15 + 16, MEMORY = 8 };

struct work {
    z_stream stream;
    gz_header header;
};

static void *zlib_open(int level)
{
    struct work *work = calloc(1, sizeof(*work));
    if (!work)
        return NULL;
    work->header.os = GZIP_OS_UNKNOWN;
    int made = deflateInit2(&work->stream, level ? level : LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY,
                            Z_DEFAULT_STRATEGY);
    if (made == Z_OK)
        return work;
    free(work);
    return NULL;
}

static size_t zlib_room(void *state, size_t n)
{
    struct work *work = state;
    /* behind a member it does not count the ends of a gzip file any more */
    return deflateBound(&work->stream, (uLong)n) + GZIP_HEADER + GZIP_TRAILER;
}

static size_t zlib_pack(void *state, struct str text, unsigned char *to, size_t room)
{
    struct work *work = state;
    z_stream *stream = &work->stream;
    deflateReset(stream);
    deflateSetHeader(stream, &work->header);
    stream->next_in = (Bytef *)(uintptr_t)text.p;
    stream->avail_in = (uInt)text.n;
    stream->next_out = to;
    stream->avail_out = (uInt)room;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? stream->total_out : 0;
}

static void zlib_close(void *state)
{
    struct work *work = state;
    deflateEnd(&work->stream);
    free(work);
}

const struct engine engine_zlib = {
    .name = "zlib",
    .levels = LEVEL_MOST,
    .open = zlib_open,
    .room = zlib_room,
    .pack = zlib_pack,
    .close = zlib_close,
};
