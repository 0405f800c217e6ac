/* Tells which files below a folder may have changed: inotify(7) where the system has room for it, else by looking at all
 * of them from time to time. It knows no logs: whether a file has really changed is for who listens to find out. */
#ifndef CMD_LOOKOUT_H
#define CMD_LOOKOUT_H

#include <stdbool.h>
#include <stddef.h>

struct lookout_post; /* a folder and the number that inotify knows it by */

struct lookout {
    const char *root;
    int fd; /* inotify; -1: none, the whole tree is walked instead */
    struct lookout_post *posts;
    size_t count, room;
    bool missed; /* events were lost, or cannot be followed: look at everything anew */
    void (*look)(void *context, const char *path); /* at this file: it may be new, changed or gone */
    bool (*passes)(void *context,
                   const char *path); /* whether to stay out of this folder; NULL: out of none */
    void *context;
};

/* Fills root, look, passes and context first; the paths that look is told begin with `root`. */
void lookout_open(struct lookout *lookout, bool poll);
void lookout_close(struct lookout *lookout);
/* Waits at most so many ms for something to happen (a signal ends it early), and has it looked at. */
void lookout_wait(struct lookout *lookout, int ms);
/* Whether changes come by themselves; if not, lookout_sweep finds them. */
bool lookout_hears(const struct lookout *lookout);
/* Has every file looked at. */
void lookout_sweep(struct lookout *lookout);

#endif
