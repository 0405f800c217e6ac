/* What is known of the logs below a watched folder from one look to the next: how each was when it was looked at, and how
 * much of it is over. It reads no more of a log than it must to know that. */
#ifndef CMD_GROWING_H
#define CMD_GROWING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct growing_log {
    char *path;
    dev_t device;
    ino_t inode;
    int64_t size, modified; /* bytes; ns since 1970 */
    uint64_t finished;      /* bytes that can be converted for good */
    uint64_t told;          /* the last line that a problem was told of */
    uint64_t look;          /* in which it was seen last */
    bool measured;          /* `finished` is of the log as it is */
    bool fresh;             /* it was not there the look before */
};

struct growing {
    void *tree;    /* of tsearch(3), by path */
    uint64_t look; /* the how manieth look at all of them it is */
    int64_t idle;  /* ms without a change after which a log is taken as it stands */
    int64_t next;  /* ms of CLOCK_REALTIME when the next one will have idled; INT64_MAX: none waits */
};

void growing_free(struct growing *growing);
/* All logs are going to be looked at, now: ms of CLOCK_REALTIME. */
void growing_begin(struct growing *growing);
/* A log as it is now: how much of it is to be converted, 0 while none of it is over. NULL: it is no plain file, it cannot
 * be read, or there is no memory: then it is to be converted like any other. */
struct growing_log *growing_look(struct growing *growing, const char *path);
struct growing_log *growing_find(const struct growing *growing, const char *path);
/* Tells of each log that is at another path now than in the look before, and forgets those that are gone. */
typedef void growing_moved(void *context, const char *from);
void growing_end(struct growing *growing, growing_moved *moved, void *context);

#endif
