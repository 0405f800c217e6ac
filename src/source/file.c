/* Files and standard input by plain read(): no stdio, no mmap (2.6 times slower on small files). */
#include "source/source.h"

#include "base/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void count(const struct source *source, ptrdiff_t got)
{
    if (got > 0 && source->tally)
        __atomic_add_fetch(source->tally, (uint64_t)got, __ATOMIC_RELAXED);
}

static ptrdiff_t file_read(struct source *source, void *to, size_t n)
{
    ptrdiff_t got;
    size_t most = n < source->left ? n : (size_t)source->left;
    do
        got = read(source->fd, to, most);
    while (got < 0 && errno == EINTR && !stop_is_set(source->stop));
    if (got > 0)
        source->left -= (uint64_t)got;
    if (got > 0 && source->print)
        fingerprint_add(source->print, (struct str){ to, (size_t)got });
    count(source, got);
    return got;
}

static int64_t file_seek(struct source *source, int64_t offset, int whence)
{
    return lseek(source->fd, offset, whence);
}

static void file_close(struct source *source)
{
    if (source->fd > STDERR_FILENO)
        close(source->fd);
}

static const struct source_class file_class = {
    .name = "file",
    .read = file_read,
    .seek = file_seek,
    .close = file_close,
};

bool source_open_file(struct source *source, const char *path, const volatile sig_atomic_t *stop)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    *source = (struct source){ .class = &file_class, .fd = fd, .left = UINT64_MAX, .stop = stop };
    return fd >= 0;
}

static void next_close(struct source *source)
{
    char rest[8192];
    source->print = NULL;
    while (source->left > 0 && file_read(source, rest, sizeof(rest)) > 0)
        continue;
}

/* It cannot be gone back in, even where standard input is a file: it does not begin where that does. */
static const struct source_class next_class = {
    .name = "next",
    .read = file_read,
    .close = next_close,
};

void source_open_next(struct source *source, uint64_t bytes, const volatile sig_atomic_t *stop)
{
    *source = (struct source){ .class = &next_class, .fd = STDIN_FILENO, .left = bytes, .stop = stop };
}

static ptrdiff_t part_read(struct source *source, void *to, size_t n)
{
    uint64_t left = source->to - source->at;
    ptrdiff_t got;
    do
        got = pread(source->fd, to, n < left ? n : left, (off_t)source->at);
    while (got < 0 && errno == EINTR);
    source->at += got > 0 ? (uint64_t)got : 0;
    count(source, got);
    return got;
}

static void part_close(struct source *source)
{
    (void)source;
}

static const struct source_class part_class = {
    .name = "part",
    .read = part_read,
    .close = part_close,
};

void source_open_part(struct source *source, int fd, uint64_t from, uint64_t to)
{
    *source = (struct source){ .class = &part_class, .fd = fd, .at = from, .to = to };
}

uint64_t source_size(const struct source *source)
{
    struct stat about;
    bool regular = fstat(source->fd, &about) == 0 && S_ISREG(about.st_mode);
    return regular ? (uint64_t)about.st_size : UINT64_MAX;
}

bool source_is(const struct source *source, const struct stat *file)
{
    struct stat about;
    return source->fd >= 0 && fstat(source->fd, &about) == 0 && about.st_dev == file->st_dev &&
           about.st_ino == file->st_ino;
}
