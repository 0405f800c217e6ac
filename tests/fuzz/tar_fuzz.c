/* Hostile tars: whatever stands in a header, a name ends, bytes that were announced are looked for no farther than the
 * input goes, and the end has a reason. */
#include "input.h"
#include "source/tar.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What whoever converts the file does. */
static void read_file(struct tar *tar)
{
    char block[4096];
    uint64_t left = tar->size;
    ptrdiff_t got = 1;
    while (left > 0 && got > 0) {
        size_t step = left < sizeof(block) ? (size_t)left : sizeof(block);
        got = tar->source.class->read(&tar->source, block, step);
        left -= got > 0 ? (uint64_t)got : 0;
    }
}

/* The sum of each header is made right: else nothing behind it would ever be reached. */
static void mend(struct buf *bytes)
{
    for (size_t at = 0; at + TAR_BLOCK <= bytes->n; at += TAR_BLOCK) {
        unsigned sum = 0;
        char *header = bytes->p + at;
        if (header[0] == '\0')
            continue;
        memset(header + 148, ' ', 8);
        for (size_t i = 0; i < TAR_BLOCK; i++)
            sum += (unsigned char)header[i];
        for (int i = 5; i >= 0; i--, sum /= 8)
            header[148 + i] = (char)('0' + sum % 8);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tar tar;
    struct source source;
    struct buf bytes = { 0 };
    struct input input = input_of(data, size);
    size_t files = 0;
    /* a view of nothing is a view of something, too */
    tcplog_buf_room(&bytes, 1);
    tcplog_buf_add(&bytes, input.bytes);
    if (!(input.options & 1))
        mend(&bytes);
    source_open_dribble(&source, buf_str(&bytes));
    tar_open(&tar, source);
    while (tar_next(&tar)) {
        assert(tar.name[0] && tar.size <= INT64_MAX);
        assert(strlen(tar.name) <= TAR_EXTRA);
        files++;
        assert(files <= bytes.n / TAR_BLOCK);
        read_file(&tar);
    }
    assert(tar.end != TAR_GOES_ON && tar.end != TAR_UNREADABLE);
    tar_close(&tar);
    tcplog_buf_free(&bytes);
    return 0;
}
