/* Where bytes come from. A source is a read function and what it needs; it knows nothing of lines. */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "base/fingerprint.h"
#include "tcplog/status.h"
#include "tcplog/str.h"

#include <signal.h>
#include <sys/stat.h>

struct source;

struct source_class {
    const char *name;
    /* Up to n bytes to `to`; 0 at the end, -1 on failure (errno says why). */
    ptrdiff_t (*read)(struct source *source, void *to, size_t n);
    void (*close)(struct source *source);
};

struct source {
    const struct source_class *class;
    int fd;                            /* file */
    const volatile sig_atomic_t *stop; /* NULL, or: give up waiting when it is set */
    struct str rest;                   /* memory: what is not read yet */
    struct fingerprint *print;         /* file: NULL, or is shown all that is read */
};

/* A file, or "-" for standard input. False: errno says why. */
bool source_open_file(struct source *source, const char *path, const volatile sig_atomic_t *stop);
/* Whether it reads this very file. */
bool source_is(const struct source *source, const struct stat *file);
/* Bytes that the caller keeps alive. */
void source_open_memory(struct source *source, struct str bytes);

#endif
