/* What a path of the command line leads to, where that decides how it is written. */
#ifndef CMD_PLACES_H
#define CMD_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* "-", or NULL where nothing was named. */
static inline bool place_is_unnamed(const char *path)
{
    return !path || (path[0] == '-' && path[1] == '\0');
}

/* Standard output or standard error, where the path leads to what that is already, as /dev/stdout does; -1: it does not. */
int place_descriptor(const char *path);
/* Whether standard output is where it goes, and what goes there stays: all but a terminal and /dev/null. */
bool place_is_standard_output(const char *path);
/* Whether what is written there is a file that can be read afterwards, from its front to its end. */
bool place_reads_back(const char *path);

#endif
