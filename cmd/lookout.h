/* Tells when something below a folder may have changed: by inotify(7) where the system has room for it. What has changed,
 * and whether it matters, is for who listens to find out. */
#ifndef CMD_LOOKOUT_H
#define CMD_LOOKOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct lookout_post; /* a folder, and the number that inotify knows it by */

struct lookout {
    const char *root;
    const char *shunned; /* the folder of exports, without links and dots: below the root it does not count */
    const char *suffix;  /* what names of exports end with */
    bool shared;         /* the root is the folder of exports */
    int fd;              /* inotify; -1: there is none, and it hears nothing */
    int number;          /* of the root's post; -1: it has none */
    struct stat posted;  /* the root when it was posted */
    struct lookout_post *posts;
    size_t count, room;
    bool missed; /* names of folders have changed, or events were lost: all posts have to be taken anew */
};

/* The texts stay the caller's. Without inotify, or if it is not wanted, lookout_hears says so, and while the root is not
 * there. */
void lookout_open(struct lookout *lookout, const char *root, const char *shunned, const char *suffix,
                  bool wanted);
void lookout_close(struct lookout *lookout);
bool lookout_hears(const struct lookout *lookout);
/* Waits at most so many ms, or until a signal comes; true: something has changed. */
bool lookout_wait(struct lookout *lookout, int ms);

#endif
