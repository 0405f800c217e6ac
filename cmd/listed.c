/* Character by character into a room of fixed size: a list may be as long as it likes, and so may a line. */
#include "listed.h"

#include "signals.h"

#include <errno.h>
#include <string.h>

bool listed_open(struct listed *listed, const char *name, bool only_nul)
{
    listed->name = name;
    listed->only_nul = only_nul;
    listed->error = 0;
    listed->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    return listed->file != NULL;
}

/* A NUL ends a path in any case: no path holds one, and a list that was made for --null is read all the same. */
static bool is_end(const struct listed *listed, int c)
{
    return c == '\0' || (c == '\n' && !listed->only_nul);
}

const char *listed_next(struct listed *listed)
{
    size_t n = 0;
    int c = 0;
    errno = 0;
    /* a list may have no end, and nothing in it */
    while (!signals_stop && (c = getc_unlocked(listed->file)) != EOF && (n == 0 || !is_end(listed, c)))
        if (!is_end(listed, c) && n < PATH_MAX)
            listed->path[n++] = (char)c;
    if (c == EOF && ferror(listed->file))
        listed->error = errno ? errno : EIO;
    listed->path[n] = '\0';
    if (n == 0 || listed->error || signals_stop)
        return NULL;
    return strcmp(listed->path, "-") == 0 ? "./-" : listed->path;
}

void listed_close(struct listed *listed)
{
    if (listed->file && listed->file != stdin)
        fclose(listed->file);
    listed->file = NULL;
}
