/* gzip (RFC 1952), not by libarchive: that would drop up to 64 KiB of good text in front of a damage. Any number of
 * members, and zeros behind the last one (tapes), are one stream. */
#include "source/layer.h"

#include "source/inflate.h"

#include <errno.h>

/* Its working memory stays for the next one. */
static bool gunzip_open(struct layer *layer)
{
    if (!layer->inflation)
        layer->inflation = inflater_best()->make();
    layer->trouble = layer->inflation ? TROUBLE_NONE : TROUBLE_MEMORY;
    if (layer->inflation)
        inflater_best()->begin(layer->inflation);
    return layer->inflation != NULL;
}

static bool gunzip_next(struct layer *layer)
{
    bool first = !layer->begun;
    layer->begun = true;
    return first;
}

/* What was wrong with a member before is told, and nothing else. */
static void end_by(struct layer *layer, enum trouble trouble)
{
    layer->over = true;
    if (layer->trouble == TROUBLE_NONE)
        layer->trouble = trouble;
}

static void pass_over(struct layer *layer, size_t n)
{
    while (n > 0 && (layer->at < layer->end || layer_fill(layer))) {
        layer->at++;
        n--;
    }
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
        inflater_best()->begin(layer->inflation);
    else
        end_by(layer, TROUBLE_TRAILING);
}

static void inflate_some(struct layer *layer, struct flow *flow)
{
    size_t room = flow->out_n;
    bool more = layer->at < layer->end || layer_fill(layer);
    flow->in = layer->block + layer->at;
    flow->in_n = layer->end - layer->at;
    enum inflated result = inflater_best()->step(layer->inflation, flow);
    layer->at = layer->end - flow->in_n;
    if (result == INFLATED_WRONG) {
        layer->trouble = TROUBLE_DAMAGED;
        pass_over(layer, flow->behind);
    }
    if (result == INFLATED_MEMBER || result == INFLATED_WRONG)
        go_on(layer);
    else if (result != INFLATED_ON)
        end_by(layer, result == INFLATED_BROKEN ? TROUBLE_DAMAGED : TROUBLE_MEMORY);
    /* it may hold some text yet when the last byte is in */
    else if (!more && flow->out_n == room)
        end_by(layer, TROUBLE_DAMAGED);
}

static ptrdiff_t gunzip_read(struct layer *layer, void *to, size_t n)
{
    struct flow flow = { .out = to, .out_n = n };
    while (flow.out_n == n && !layer->over)
        inflate_some(layer, &flow);
    if (flow.out_n == n && layer->error) {
        errno = layer->error;
        return -1;
    }
    return (ptrdiff_t)(n - flow.out_n);
}

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
