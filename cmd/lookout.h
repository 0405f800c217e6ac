/* Tells when something below a folder may have changed: by inotify(7) where the system has room for it. What has changed,
 * and whether it matters, is for who listens to find out. */
#ifndef CMD_LOOKOUT_H
#define CMD_LOOKOUT_H

#include <stdbool.h>
#include <stddef.h>

struct lookout_post; /* a folder, and the number that inotify knows it by */

struct lookout {
    const char *root;
    const char *shunned; /* a folder below it, without links and dots, that does not count; NULL: none */
    int fd;              /* inotify; -1: there is none, and it hears nothing */
    struct lookout_post *posts;
    size_t count, room;
    bool missed; /* names of folders have changed, or events were lost: all posts have to be taken anew */
};

/* `root` and `shunned` stay the caller's. Without inotify, or if it is not wanted, lookout_hears says so. */
void lookout_open(struct lookout *lookout, const char *root, const char *shunned, bool wanted);
void lookout_close(struct lookout *lookout);
bool lookout_hears(const struct lookout *lookout);
/* Waits at most so many ms, or until a signal comes; true: something has changed. */
bool lookout_wait(struct lookout *lookout, int ms);

#endif
