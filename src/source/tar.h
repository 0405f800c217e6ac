/* A tar as it goes by: it tells name and size of each file in it, and leaves the bytes to whoever reads the same source
 * next. So a file of a tar is an input like any other, of any size, without libarchive. It reads ustar, and what POSIX
 * (pax) and GNU tar put before an entry: long names, large sizes. Nothing comes out of it that did not go in, so it can be
 * no bomb. */
#ifndef SOURCE_TAR_H
#define SOURCE_TAR_H

#include "source/source.h"
#include "tcplog/buf.h"

enum { TAR_BLOCK = 512, TAR_EXTRA = 1 << 20 };

enum tar_end {
    TAR_GOES_ON,
    TAR_ENDED,
    TAR_TRAILING,   /* behind its end stand other bytes */
    TAR_DAMAGED,    /* it is no tar from here on, ends too early, or holds a sparse file */
    TAR_UNREADABLE, /* errno */
    TAR_MEMORY,
};

struct tar {
    struct source source;
    const char *name;     /* of the file whose bytes come next, or of the latest; "": there was none */
    uint64_t size;        /* its bytes */
    uint64_t passed_over; /* links, devices and the like */
    enum tar_end end;
    int error;
    size_t padding;         /* what stands behind those bytes */
    struct buf text, extra; /* `name`; what stands before an entry */
    /* of the next entry, as what stands before it has it */
    struct buf long_name;
    uint64_t long_size;
    bool sized;
};

/* The source is the tar's, but whoever reads the bytes of a file may read them from where the source does. */
void tar_open(struct tar *tar, struct source source);
/* Goes on to the next file; the `size` bytes of the one before have been read, or there were no more. False: see `end`. */
bool tar_next(struct tar *tar);
void tar_close(struct tar *tar);
/* Whether a block has the sum of a header. Some old programs took its bytes for signed. */
bool tar_sum_is_right(const char *header);

#endif
