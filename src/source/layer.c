/* A layer's block of packed bytes, and its beginning and end; what they mean is its class's. */
#include "source/layer.h"

#include "base/stop.h"
#include "source/inflate.h"

#include <errno.h>
#include <stdlib.h>

static bool make_room(struct layer *layer, size_t n)
{
    size_t room = (n > LAYER_BLOCK ? n : LAYER_BLOCK) + LAYER_AHEAD;
    if (layer->room >= room)
        return true;
    char *block = realloc(layer->block, room);
    if (!block)
        return false;
    layer->block = block;
    layer->room = room;
    return true;
}

bool layer_begin(struct layer *layer, struct source below, struct str head)
{
    if (!make_room(layer, head.n))
        return false;
    memcpy(layer->block, head.p, head.n);
    *layer = (struct layer){ .class = layer->class,
                             .magic = layer->magic,
                             .library = layer->library,
                             .below = below,
                             .block = layer->block,
                             .room = layer->room,
                             .end = head.n,
                             .read = head.n,
                             .inflation = layer->inflation };
    return true;
}

static bool read_more(struct layer *layer, size_t n)
{
    struct source *below = &layer->below;
    ptrdiff_t got = -1;
    errno = EINTR;
    /* what libarchive passes over it reads in one go, however long that takes */
    if (!stop_is_set(below->stop))
        got = below->class->read(below, layer->block + layer->end, n);
    if (got < 0)
        layer->error = errno;
    layer->end += got > 0 ? (size_t)got : 0;
    layer->read += got > 0 ? (size_t)got : 0;
    return got > 0;
}

bool layer_fill(struct layer *layer)
{
    layer->at = layer->end = 0;
    /* a head may be longer than a block; what comes later should stay in the cache */
    return read_more(layer, LAYER_BLOCK);
}

bool layer_add(struct layer *layer)
{
    return layer->end < layer->room && read_more(layer, layer->room - layer->end);
}

void layer_end(struct layer *layer)
{
    layer->class->close(layer);
    layer->below.class->close(&layer->below);
}

void layer_free(struct layer *layer)
{
    if (layer->inflation)
        inflater_best()->unmake(layer->inflation);
    free(layer->block);
    free(layer);
}
