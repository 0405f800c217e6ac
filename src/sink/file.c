/* Standard output and files. A regular file appears whole or not at all: temporary name, then rename. Devices, pipes and
 * what standard output is already are written in place. */
#include "sink/sink.h"

#include "base/stop.h"
#include "sink/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct file_sink {
    struct sink sink;
    int fd;
    bool force;
    bool there;             /* under its name */
    char *path, *temporary; /* NULL: written in place */
};

static void fail(struct sink *sink)
{
    sink->error = errno;
    sink->status = errno == EPIPE ? TCPLOG_PIPE : TCPLOG_UNWRITABLE;
}

static void file_write(struct sink *sink, struct str bytes)
{
    struct file_sink *file = (struct file_sink *)sink;
    while (bytes.n && sink->status == TCPLOG_OK) {
        ssize_t done = write(file->fd, bytes.p, bytes.n);
        bool failed = done < 0;
        if (!failed)
            bytes = str_from(bytes, (size_t)done);
        /* a signal ends a write that waits: with a part of the bytes if some are out already */
        if ((failed ? errno == EINTR : bytes.n > 0) && stop_is_set(sink->stop))
            sink->status = TCPLOG_STOPPED;
        else if (failed && errno != EINTR)
            fail(sink);
    }
}

/* Without force a name that somebody took meanwhile is not taken from him. */
static bool take_name(const struct file_sink *file)
{
    if (file->force)
        return rename(file->temporary, file->path) == 0;
    if (renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path, RENAME_NOREPLACE) == 0)
        return true;
    /* not every file system knows how to refuse */
    return errno == EINVAL && access(file->path, F_OK) != 0 && rename(file->temporary, file->path) == 0;
}

static bool settle(struct file_sink *file)
{
    int fd = file->fd;
    file->fd = -1;
    if (fd >= 0 && close(fd) != 0 && file->sink.status == TCPLOG_OK)
        fail(&file->sink);
    return file->sink.status == TCPLOG_OK;
}

static bool appear(struct file_sink *file)
{
    if (!settle(file) || !file->temporary || file->there)
        return file->sink.status == TCPLOG_OK;
    file->there = take_name(file);
    if (!file->there)
        fail(&file->sink);
    return file->there;
}

static enum tcplog_status file_close(struct sink *sink, bool keep)
{
    struct file_sink *file = (struct file_sink *)sink;
    bool whole = settle(file) && keep && appear(file);
    if (file->temporary && !whole)
        unlink(file->there ? file->path : file->temporary);
    enum tcplog_status status = sink->status;
    int error = sink->error;
    free(file->path);
    free(file->temporary);
    free(file);
    errno = error;
    return status;
}

static bool file_never_waits(const struct sink *sink)
{
    struct stat about;
    if (fstat(((const struct file_sink *)sink)->fd, &about) != 0)
        return false;
    return S_ISREG(about.st_mode) || (S_ISCHR(about.st_mode) && about.st_rdev == makedev(1, 3));
}

static const struct sink_class file_class = {
    .name = "file",
    .write = file_write,
    .never_waits = file_never_waits,
    .close = file_close,
};

bool sink_appears(const struct sink *sink)
{
    return sink->class == &file_class && ((const struct file_sink *)sink)->temporary;
}

bool sink_settle(struct sink *sink)
{
    return sink->class == &file_class ? settle((struct file_sink *)sink) : sink->status == TCPLOG_OK;
}

bool sink_appear(struct sink *sink)
{
    return sink->class == &file_class ? appear((struct file_sink *)sink) : sink->status == TCPLOG_OK;
}

bool sink_never_waits(const struct sink *sink)
{
    return sink->class->never_waits && sink->class->never_waits(sink);
}

static struct sink *made(struct file_sink *file, enum tcplog_status *status)
{
    if (file && file->fd >= 0) {
        *status = TCPLOG_OK;
        return &file->sink;
    }
    *status = file ? TCPLOG_UNWRITABLE : TCPLOG_MEMORY;
    if (file) {
        free(file->path);
        free(file->temporary);
        free(file);
    }
    return NULL;
}

static struct file_sink *blank(bool force)
{
    struct file_sink *file = calloc(1, sizeof(*file));
    if (file)
        *file = (struct file_sink){ .sink.class = &file_class, .fd = -1, .force = force };
    return file;
}

struct sink *sink_standard_output(enum tcplog_status *status)
{
    struct file_sink *file = blank(false);
    /* a descriptor of our own: some file systems tell only at close that they had no room */
    if (file)
        file->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return made(file, status);
}

static void open_temporary(struct file_sink *file, const char *path)
{
    file->path = strdup(path);
    if (file->path)
        file->fd = temporary_open(path, &file->temporary);
}

/* -o /dev/stdout >file: another descriptor would begin at the front again, and another name has no business here. */
static bool is_standard_output(const struct stat *about)
{
    struct stat output;
    int mode = fcntl(STDOUT_FILENO, F_GETFL);
    return mode >= 0 && (mode & O_ACCMODE) != O_RDONLY && fstat(STDOUT_FILENO, &output) == 0 &&
           output.st_dev == about->st_dev && output.st_ino == about->st_ino;
}

/* The file that a symbolic link leads to is replaced, not the link. */
static void open_beside(struct file_sink *file, const char *path)
{
    char *real = realpath(path, NULL);
    open_temporary(file, real ? real : path);
    free(real);
}

struct sink *sink_file(const char *path, bool force, enum tcplog_status *status)
{
    struct stat about;
    bool exists = stat(path, &about) == 0, regular = !exists || S_ISREG(about.st_mode);
    if (exists && is_standard_output(&about))
        return sink_standard_output(status);
    /* a link that leads nowhere is there, too */
    if (regular && !force && (exists || lstat(path, &about) == 0)) {
        *status = TCPLOG_UNWRITABLE;
        errno = EEXIST;
        return NULL;
    }
    struct file_sink *file = blank(force);
    if (file && regular)
        open_beside(file, path);
    else if (file)
        file->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return made(file, status);
}

/* Growing would fill what is missing with NULs. */
static bool holds(const struct file_sink *file, uint64_t length)
{
    struct stat about;
    return file->fd >= 0 && fstat(file->fd, &about) == 0 &&
           (!S_ISREG(about.st_mode) || (uint64_t)about.st_size >= length);
}

struct sink *sink_behind(const char *path, uint64_t length, enum tcplog_status *status)
{
    struct file_sink *file = blank(false);
    int create = length ? 0 : O_CREAT;
    if (file)
        file->fd = open(path, O_WRONLY | create | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
    bool lacks = file && length && (file->fd < 0 ? errno == ENOENT : !holds(file, length));
    if (file && file->fd >= 0 && (lacks || ftruncate(file->fd, (off_t)length) != 0)) {
        int error = errno;
        close(file->fd);
        file->fd = -1;
        errno = error;
    }
    struct sink *sink = made(file, status);
    if (lacks)
        *status = TCPLOG_UNREADABLE;
    return sink;
}
