/* A moved log is known by its inode, size and time of change: all three stay when a file gets another name, and a new file
 * that happens to get the inode of a deleted one differs in the others. */
#include "growing.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    REST = 250,     /* ms without a change make a burst of writes one change … */
    PATIENCE = 2000 /* … and a log that never rests is not put off for longer */
};

static int compare(uintmax_t one, uintmax_t other)
{
    return (one > other) - (one < other);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct growing_log *)a)->path, ((const struct growing_log *)b)->path);
}

static int by_inode(const void *a, const void *b)
{
    const struct growing_log *one = a, *other = b;
    int device = compare(one->device, other->device);
    return device ? device : compare(one->inode, other->inode);
}

static void free_log(void *log)
{
    free(((struct growing_log *)log)->path);
    free(log);
}

static void keep(void *log)
{
    (void)log;
}

void growing_free(struct growing *growing)
{
    tdestroy(growing->inodes, keep);
    tdestroy(growing->paths, free_log);
    *growing = (struct growing){ 0 };
}

static struct growing_log *found(void *node)
{
    return node ? *(struct growing_log **)node : NULL;
}

static struct growing_log *find(const struct growing *growing, const char *path)
{
    const struct growing_log key = { .path = (char *)(uintptr_t)path };
    return found(tfind(&key, &growing->paths, by_path));
}

static struct growing_log *add(struct growing *growing, const char *path)
{
    struct growing_log *log = calloc(1, sizeof(*log));
    if (log && (log->path = strdup(path)) != NULL && tsearch(log, &growing->paths, by_path))
        return log;
    if (log)
        free_log(log);
    return NULL;
}

static void serve_at(struct growing *growing, struct growing_log *log, int64_t due)
{
    log->due = due;
    if (log->waits)
        return;
    log->waits = true;
    log->next = growing->waits;
    growing->waits = log;
}

static void note_change(struct growing *growing, struct growing_log *log, int64_t now, int64_t age)
{
    if (log->since == 0)
        log->since = now;
    log->changed = now - age;
    int64_t rested = log->changed + REST, patient = log->since + PATIENCE;
    serve_at(growing, log, rested < patient ? rested : patient);
}

/* The tree of inodes holds one log an inode: of two hard links, the one that came first. */
static void drop_inode(struct growing *growing, const struct growing_log *log)
{
    if (found(tfind(log, &growing->inodes, by_inode)) == log)
        tdelete(log, &growing->inodes, by_inode);
}

static int64_t nanoseconds(const struct stat *about)
{
    return (int64_t)about->st_mtim.tv_sec * 1000000000 + about->st_mtim.tv_nsec;
}

/* ms since it was written; 0 where its clock is ahead of ours. */
static int64_t age_of(const struct stat *about)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    int64_t age = ((int64_t)clock.tv_sec * 1000000000 + clock.tv_nsec - nanoseconds(about)) / 1000000;
    return age > 0 ? age : 0;
}

static bool is_as_it_was(const struct growing_log *log, const struct stat *about)
{
    return !log->gone && log->device == about->st_dev && log->inode == about->st_ino &&
           log->size == about->st_size && log->modified == nanoseconds(about);
}

static bool note_file(struct growing *growing, struct growing_log *log, const struct stat *about, int64_t now)
{
    log->sweep = growing->sweep;
    if (is_as_it_was(log, about))
        return true;
    drop_inode(growing, log);
    log->device = about->st_dev;
    log->inode = about->st_ino;
    log->size = about->st_size;
    log->modified = nanoseconds(about);
    log->gone = false;
    note_change(growing, log, now, age_of(about));
    return tsearch(log, &growing->inodes, by_inode) != NULL;
}

static void note_gone(struct growing *growing, struct growing_log *log, int64_t now)
{
    if (log->gone)
        return;
    drop_inode(growing, log);
    log->gone = true;
    note_change(growing, log, now, 0);
}

bool growing_look(struct growing *growing, const char *path, int64_t now)
{
    struct stat about;
    struct growing_log *log = find(growing, path);
    if (lstat(path, &about) == 0 && S_ISREG(about.st_mode))
        return (log || (log = add(growing, path)) != NULL) && note_file(growing, log, &about, now);
    if (log)
        note_gone(growing, log, now);
    return true;
}

void growing_sweep(struct growing *growing)
{
    growing->sweep++;
}

struct sweeping {
    struct growing *growing;
    int64_t now;
};

static void note_unseen(const void *node, VISIT visit, void *context)
{
    const struct sweeping *sweeping = context;
    struct growing_log *log = *(struct growing_log *const *)node;
    if ((visit == postorder || visit == leaf) && log->sweep != sweeping->growing->sweep)
        note_gone(sweeping->growing, log, sweeping->now);
}

void growing_swept(struct growing *growing, int64_t now)
{
    struct sweeping sweeping = { growing, now };
    twalk_r(growing->paths, note_unseen, &sweeping);
}

static int list_by_path(const void *a, const void *b)
{
    return by_path(*(struct growing_log *const *)a, *(struct growing_log *const *)b);
}

static size_t count_due(const struct growing *growing, int64_t now)
{
    size_t count = 0;
    for (const struct growing_log *log = growing->waits; log; log = log->next)
        count += log->due <= now;
    return count;
}

ptrdiff_t growing_due(struct growing *growing, int64_t now, struct growing_log ***due)
{
    size_t count = count_due(growing, now), taken = 0;
    *due = count ? malloc(count * sizeof(**due)) : NULL;
    if (count && !*due)
        return -1;
    for (struct growing_log **link = &growing->waits; *link;) {
        struct growing_log *log = *link;
        if (log->due > now) {
            link = &log->next;
            continue;
        }
        *link = log->next;
        log->waits = false;
        log->since = 0;
        (*due)[taken++] = log;
    }
    if (count)
        qsort(*due, count, sizeof(**due), list_by_path);
    return (ptrdiff_t)count;
}

void growing_leave(struct growing *growing, struct growing_log *log)
{
    serve_at(growing, log, log->changed + growing->idle);
}

bool growing_idles(const struct growing *growing, const struct growing_log *log, int64_t now)
{
    return now >= log->changed + growing->idle;
}

const struct growing_log *growing_find_moved(const struct growing *growing, const struct growing_log *gone)
{
    const struct growing_log *log = found(tfind(gone, &growing->inodes, by_inode));
    return log && log != gone && log->size == gone->size && log->modified == gone->modified ? log : NULL;
}

int growing_wait(const struct growing *growing, int64_t now, int most)
{
    int64_t first = now + most;
    for (const struct growing_log *log = growing->waits; log; log = log->next)
        if (log->due < first)
            first = log->due;
    return first > now ? (int)(first - now) : 0;
}
