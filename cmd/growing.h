/* The logs below a watched folder, and when each is to be converted: when it has rested for a moment after a change, or
 * at last when it has not changed for so long that its last session will not go on. It owns what is known of each file
 * and reads none. */
#ifndef CMD_GROWING_H
#define CMD_GROWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

struct growing_log {
    struct growing_log *next; /* of those that are to be served */
    char *path;
    dev_t device;
    ino_t inode;
    int64_t size, modified; /* bytes; ns since 1970: as it was looked at last */
    int64_t changed, due; /* ms of the monotonic clock: when the last change was seen, and when to serve it */
    int64_t since;        /* when the first change was seen that it has not been served for */
    uint64_t sweep;       /* in which it was seen last */
    bool waits;           /* it is in the list */
    bool gone;            /* there is no such file any more */
};

struct growing {
    void *paths, *inodes;      /* of tsearch(3); the second one holds those that are there */
    struct growing_log *waits; /* in no order */
    int64_t idle;              /* ms without a change after which a log is taken as it stands */
    uint64_t sweep;
};

void growing_free(struct growing *growing);
/* Looks at a path, which may be new, changed or gone; now: ms of the monotonic clock. False: out of memory. */
bool growing_look(struct growing *growing, const char *path, int64_t now);
/* Before every path is looked at, and after: those that were not are gone. */
void growing_sweep(struct growing *growing);
void growing_swept(struct growing *growing, int64_t now);
/* Takes those that are due out of the list, in the order of their paths; *due is the caller's to free. Answers how many;
 * -1: out of memory. */
ptrdiff_t growing_due(struct growing *growing, int64_t now, struct growing_log ***due);
/* Something of it is left that its program may go on with: it is due again when it idles, if it does not change before. */
void growing_leave(struct growing *growing, struct growing_log *log);
bool growing_idles(const struct growing *growing, const struct growing_log *log, int64_t now);
/* Where the log, which is gone from its path, is now; NULL: it was deleted. */
const struct growing_log *growing_find_moved(const struct growing *growing, const struct growing_log *gone);
/* ms until the next one is due, at most `most`. */
int growing_wait(const struct growing *growing, int64_t now, int most);

#endif
