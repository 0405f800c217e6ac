/* A moved log is known by its inode and the time when that was made, which stay whatever is done to it: a new file that
 * happens to get the inode of a deleted one is younger. Where a file system tells no such time, the log must not have
 * changed since: only size and time of change tell it from a new one. */
#include "growing.h"

#include "tcplog.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct growing_log *)a)->path, ((const struct growing_log *)b)->path);
}

static void free_log(void *log)
{
    free(((struct growing_log *)log)->path);
    free(log);
}

void growing_free(struct growing *growing)
{
    tdestroy(growing->tree, free_log);
    growing->tree = NULL;
}

void growing_begin(struct growing *growing)
{
    growing->look++;
    growing->next = INT64_MAX;
}

struct growing_log *growing_find(const struct growing *growing, const char *path)
{
    const struct growing_log key = { .path = (char *)(uintptr_t)path };
    struct growing_log *const *node = tfind(&key, &growing->tree, by_path);
    return node ? *node : NULL;
}

static struct growing_log *add(struct growing *growing, const char *path)
{
    struct growing_log *log = calloc(1, sizeof(*log));
    if (log && (log->path = strdup(path)) != NULL && tsearch(log, &growing->tree, by_path))
        return log;
    if (log)
        free_log(log);
    return NULL;
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool is_as_it_was(const struct growing_file *file, const struct stat *about)
{
    return file->device == about->st_dev && file->inode == about->st_ino && file->size == about->st_size &&
           file->modified == nanoseconds(about->st_mtim);
}

/* Another file may have come to this path since it was looked at: of that it tells nothing. */
static int64_t born(const char *path, ino_t inode)
{
    struct statx about;
    if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &about) != 0 ||
        !(about.stx_mask & STATX_BTIME) || about.stx_ino != inode)
        return 0;
    return (int64_t)about.stx_btime.tv_sec * 1000000000 + about.stx_btime.tv_nsec;
}

static void note(const struct growing *growing, struct growing_log *log, const struct stat *about)
{
    const struct growing_file was = log->file;
    log->file = (struct growing_file){ .device = about->st_dev,
                                       .inode = about->st_ino,
                                       .born = born(log->path, about->st_ino),
                                       .modified = nanoseconds(about->st_mtim),
                                       .size = about->st_size };
    bool other = was.device != about->st_dev || was.inode != about->st_ino || was.born != log->file.born;
    /* another file under this name begins anew */
    if (other || was.size > about->st_size)
        log->told = 0;
    if (other)
        log->came = growing->look;
    log->measured = false;
}

/* What nobody goes on with is as whole as it will be, and need not be read for that. */
static bool idles(struct growing *growing, const struct growing_log *log)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    int64_t now = nanoseconds(clock) / 1000000, then = log->file.modified / 1000000 + growing->idle;
    if (then > now && then < growing->next && !(log->measured && log->finished >= (uint64_t)log->file.size))
        growing->next = then;
    return then <= now;
}

bool growing_measure(struct growing *growing, struct growing_log *log)
{
    if (!log->measured && !idles(growing, log))
        log->measured = tcplog_finished_bytes(log->path, &log->finished) == TCPLOG_OK;
    if (idles(growing, log)) {
        log->finished = (uint64_t)log->file.size;
        log->measured = true;
    }
    return log->measured;
}

struct growing_log *growing_see(struct growing *growing, const char *path)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return NULL;
    struct growing_log *log = S_ISREG(about.st_mode) ? growing_find(growing, path) : NULL;
    if (!log && (!S_ISREG(about.st_mode) || !(log = add(growing, path)))) {
        errno = 0;
        return NULL;
    }
    log->look = growing->look;
    if (!is_as_it_was(&log->file, &about))
        note(growing, log, &about);
    return log;
}

/* Logs that are not where they were, and those that may be them. A look takes its time, and a log may be moved meanwhile: so
 * it may be met at both paths, and then at one; or at none, and in the look after that at the new one. */
struct changes {
    const struct growing *growing;
    struct growing_log **gone, **fresh;
    size_t gone_count, fresh_count;
};

static void count_changes(const void *node, VISIT visit, void *context)
{
    struct changes *changes = context;
    struct growing_log *log = *(struct growing_log *const *)node;
    if (visit != postorder && visit != leaf)
        return;
    if (log->look != changes->growing->look) {
        if (changes->gone)
            changes->gone[changes->gone_count] = log;
        changes->gone_count++;
    } else if (log->came + 1 >= changes->growing->look) {
        if (changes->fresh)
            changes->fresh[changes->fresh_count] = log;
        changes->fresh_count++;
    }
}

static int by_inode(const void *a, const void *b)
{
    ino_t one = (*(struct growing_log *const *)a)->file.inode;
    ino_t other = (*(struct growing_log *const *)b)->file.inode;
    return (one > other) - (one < other);
}

static bool is_same_file(const struct growing_file *was, const struct growing_file *is)
{
    if (was->device != is->device || was->inode != is->inode)
        return false;
    if (was->born && is->born)
        return was->born == is->born && was->size <= is->size;
    return was->size == is->size && was->modified == is->modified;
}

static bool has_moved(const struct changes *changes, struct growing_log *gone)
{
    struct growing_log **all = changes->fresh, **end = all + changes->fresh_count;
    struct growing_log **at =
        bsearch(&gone, all, changes->fresh_count, sizeof(struct growing_log *), by_inode);
    while (at && at > all && by_inode(at - 1, &gone) == 0)
        at--;
    for (; at && at < end && by_inode(at, &gone) == 0; at++)
        if (is_same_file(&gone->file, &(*at)->file))
            return true;
    return false;
}

static void settle_gone(struct growing *growing, const struct changes *changes, struct growing_log *gone,
                        growing_moved *moved, void *context)
{
    bool found = has_moved(changes, gone);
    if (found)
        moved(context, gone->path);
    if (found || gone->look + 1 < growing->look) {
        tdelete(gone, &growing->tree, by_path);
        free_log(gone);
    }
}

void growing_end(struct growing *growing, growing_moved *moved, void *context)
{
    struct changes changes = { .growing = growing };
    twalk_r(growing->tree, count_changes, &changes);
    changes.gone = calloc(changes.gone_count + 1, sizeof(struct growing_log *));
    changes.fresh = calloc(changes.fresh_count + 1, sizeof(struct growing_log *));
    if (changes.gone && changes.fresh) {
        changes.gone_count = changes.fresh_count = 0;
        twalk_r(growing->tree, count_changes, &changes);
        qsort(changes.fresh, changes.fresh_count, sizeof(struct growing_log *), by_inode);
        for (size_t i = 0; i < changes.gone_count; i++)
            settle_gone(growing, &changes, changes.gone[i], moved, context);
    }
    free(changes.gone);
    free(changes.fresh);
}
