/* Where there is no memory for a thread, nothing is told: that is no reason to fail. */
#include "progress.h"

#include "report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_MS = 100, JSON_MS = 1000, WIDTH = 80, WIDEST = 200 };

static uint64_t passed_ms(const struct progress *progress)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t ms =
        (now.tv_sec - progress->began.tv_sec) * 1000 + (now.tv_nsec - progress->began.tv_nsec) / 1000000;
    return ms > 0 ? (uint64_t)ms : 0;
}

static struct progress_counts counts_of(const struct progress *progress)
{
    const struct progress_counts *counts = progress->counts;
    return (struct progress_counts){ .files = __atomic_load_n(&counts->files, __ATOMIC_RELAXED),
                                     .failures = __atomic_load_n(&counts->failures, __ATOMIC_RELAXED),
                                     .unchanged = __atomic_load_n(&counts->unchanged, __ATOMIC_RELAXED),
                                     .bytes = __atomic_load_n(&counts->bytes, __ATOMIC_RELAXED) };
}

static int width_of_terminal(void)
{
    struct winsize size;
    int width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH;
    return width < WIDEST ? width : WIDEST;
}

/* One column stays free: a terminal goes to the next line when the last one is filled. */
static void draw_bar(const struct progress *progress)
{
    const struct progress_counts counts = counts_of(progress);
    char text[WIDEST], unchanged[48] = "";
    uint64_t ms = passed_ms(progress), seconds = ms / 1000;
    double mb = (double)counts.bytes / 1e6;
    if (counts.unchanged)
        snprintf(unchanged, sizeof(unchanged), ", %" PRIu64 " unchanged", counts.unchanged);
    snprintf(text, (size_t)width_of_terminal(),
             "tcplog: %" PRIu64 " files%s, %.1f MB, %.1f MB/s, %" PRIu64 " failures, %" PRIu64 ":%02" PRIu64,
             counts.files, unchanged, mb, ms ? mb * 1000 / (double)ms : 0, counts.failures, seconds / 60,
             seconds % 60);
    report_bar(text);
}

static void put_json(const struct progress *progress, bool over)
{
    const struct progress_counts counts = counts_of(progress);
    uint64_t ms = passed_ms(progress);
    flockfile(stderr);
    fprintf(stderr,
            "{\"files\":%" PRIu64 ",\"unchanged\":%" PRIu64 ",\"failures\":%" PRIu64 ",\"bytes\":%" PRIu64
            ",\"bytes_per_second\":%" PRIu64 ",\"elapsed_ms\":%" PRIu64 ",\"done\":%s}\n",
            counts.files, counts.unchanged, counts.failures, counts.bytes, ms ? counts.bytes * 1000 / ms : 0,
            ms, over ? "true" : "false");
    funlockfile(stderr);
}

static void tell(const struct progress *progress)
{
    if (progress->form == PROGRESS_BAR)
        draw_bar(progress);
    else
        put_json(progress, false);
}

static void add_ms(struct timespec *time, long ms)
{
    time->tv_sec += ms / 1000;
    time->tv_nsec += ms % 1000 * 1000000;
    if (time->tv_nsec >= 1000000000) {
        time->tv_nsec -= 1000000000;
        time->tv_sec++;
    }
}

static void *tick(void *context)
{
    struct progress *progress = context;
    pthread_mutex_lock(&progress->lock);
    while (!progress->over) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        add_ms(&next, progress->form == PROGRESS_BAR ? BAR_MS : JSON_MS);
        while (!progress->over && pthread_cond_timedwait(&progress->wakes, &progress->lock, &next) == 0)
            continue;
        if (!progress->over)
            tell(progress);
    }
    pthread_mutex_unlock(&progress->lock);
    return NULL;
}

/* Signals are for the thread that waits for input: it must wake up. */
static bool start(struct progress *progress)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool runs = pthread_create(&progress->thread, NULL, tick, progress) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return runs;
}

void progress_open(struct progress *progress, enum progress_form form, const struct progress_counts *counts)
{
    pthread_condattr_t by_steady_clock;
    *progress = (struct progress){ .form = form, .counts = counts };
    if (form == PROGRESS_NONE || (form == PROGRESS_BAR && !isatty(STDERR_FILENO)))
        return;
    clock_gettime(CLOCK_MONOTONIC, &progress->began);
    pthread_condattr_init(&by_steady_clock);
    pthread_condattr_setclock(&by_steady_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->wakes, &by_steady_clock);
    pthread_condattr_destroy(&by_steady_clock);
    pthread_mutex_init(&progress->lock, NULL);
    progress->runs = start(progress);
}

void progress_close(struct progress *progress)
{
    if (!progress->runs)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->over = true;
    pthread_cond_signal(&progress->wakes);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    pthread_cond_destroy(&progress->wakes);
    pthread_mutex_destroy(&progress->lock);
    if (progress->form == PROGRESS_BAR)
        report_bar(NULL);
    else
        put_json(progress, true);
    progress->runs = false;
}
