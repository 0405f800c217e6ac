/* A moved log is known by its inode and the time when that was made, which stay whatever is done to it: a new file that
 * happens to get the inode of a deleted one is younger. Where a file system tells no such time, the log must not have
 * changed since: only size and time of change tell it from a new one. */
#include "growing.h"

#include "neighbours.h"
#include "tcplog.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SETTLE = 3000 }; /* ms without a change after which what is packed counts as whole */

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

static struct growing_log *find(const struct growing *growing, const char *path)
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

static int64_t now(clockid_t which)
{
    struct timespec clock;
    clock_gettime(which, &clock);
    return nanoseconds(clock) / 1000000;
}

/* How long it has not been written to, by its program's clock. That may not be ours: so it is asked only of what we
 * have not seen change ourselves, and not believed where it is ahead. */
static int64_t age_of(const struct growing_file *file)
{
    int64_t age = now(CLOCK_REALTIME) - file->modified / 1000000;
    return age > 0 ? age : 0;
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
    if (other)
        log->came = growing->look;
    log->changed = now(CLOCK_MONOTONIC) - (growing->look == 1 ? age_of(&log->file) : 0);
    log->measured = log->packed = log->compared = false;
}

/* What nobody goes on with is as whole as it will be, and need not be read for that. */
static bool idles(struct growing *growing, const struct growing_log *log)
{
    int64_t rest = log->packed && growing->idle > SETTLE ? SETTLE : growing->idle, then = log->changed + rest;
    bool over = then <= now(CLOCK_MONOTONIC);
    if (!over && then < growing->next && !(log->measured && log->finished >= (uint64_t)log->file.size))
        growing->next = then;
    return over;
}

static void measure(struct growing_log *log)
{
    log->measured = tcplog_finished_bytes(log->path, &log->finished) == TCPLOG_OK;
    log->packed = log->measured && log->finished == TCPLOG_PACKED;
    if (log->packed)
        log->finished = 0;
}

bool growing_measure(struct growing *growing, struct growing_log *log)
{
    if (!log->measured && !idles(growing, log))
        measure(log);
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
    struct growing_log *log = S_ISREG(about.st_mode) ? find(growing, path) : NULL;
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
    struct growing_log **all, **gone, **fresh;
    size_t all_count, gone_count, fresh_count;
};

static void count_changes(const void *node, VISIT visit, void *context)
{
    struct changes *changes = context;
    struct growing_log *log = *(struct growing_log *const *)node;
    if (visit != postorder && visit != leaf)
        return;
    if (changes->all)
        changes->all[changes->all_count] = log;
    changes->all_count++;
    if (log->look != changes->growing->look) {
        if (changes->gone)
            changes->gone[changes->gone_count] = log;
        changes->gone_count++;
    } else if (log->came >= changes->growing->ended) {
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
        return was->born == is->born;
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

static size_t folder_length(const struct growing_log *log)
{
    const char *slash = strrchr(log->path, '/');
    return slash ? (size_t)(slash - log->path) : 0;
}

static int by_folder(const struct growing_log *one, const struct growing_log *other)
{
    size_t a = folder_length(one), b = folder_length(other);
    int order = memcmp(one->path, other->path, a < b ? a : b);
    return order ? order : (a > b) - (a < b);
}

/* In a folder the order is that of a run. */
static int by_place(const void *a, const void *b)
{
    const struct growing_log *one = *(struct growing_log *const *)a, *other = *(struct growing_log *const *)b;
    int order = by_folder(one, other);
    return order ? order : strcmp(one->path, other->path);
}

static void tell_behind(const struct changes *changes, growing_tell *behind, void *context)
{
    const struct growing_log *moved = NULL;
    size_t left = 0;
    qsort(changes->all, changes->all_count, sizeof(struct growing_log *), by_place);
    for (size_t i = 0; i < changes->all_count; i++) {
        const struct growing_log *log = changes->all[i];
        if (log->moved) {
            moved = log;
            left = NEIGHBOURS;
        } else if (left > 0 && by_folder(moved, log) == 0 && log->look == changes->growing->look) {
            behind(context, log->path);
            left--;
        }
    }
}

static void settle_gone(struct growing *growing, struct growing_log *gone, growing_tell *moved, void *context)
{
    if (gone->moved)
        moved(context, gone->path);
    if (gone->moved || gone->look < growing->ended) {
        tdelete(gone, &growing->tree, by_path);
        free_log(gone);
    }
}

static void settle(struct growing *growing, struct changes *changes, growing_tell *moved,
                   growing_tell *behind, void *context)
{
    bool any = false;
    changes->all_count = changes->gone_count = changes->fresh_count = 0;
    twalk_r(growing->tree, count_changes, changes);
    qsort(changes->fresh, changes->fresh_count, sizeof(struct growing_log *), by_inode);
    for (size_t i = 0; i < changes->gone_count; i++)
        any |= changes->gone[i]->moved = has_moved(changes, changes->gone[i]);
    if (any)
        tell_behind(changes, behind, context);
    for (size_t i = 0; i < changes->gone_count; i++)
        settle_gone(growing, changes->gone[i], moved, context);
}

void growing_end(struct growing *growing, growing_tell *moved, growing_tell *behind, void *context)
{
    struct changes changes = { .growing = growing };
    twalk_r(growing->tree, count_changes, &changes);
    changes.all = calloc(changes.all_count + 1, sizeof(struct growing_log *));
    changes.gone = calloc(changes.gone_count + 1, sizeof(struct growing_log *));
    changes.fresh = calloc(changes.fresh_count + 1, sizeof(struct growing_log *));
    if (changes.gone_count > 0 && changes.all && changes.gone && changes.fresh)
        settle(growing, &changes, moved, behind, context);
    growing->ended = growing->look;
    free(changes.all);
    free(changes.gone);
    free(changes.fresh);
}
