/* What compresses a member of a gzip file (RFC 1952), whole and on its own: header with MTIME 0, no name and no system,
 * deflate data, CRC and length. So the same text gives the same bytes, on the same version of the same library. */
#ifndef SINK_ENGINE_H
#define SINK_ENGINE_H

#include "tcplog/buf.h"

/* The fixed parts of a member, and the byte for "no system". */
enum { GZIP_HEADER = 10, GZIP_TRAILER = 8, GZIP_OS_UNKNOWN = 255 };

struct engine {
    const char *name;
    int levels; /* levels from 1 to this one may be asked for; 0: it has one way to compress */
    /* Working memory for one member after the other; NULL: no memory. Level 0 is the engine's own choice.
     * The function is NULL where the library was not there when this was built. */
    void *(*open)(int level);
    /* Bytes that a member of n bytes of text, at most 2 GiB, may take. */
    size_t (*room)(void *state, size_t n);
    /* Writes a member into that room; answers its bytes, 0 if the library failed. */
    size_t (*pack)(void *state, struct str text, unsigned char *to, size_t room);
    void (*close)(void *state);
};

extern const struct engine engine_isal, engine_zlib;

/* Number i, the fastest first, built in or not; NULL past the last. */
const struct engine *engine_at(size_t i);
/* NULL: there is none of this name. */
const struct engine *engine_named(const char *name);
/* The fastest one that is built in. */
const struct engine *engine_best(void);
/* Makes a member in `packed`, whatever was there; none if there is no memory, which `state` may be for, too. */
struct str engine_pack(const struct engine *engine, void *state, struct str text, struct buf *packed);

#endif
