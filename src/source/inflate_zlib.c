/* zlib: on every machine. */
#include "source/inflate.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16 /* gzip only, largest window */, LENGTH = 4 };

static void *zlib_make(void)
{
    z_stream *stream = calloc(1, sizeof(*stream));
    if (stream && inflateInit2(stream, GZIP_WINDOW) == Z_OK)
        return stream;
    free(stream);
    return NULL;
}

static void zlib_begin(void *state)
{
    inflateReset(state);
}

static uInt step_of(size_t n)
{
    return n < INT_MAX ? (uInt)n : INT_MAX;
}

/* The text was whole where only what stands behind it is wrong: its checksum, and 4 bytes of length, which are not taken
 * if that was. */
static enum inflated fault_of(const z_stream *stream, struct flow *flow)
{
    bool checksum = stream->msg && strcmp(stream->msg, "incorrect data check") == 0;
    flow->behind = checksum ? LENGTH : 0;
    return checksum || (stream->msg && strcmp(stream->msg, "incorrect length check") == 0) ? INFLATED_WRONG
                                                                                           : INFLATED_BROKEN;
}

static enum inflated zlib_step(void *state, struct flow *flow)
{
    z_stream *stream = state;
    uInt in_n = step_of(flow->in_n), out_n = step_of(flow->out_n);
    stream->next_in = (Bytef *)(uintptr_t)flow->in;
    stream->avail_in = in_n;
    stream->next_out = (Bytef *)flow->out;
    stream->avail_out = out_n;
    int result = inflate(stream, Z_NO_FLUSH);
    flow->in += in_n - stream->avail_in;
    flow->in_n -= in_n - stream->avail_in;
    flow->out += out_n - stream->avail_out;
    flow->out_n -= out_n - stream->avail_out;
    switch (result) {
    case Z_STREAM_END: return INFLATED_MEMBER;
    case Z_OK:
    case Z_BUF_ERROR: return INFLATED_ON;
    case Z_MEM_ERROR: return INFLATED_NO_MEMORY;
    default: return fault_of(stream, flow);
    }
}

static void zlib_unmake(void *state)
{
    inflateEnd(state);
    free(state);
}

const struct inflater inflater_zlib = {
    .name = "zlib",
    .make = zlib_make,
    .begin = zlib_begin,
    .step = zlib_step,
    .unmake = zlib_unmake,
};
