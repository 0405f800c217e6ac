/* Taking the records of an input out: each file that holds some is written anew without them, and takes the place of the
 * old one when it is whole. Whoever is killed in between finds some files without them and some with them, and the
 * input as begun: so it is done again. */
#include "partition.h"

#include "tcplog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

struct filter {
    gzFile from, to; /* transparent where nothing is packed */
    struct buf line;
    char *needle; /* "source_file":"…" */
    bool dropped; /* a line was */
};

/* With its end; false: there is none, or reading failed. */
static bool read_line(struct filter *filter)
{
    enum { STEP = 64 * 1024 };
    struct buf *line = &filter->line;
    line->n = 0;
    do {
        char *to = tcplog_buf_room(line, STEP);
        if (!to || !gzgets(filter->from, to, STEP))
            return line->n > 0;
        line->n += strlen(to);
    } while (line->p[line->n - 1] != '\n');
    return true;
}

static bool copy_lines(struct filter *filter)
{
    int error;
    while (read_line(filter)) {
        struct buf *line = &filter->line;
        if (memmem(line->p, line->n, filter->needle, strlen(filter->needle)))
            filter->dropped = true;
        else if (gzwrite(filter->to, line->p, (unsigned)line->n) != (int)line->n)
            return false;
    }
    gzerror(filter->from, &error);
    return error == Z_OK && filter->line.status == TCPLOG_OK;
}

static bool open_both(const struct partition *partition, struct filter *filter, const char *path, int fd)
{
    filter->from = gzopen(path, "rbe");
    int own = dup(fd);
    filter->to = own >= 0 ? gzdopen(own, partition->gzip ? "wb" : "wbT") : NULL;
    if (!filter->to && own >= 0)
        close(own);
    return filter->from && filter->to;
}

static bool copy_file(const struct partition *partition, struct filter *filter, const char *path, int fd)
{
    filter->dropped = false;
    bool good = open_both(partition, filter, path, fd) && copy_lines(filter);
    if (filter->from)
        gzclose(filter->from);
    if (filter->to && gzclose(filter->to) != Z_OK)
        good = false;
    return good && fsync(fd) == 0;
}

static bool filter_file(struct partition *partition, struct partition_file *file, struct filter *filter)
{
    char path[PATH_MAX], hidden[NAME_MAX + 8], new_path[PATH_MAX];
    snprintf(hidden, sizeof(hidden), ".%s.new", file->name);
    if (!partition_path(partition, file->name, path) || !partition_path(partition, hidden, new_path))
        return false;
    int fd = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return false;
    bool good = copy_file(partition, filter, path, fd);
    int error = errno;
    close(fd);
    if (good && filter->dropped) {
        file->touched = true;
        return rename(new_path, path) == 0;
    }
    unlink(new_path);
    errno = error;
    return good;
}

static bool is_named(const char *parts, const char *name)
{
    size_t n = strlen(name);
    for (const char *part = parts; *part; part += strcspn(part, ","), part += *part == ',')
        if (strncmp(part, name, n) == 0 && (part[n] == ',' || part[n] == '\0'))
            return true;
    return strcmp(parts, "*") == 0;
}

static bool filter_all(struct partition *partition, const struct journal_line *line)
{
    struct filter filter = { .needle = NULL };
    char *name = tcplog_json_name(line->source);
    bool good = name && asprintf(&filter.needle, "\"source_file\":%s", name) >= 0;
    for (size_t i = 0; good && i < partition->count; i++)
        if (is_named(line->parts, partition->files[i].name))
            good = filter_file(partition, &partition->files[i], &filter);
    free(name);
    free(filter.needle);
    tcplog_buf_free(&filter.line);
    return good;
}

/* As begun, with what it gave: `records` says whether that is still to be taken out. */
static bool commit_begun(struct partition *partition, struct journal_line *line, bool lengths)
{
    char text[JOURNAL_LINE_MOST];
    struct buf block = { 0 };
    bool good = !lengths || partition_lengths(partition, &block, false);
    tcplog_buf_add(&block, (struct str){ text, journal_line_write(line, text) });
    tcplog_buf_add(&block, STR(JOURNAL_COMMIT));
    good = good && block.status == TCPLOG_OK && journal_commit(partition->journal, buf_str(&block));
    tcplog_buf_free(&block);
    return good;
}

/* On the disk before and behind it: files that are written anew do not just grow, so that a length tells what holds only
 * if the machine remembers which of the two they are. */
bool partition_forget(struct partition *partition, const struct journal_line *line)
{
    struct journal *journal = partition->journal;
    struct journal_line begun = *line;
    begun.turn = 0;
    if (!partition_commit(partition) || !commit_begun(partition, &begun, false) ||
        !journal_make_safe(journal) || !filter_all(partition, line))
        return partition_fail(partition);
    begun.records = 0;
    begun.parts[0] = '\0';
    return (commit_begun(partition, &begun, true) && journal_make_safe(journal)) || partition_fail(partition);
}
