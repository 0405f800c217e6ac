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
/* The first bytes go into a block of their own. In ISA-L 2.30 (igzip_icf_body_h1_gr_bt.asm) the fast loop, where it meets
 * the first byte of a stream, takes a part of the stream's address for text, and which match it finds later can depend on
 * that. What is this short goes another way, and the loop never meets the first byte. */
enum { FIRST = 8 };

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

/* Where the text before this one had matches it would look for some: the tables begin empty. */
static void begin(struct work *work)
{
    struct isal_zstream *stream = &work->stream;
    memset(stream, 0, sizeof(*stream));
    memset(work->level, 0, ISAL_DEF_LVL1_REQ);
    isal_deflate_init(stream);
    stream->gzip_flag = IGZIP_GZIP;
    stream->level = LEVEL;
    stream->level_buf = work->level;
    stream->level_buf_size = WORK;
}

static bool feed(struct isal_zstream *stream, struct str text, bool last)
{
    stream->next_in = (uint8_t *)(uintptr_t)text.p;
    stream->avail_in = (uint32_t)text.n;
    stream->flush = last ? NO_FLUSH : SYNC_FLUSH;
    stream->end_of_stream = last;
    return isal_deflate(stream) == COMP_OK && stream->avail_in == 0;
}

static size_t isal_pack(void *state, struct str text, unsigned char *to, size_t room)
{
    struct work *work = state;
    struct isal_zstream *stream = &work->stream;
    size_t first = text.n < FIRST ? text.n : FIRST;
    begin(work);
    stream->next_out = to;
    stream->avail_out = (uint32_t)room;
    bool done = feed(stream, str_upto(text, first), false) && feed(stream, str_from(text, first), true) &&
                stream->internal_state.state == ZSTATE_END;
    return done ? stream->total_out : 0;
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
