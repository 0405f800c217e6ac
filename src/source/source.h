/* Where bytes come from. A source is a read function and what it needs; it knows nothing of lines. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/fingerprint.h"
#include "tcplog/status.h"
#include "tcplog/str.h"

#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>

struct cut;
struct layer;
struct members;
struct source;

struct source_class {
    const char *name;
    /* Up to n bytes to `to`; 0 at the end, -1 on failure (errno says why). */
    ptrdiff_t (*read)(struct source *source, void *to, size_t n);
    /* As lseek(2); NULL: it only goes on. */
    int64_t (*seek)(struct source *source, int64_t offset, int whence);
    void (*close)(struct source *source);
};

struct source {
    const struct source_class *class;
    int fd;                            /* file */
    uint64_t left;                     /* file: as many bytes of it are still to be read at most */
    const volatile sig_atomic_t *stop; /* NULL, or: give up waiting when it is set */
    struct str rest;                   /* memory: what is not read yet */
    uint64_t at, to;                   /* part, piece: what is read next, and where to end */
    struct cut *cut;                   /* piece: who knows where it ends */
    struct members *members;           /* member of an archive: who counts its bytes, */
    struct layer *layer;               /* and who decodes them */
    uint64_t *tally; /* file, part, piece: NULL, or grows by what is read, whoever else adds to it */
    struct fingerprint *print; /* file: NULL, or is shown all that is read */
};

/* A file, or "-" for standard input. False: errno says why. */
bool source_open_file(struct source *source, const char *path, const volatile sig_atomic_t *stop);
/* The next so many bytes of standard input. Those that nobody has read when it is closed are passed over: behind them stands
 * what comes next. */
void source_open_next(struct source *source, uint64_t bytes, const volatile sig_atomic_t *stop);
/* The bytes of an open file from number `from` to number `to`, or to its end. The file is the caller's to close. */
void source_open_part(struct source *source, int fd, uint64_t from, uint64_t to);
/* Bytes of a regular file that is open; UINT64_MAX: it is none. */
uint64_t source_size(const struct source *source);
/* Whether it reads this very file. */
bool source_is(const struct source *source, const struct stat *file);
/* Bytes that the caller keeps alive. */
void source_open_memory(struct source *source, struct str bytes);

#endif
