/* ISA-L's igzip: several times as fast as zlib at its lowest level. Built where the header is; the library is asked for
 * nothing but members. */
#include "sink/engine.h"

#if __has_include(<isa-l/igzip_lib.h>)

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

/* Levels 2 and 3 cost more time than the bytes that they save are worth: those who want smaller files take zlib. */
enum { LEVEL = 1, WORK = ISAL_DEF_LVL1_DEFAULT };
/* Text that does not shrink is stored, in blocks of 64 KiB at most with 5 bytes in front of each. */
enum { STORED_BLOCK = 32 * 1024, STORED_HEAD = 8, ENDS = 64 };

struct work {
    struct isal_zstream stream;
    uint8_t level[WORK];
};

static void *isal_open(int level)
{
    (void)level;
    return malloc(sizeof(struct work));
}

static size_t isal_room(void *state, size_t n)
{
    (void)state;
    return n + (n / STORED_BLOCK + 1) * STORED_HEAD + ENDS;
}

static size_t isal_pack(void *state, struct str text, unsigned char *to, size_t room)
{
    struct work *work = state;
    struct isal_zstream *stream = &work->stream;
    /* it looks for matches where the text before this one had some: which it finds must not depend on that one */
    memset(work, 0, sizeof(*work));
    isal_deflate_stateless_init(stream);
    stream->gzip_flag = IGZIP_GZIP;
    stream->level = LEVEL;
    stream->level_buf = work->level;
    stream->level_buf_size = WORK;
    stream->end_of_stream = 1;
    stream->next_in = (uint8_t *)(uintptr_t)text.p;
    stream->avail_in = (uint32_t)text.n;
    stream->next_out = to;
    stream->avail_out = (uint32_t)room;
    return isal_deflate_stateless(stream) == COMP_OK && stream->avail_in == 0 ? stream->total_out : 0;
}

static void isal_close(void *state)
{
    free(state);
}

const struct engine engine_isal = {
    .name = "isal",
    .open = isal_open,
    .room = isal_room,
    .pack = isal_pack,
    .close = isal_close,
};

#else

const struct engine engine_isal = { .name = "isal" };

#endif
