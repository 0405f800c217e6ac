/* ISA-L's igzip: two to three times as fast as zlib. Built where the header is. */
#include "source/inflate.h"

#if __has_include(<isa-l/igzip_lib.h>)

#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

/* Flags that nobody has a meaning for may say that more stands in front of the text (RFC 1952, 2.3.1.2). */
enum { FLAGS_AT = 3, FLAGS_RESERVED = 0xE0 };

struct state {
    struct inflate_state inflate;
    unsigned seen; /* bytes of the header, up to its flags */
};

static void *isal_make(void)
{
    return malloc(sizeof(struct state));
}

static void isal_begin(void *state)
{
    struct state *own = state;
    isal_inflate_init(&own->inflate);
    own->inflate.crc_flag = ISAL_GZIP;
    own->seen = 0;
}

static bool flags_are_known(struct state *own, const struct flow *flow)
{
    for (size_t i = 0; i < flow->in_n && own->seen <= FLAGS_AT; i++, own->seen++)
        if (own->seen == FLAGS_AT && (flow->in[i] & FLAGS_RESERVED))
            return false;
    return true;
}

static uint32_t step_of(size_t n)
{
    return n < INT_MAX ? (uint32_t)n : INT_MAX;
}

static enum inflated isal_step(void *state, struct flow *flow)
{
    struct state *own = state;
    struct inflate_state *inflate = &own->inflate;
    if (!flags_are_known(own, flow))
        return INFLATED_BROKEN;
    uint32_t in_n = step_of(flow->in_n), out_n = step_of(flow->out_n);
    inflate->next_in = (uint8_t *)(uintptr_t)flow->in;
    inflate->avail_in = in_n;
    inflate->next_out = (uint8_t *)flow->out;
    inflate->avail_out = out_n;
    int result = isal_inflate(inflate);
    flow->in += in_n - inflate->avail_in;
    flow->in_n -= in_n - inflate->avail_in;
    flow->out += out_n - inflate->avail_out;
    flow->out_n -= out_n - inflate->avail_out;
    if (result == ISAL_INCORRECT_CHECKSUM && inflate->block_state == ISAL_BLOCK_FINISH)
        return INFLATED_WRONG;
    if (result < 0)
        return INFLATED_BROKEN;
    return inflate->block_state == ISAL_BLOCK_FINISH ? INFLATED_MEMBER : INFLATED_ON;
}

static void isal_unmake(void *state)
{
    free(state);
}

const struct inflater inflater_isal = {
    .name = "isal",
    .make = isal_make,
    .begin = isal_begin,
    .step = isal_step,
    .unmake = isal_unmake,
};

#else

const struct inflater inflater_isal = { .name = "isal" };

#endif
