/* Cuts a log into sessions as a conversion does, and keeps nothing but where the last one begins and whether it has
 * ended. What stands behind the last line feed is a line that is still being written: it does not count yet. */
#include "finished.h"

#include "dialect/recognise.h"
#include "session/batch.h"
#include "tcplog/input.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

/* Looks backwards for the last line feed; -1: reading failed. */
static int64_t whole_lines(int fd)
{
    char block[4096];
    struct stat about;
    off_t end = fstat(fd, &about) == 0 ? about.st_size : -1;
    while (end > 0) {
        size_t n = end < (off_t)sizeof(block) ? (size_t)end : sizeof(block);
        ssize_t got = pread(fd, block, n, end - (off_t)n);
        if (got < (ssize_t)n)
            return got < 0 ? -1 : 0;
        const char *lf = memrchr(block, '\n', n);
        if (lf)
            return end - (off_t)n + (lf - block) + 1;
        end -= (off_t)n;
    }
    return end;
}

/* Where its last line feed stands means nothing then. */
static bool is_packed(int fd)
{
    char head[4096];
    ssize_t got = pread(fd, head, sizeof(head), 0);
    return got > 0 && recognise((struct str){ head, (size_t)got }) == CONTENT_PACKED;
}

static uint64_t last_session(struct batch *batch, struct lines *lines)
{
    uint64_t start = 0;
    batch_open(batch);
    while (batch_fill(batch, lines))
        if (batch->starts)
            start = batch_offset(batch, &batch->events[0]);
    return batch->closed ? lines->offset + lines->at : start;
}

enum tcplog_status finished_measure(const char *path, uint64_t *bytes)
{
    struct source source;
    struct lines lines;
    struct batch batch;
    *bytes = 0;
    if (!source_open_file(&source, path, NULL))
        return TCPLOG_UNREADABLE;
    int64_t whole = whole_lines(source.fd);
    source.left = whole > 0 ? (uint64_t)whole : 0;
    bool made = lines_make(&lines), both = batch_make(&batch);
    if (made && both) {
        lines_open(&lines, source);
        *bytes = is_packed(source.fd) ? TCPLOG_PACKED : last_session(&batch, &lines);
    }
    int error = whole < 0 ? errno : lines.error;
    source.class->close(&source);
    batch_free(&batch);
    lines_free(&lines);
    errno = error;
    return !made || !both ? TCPLOG_MEMORY : error ? TCPLOG_UNREADABLE : TCPLOG_OK;
}
