/* libarchive, loaded when the first archive is met: linked, it and the seven libraries behind it would cost every run
 * more than a small log does (5 million instructions, 127 system calls). */
#ifndef SOURCE_LIBARCHIVE_H
#define SOURCE_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdbool.h>

struct libarchive {
    void *handle;   /* NULL: not loaded */
    locale_t names; /* names of entries are taken as UTF-8: the process's own locale has no say */
#define FUNCTION(name) __typeof__(archive_##name) *name;
#include "source/libarchive.def"
#undef FUNCTION
};

/* Loads it if it is not loaded yet. False: it is not on this machine. */
bool libarchive_load(struct libarchive *library);
void libarchive_unload(struct libarchive *library);

#endif
