/* --files-from: paths that stand in a file, one a line, or with a NUL behind each. */
#ifndef CMD_LISTED_H
#define CMD_LISTED_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct listed {
    const char *name;
    FILE *file;
    bool only_nul; /* a path may hold line feeds */
    int error;     /* errno of a read that failed */
    char path[PATH_MAX + 1];
};

/* A file, or "-" for standard input. False: errno says why. */
bool listed_open(struct listed *listed, const char *name, bool only_nul);
/* The next path, until the next call; NULL: the end, or `error`. A path that is too long for a file loses its end, but
 * stays too long. What is called "-" is a file of this name. */
const char *listed_next(struct listed *listed);
void listed_close(struct listed *listed);

#endif
