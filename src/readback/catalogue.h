/* The index beside a gzip file (sink/index.h), read line by line and held against the file: an index is believed only if
 * all of it fits the file's size and the trailer of every member. */
#ifndef READBACK_CATALOGUE_H
#define READBACK_CATALOGUE_H

#include "readback/query.h"
#include "readback/stream.h"

struct member {
    uint64_t offset, bytes; /* where it is in the file */
    struct extent extent;   /* views are valid until the next one is read */
};

enum catalogue_state { CATALOGUE_NONE, CATALOGUE_STALE, CATALOGUE_FITS };

struct catalogue {
    struct stream stream;
    int fd; /* of the gzip file */
    enum catalogue_state state;
    uint64_t members, offset, text, records; /* so far */
    uint64_t bytes;                          /* of the lines so far … */
    unsigned long crc;                       /* … and their CRC */
    bool ended;                              /* the last line was read, and fits */
};

/* Of the gzip file at `path`, which is open. */
void catalogue_open(struct catalogue *catalogue, const char *path, int fd);
/* Reads the index at `path` as far as it tells of the file's first `length` bytes; false: it does not tell of just these. */
bool catalogue_cover(struct catalogue *catalogue, const char *path, int fd, uint64_t length);
/* The next member; false: that was all, or, if not `ended`, it does not fit the file. */
bool catalogue_next(struct catalogue *catalogue, struct member *member);
void catalogue_close(struct catalogue *catalogue);

#endif
