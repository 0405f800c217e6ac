/* Member by member, with zlib: only where one ends is known how long it is. */
#include "reindex.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, BLOCK = 64 * 1024 };

struct members {
    int fd;
    uint64_t at, length; /* read so far; of all */
    z_stream inflater;
    struct buf text; /* of the member */
    size_t header;   /* of the next one */
    unsigned char block[BLOCK];
};

static bool read_block(struct members *members)
{
    uint64_t left = members->length - members->at;
    ssize_t got = pread(members->fd, members->block, left < BLOCK ? (size_t)left : BLOCK, (off_t)members->at);
    if (got <= 0)
        return false;
    members->at += (uint64_t)got;
    members->inflater.next_in = members->block;
    members->inflater.avail_in = (uInt)got;
    return true;
}

/* Fills `text`; false: this is no whole member of ours. */
static bool read_member(struct members *members)
{
    z_stream *inflater = &members->inflater;
    int result = inflateReset(inflater);
    members->text.n = 0;
    while (result == Z_OK && members->text.n <= STREAM_LINE_MOST) {
        char *to = tcplog_buf_room(&members->text, BLOCK);
        if (!to || (inflater->avail_in == 0 && !read_block(members)))
            return false;
        inflater->next_out = (Bytef *)to;
        inflater->avail_out = BLOCK;
        result = inflate(inflater, Z_NO_FLUSH);
        members->text.n += BLOCK - inflater->avail_out;
    }
    return result == Z_STREAM_END;
}

static bool note_member(struct members *members, struct scribe *scribe, struct index *index)
{
    const z_stream *inflater = &members->inflater;
    struct str text = buf_str(&members->text);
    size_t header = members->header;
    members->header = 0;
    if (text.n < header || !scribe_note(scribe, str_from(text, header), header))
        return false;
    index_add(index, inflater->total_in, (uint32_t)inflater->adler, text.n, roll_tell(&scribe->roll, text.n));
    return roll_status(&scribe->roll) == TCPLOG_OK;
}

static bool note_all(struct members *members, struct scribe *scribe, struct index *index)
{
    while (index->place.offset < members->length)
        if (!read_member(members) || !note_member(members, scribe, index))
            return false;
    return true;
}

enum tcplog_status reindex(int fd, uint64_t length, const char *path, struct scribe *scribe, size_t header,
                           struct index_place *place)
{
    struct index index = { 0 };
    enum tcplog_status status;
    struct members *members = calloc(1, sizeof(*members));
    if (!members || inflateInit2(&members->inflater, GZIP_WINDOW) != Z_OK) {
        free(members);
        return TCPLOG_MEMORY;
    }
    members->fd = fd;
    members->length = length;
    members->header = header;
    /* the one that is there goes when this one is whole */
    index.next = sink_file(path, true, &status);
    bool good = index.next && note_all(members, scribe, &index);
    if (index.next) {
        enum tcplog_status closed = index_close(&index, good);
        status = good ? closed : TCPLOG_UNREADABLE;
    }
    *place = index.place;
    int error = errno;
    inflateEnd(&members->inflater);
    tcplog_buf_free(&members->text);
    free(members);
    errno = error;
    return status;
}
