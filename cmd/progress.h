/* How far a run is, on standard error while it goes on: a line that is drawn over and over on a terminal, or a JSON object a
 * second for programs. It has a thread of its own, which looks at counters that others keep. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum progress_form { PROGRESS_BAR, PROGRESS_JSON, PROGRESS_NONE };

/* Kept by whoever converts, by __atomic_add_fetch; looked at any time. */
struct progress_counts {
    uint64_t files, failures, unchanged;
    uint64_t bytes; /* that were read */
};

struct progress {
    enum progress_form form;
    const struct progress_counts *counts;
    struct timespec began;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wakes;
    bool runs, over;
};

/* Begins to tell; a bar is shown on terminals only. */
void progress_open(struct progress *progress, enum progress_form form, const struct progress_counts *counts);
/* The bar is gone; JSON ends with an object that says so. */
void progress_close(struct progress *progress);

#endif
