/* A moved log is known by its inode, size and time of change: all three stay when a file gets another name, and a new file
 * that happens to get the inode of a deleted one differs in the others. */
#include "growing.h"

#include "tcplog.h"

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
    if (log && (log->path = strdup(path)) != NULL && tsearch(log, &growing->tree, by_path)) {
        log->fresh = true;
        return log;
    }
    if (log)
        free_log(log);
    return NULL;
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool is_as_it_was(const struct growing_log *log, const struct stat *about)
{
    return log->device == about->st_dev && log->inode == about->st_ino && log->size == about->st_size &&
           log->modified == nanoseconds(about->st_mtim);
}

static void note(struct growing_log *log, const struct stat *about)
{
    /* another file under this name begins anew */
    if (log->inode != about->st_ino || log->size > about->st_size)
        log->told = 0;
    log->device = about->st_dev;
    log->inode = about->st_ino;
    log->size = about->st_size;
    log->modified = nanoseconds(about->st_mtim);
    log->measured = false;
}

/* What nobody goes on with is as whole as it will be, and need not be read for that. */
static bool idles(struct growing *growing, const struct growing_log *log)
{
    struct timespec clock;
    clock_gettime(CLOCK_REALTIME, &clock);
    int64_t now = nanoseconds(clock) / 1000000, then = log->modified / 1000000 + growing->idle;
    if (then > now && then < growing->next && !(log->measured && log->finished >= (uint64_t)log->size))
        growing->next = then;
    return then <= now;
}

static bool measure(struct growing *growing, struct growing_log *log)
{
    if (!log->measured && !idles(growing, log))
        log->measured = tcplog_finished_bytes(log->path, &log->finished) == TCPLOG_OK;
    if (idles(growing, log)) {
        log->finished = (uint64_t)log->size;
        log->measured = true;
    }
    return log->measured;
}

struct growing_log *growing_look(struct growing *growing, const char *path)
{
    struct stat about;
    if (lstat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return NULL;
    struct growing_log *log = growing_find(growing, path);
    if (!log && !(log = add(growing, path)))
        return NULL;
    log->look = growing->look;
    if (!is_as_it_was(log, &about))
        note(log, &about);
    return measure(growing, log) ? log : NULL;
}

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
    } else if (log->fresh) {
        if (changes->fresh)
            changes->fresh[changes->fresh_count] = log;
        changes->fresh_count++;
    }
}

static bool is_same_file(const struct growing_log *a, const struct growing_log *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size && a->modified == b->modified;
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
        for (size_t i = 0; i < changes.gone_count; i++) {
            for (size_t j = 0; j < changes.fresh_count; j++)
                if (is_same_file(changes.gone[i], changes.fresh[j]))
                    moved(context, changes.gone[i]->path);
            tdelete(changes.gone[i], &growing->tree, by_path);
            free_log(changes.gone[i]);
        }
        for (size_t j = 0; j < changes.fresh_count; j++)
            changes.fresh[j]->fresh = false;
    }
    free(changes.gone);
    free(changes.fresh);
}
