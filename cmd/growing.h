/* What is known of the logs below a watched folder from one look to the next: how each was when it was looked at, and how
 * much of it is over. It reads no more of a log than it must to know that. */
#ifndef CMD_GROWING_H
#define CMD_GROWING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* By which a file is known again. */
struct growing_file {
    dev_t device;
    ino_t inode;
    int64_t born, modified; /* ns since 1970; born 0: the file system does not say */
    int64_t size;           /* bytes */
};

struct growing_log {
    char *path;
    struct growing_file file;
    uint64_t finished; /* bytes that can be converted for good */
    uint64_t look;     /* in which it was seen last */
    uint64_t came;     /* in which this file was first seen at this path */
    int64_t changed;   /* ms of CLOCK_MONOTONIC: since then it is as it is, as far as we know */
    bool measured;     /* `finished` is of the log as it is */
    bool packed;       /* so is this: all of it is over, or nothing */
    bool compared;     /* so is what its export holds */
    bool moved;        /* it is at another path now */
};

struct growing {
    void *tree;     /* of tsearch(3), by path */
    uint64_t look;  /* the how manieth look at all of them it is */
    uint64_t ended; /* the last one that came to its end */
    int64_t idle;   /* ms without a change after which a log is taken as it stands */
    int64_t next;   /* ms of CLOCK_MONOTONIC when the next one will have idled; INT64_MAX: none waits */
};

void growing_free(struct growing *growing);
/* All logs are going to be looked at. */
void growing_begin(struct growing *growing);
/* A log as it is now. NULL: errno is ENOENT where it is gone, else it is no plain file, or there is no memory; then it is
 * to be converted like any other. */
struct growing_log *growing_see(struct growing *growing, const char *path);
/* How much of one that was seen is to be converted, 0 while none of it is over. False: it cannot be read, and is to be
 * converted like any other. */
bool growing_measure(struct growing *growing, struct growing_log *log);
typedef void growing_tell(void *context, const char *path);
/* Tells of each log that is at another path now than in the look before where it was, and of those behind that place, as
 * far as they may have learned from it; and forgets those that are gone for good. */
void growing_end(struct growing *growing, growing_tell *moved, growing_tell *behind, void *context);

#endif
