/* gzip (RFC 1952) by zlib: libarchive would drop up to 64 KiB of good text in front of a damage. Any number of members,
 * and zeros behind the last one (tapes), are one stream. */
#include "source/layer.h"

#include <errno.h>
#include <limits.h>

enum { GZIP_WINDOW = 15 + 16 /* gzip only, largest window */ };

static bool gunzip_open(struct layer *layer)
{
    z_stream *inflater = &layer->inflater;
    if (!layer->inflates)
        layer->inflates = inflateInit2(inflater, GZIP_WINDOW) == Z_OK;
    else
        inflateReset(inflater);
    layer->trouble = layer->inflates ? TROUBLE_NONE : TROUBLE_MEMORY;
    return layer->inflates;
}

static bool gunzip_next(struct layer *layer)
{
    bool first = !layer->begun;
    layer->begun = true;
    return first;
}

static void end_by(struct layer *layer, enum trouble trouble)
{
    layer->over = true;
    layer->trouble = trouble;
}

/* Behind a member: another one, padding, the end, or foreign bytes. */
static void go_on(struct layer *layer)
{
    do
        while (layer->at < layer->end && layer->block[layer->at] == '\0')
            layer->at++;
    while (layer->at == layer->end && layer_fill(layer));
    if (layer->at == layer->end)
        end_by(layer, TROUBLE_NONE);
    else if (layer->block[layer->at] == '\x1F')
        inflateReset(&layer->inflater);
    else
        end_by(layer, TROUBLE_TRAILING);
}

static void inflate_some(struct layer *layer)
{
    z_stream *inflater = &layer->inflater;
    uInt room = inflater->avail_out;
    bool more = layer->at < layer->end || layer_fill(layer);
    inflater->next_in = (Bytef *)layer->block + layer->at;
    inflater->avail_in = (uInt)(layer->end - layer->at);
    int result = inflate(inflater, Z_NO_FLUSH);
    layer->at = layer->end - inflater->avail_in;
    if (result == Z_STREAM_END)
        go_on(layer);
    else if (result != Z_OK && result != Z_BUF_ERROR)
        end_by(layer, result == Z_MEM_ERROR ? TROUBLE_MEMORY : TROUBLE_DAMAGED);
    /* it may hold some text yet when the last byte is in */
    else if (!more && inflater->avail_out == room)
        end_by(layer, TROUBLE_DAMAGED);
}

static ptrdiff_t gunzip_read(struct layer *layer, void *to, size_t n)
{
    z_stream *inflater = &layer->inflater;
    uInt room = n < INT_MAX ? (uInt)n : INT_MAX;
    inflater->next_out = to;
    inflater->avail_out = room;
    while (inflater->avail_out == room && !layer->over)
        inflate_some(layer);
    if (inflater->avail_out == room && layer->error) {
        errno = layer->error;
        return -1;
    }
    return (ptrdiff_t)(room - inflater->avail_out);
}

/* Its working memory stays for the next one. */
static void gunzip_close(struct layer *layer)
{
    (void)layer;
}

const struct layer_class layer_gunzip = {
    .open = gunzip_open,
    .next = gunzip_next,
    .read = gunzip_read,
    .close = gunzip_close,
};
