/* The index beside a gzip file, so that a reader opens only the members that it needs. It is text:
 *
 *     tcplog-index 1
 *     <offset> <bytes> <CRC-32> <text's offset> <text's bytes> <what its writer told of it>       a line a member
 *     end <members> <bytes of the gzip file> <bytes of text> <CRC-32 of all lines before>
 *
 * Offsets count from 0; the CRC of a member is that in its trailer; CRCs have eight hexadecimal digits. */
#ifndef SINK_INDEX_H
#define SINK_INDEX_H

#include "sink/sink.h"
#include "tcplog/buf.h"

#include <stdint.h>

/* The first line. */
#define INDEX_BEGIN "tcplog-index 1"

/* How far a file and its index go, so that both can be gone on with. */
struct index_place {
    uint64_t members, offset, text; /* in the file: members, their bytes, bytes of text */
    uint64_t bytes;    /* of the lines of these members that have left, and of the first line … */
    unsigned long crc; /* … and their CRC */
};

struct index {
    struct sink *next; /* NULL: there is none, and nothing is kept */
    struct buf lines;
    struct index_place place;
    bool ended; /* the last line has left */
};

/* A member of so many bytes, the CRC of its text, `text` bytes of it, and what is told of it. */
void index_add(struct index *index, size_t member, uint32_t crc, size_t text, struct str about);
/* It is whole, and appears, here or at close; false: it cannot. Without keep it does not stay. */
bool index_appear(struct index *index);
enum tcplog_status index_close(struct index *index, bool keep);

#endif
