/* gzip (RFC 1952) by zlib: MTIME 0, no name, the OS byte fixed, so that the same export gives the same bytes on the
 * same zlib. It owns the compressor and hands the result to the next sink. */
#include "sink/sink.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { LEVEL = 6, GZIP_WINDOW = 15 + 16, MEMORY = 8, CHUNK = 64 * 1024, OS_UNKNOWN = 255 };

struct gzip_sink {
    struct sink sink;
    struct sink *next;
    z_stream stream;
    gz_header header;
    unsigned char chunk[CHUNK];
};

static void deflate_all(struct gzip_sink *gzip, int flush)
{
    int result;
    do {
        gzip->stream.next_out = gzip->chunk;
        gzip->stream.avail_out = CHUNK;
        result = deflate(&gzip->stream, flush);
        struct str bytes = { (const char *)gzip->chunk, CHUNK - gzip->stream.avail_out };
        gzip->next->class->write(gzip->next, bytes);
    } while (gzip->stream.avail_out == 0 && result != Z_STREAM_END && gzip->next->status == TCPLOG_OK);
    gzip->sink.status = gzip->next->status;
    gzip->sink.error = gzip->next->error;
}

static void gzip_write(struct sink *sink, struct str bytes)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    enum { STEP = 1 << 30 }; /* zlib counts in unsigned int */
    while (bytes.n && sink->status == TCPLOG_OK) {
        size_t n = bytes.n < STEP ? bytes.n : STEP;
        gzip->stream.next_in = (unsigned char *)(uintptr_t)bytes.p;
        gzip->stream.avail_in = (unsigned)n;
        deflate_all(gzip, Z_NO_FLUSH);
        bytes = str_from(bytes, n);
    }
}

static enum tcplog_status gzip_close(struct sink *sink, bool keep)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    gzip->stream.avail_in = 0;
    if (keep && sink->status == TCPLOG_OK)
        deflate_all(gzip, Z_FINISH);
    deflateEnd(&gzip->stream);
    enum tcplog_status status = gzip->next->class->close(gzip->next, keep && sink->status == TCPLOG_OK);
    free(gzip);
    return status;
}

static const struct sink_class gzip_class = {
    .name = "gzip",
    .write = gzip_write,
    .close = gzip_close,
};

struct sink *sink_gzip(struct sink *next, enum tcplog_status *status)
{
    struct gzip_sink *gzip = calloc(1, sizeof(*gzip));
    if (gzip &&
        deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) == Z_OK) {
        gzip->sink.class = &gzip_class;
        gzip->next = next;
        gzip->header.os = OS_UNKNOWN;
        deflateSetHeader(&gzip->stream, &gzip->header);
        return &gzip->sink;
    }
    free(gzip);
    next->class->close(next, false);
    *status = TCPLOG_MEMORY;
    return NULL;
}
