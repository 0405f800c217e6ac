/* A plain export just grows. A packed one grows by members, each of as many records as fit, and its index by their lines; the
 * last line of the index gives way to them and is written again. So whatever ends this in the middle, the file is good
 * up to its old length, and an index that goes further, or has lost its last line, can be cut back to what it was. */
#include "append.h"

#include "readback/catalogue.h"
#include "reindex.h"
#include "sink/index.h"
#include "tcplog/cat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct append {
    const struct output_options *target;
    const char *path;
    char *index; /* its path */
    struct tcplog_growth *growth;
    struct buf header, text;
    struct scribe scribe;
    struct index_place place;
};

/* What an export begins with. */
static enum tcplog_status make_header(const struct writer *writer, enum kind kind, struct buf *header)
{
    void *state = calloc(1, writer->state_size);
    if (!state)
        return TCPLOG_MEMORY;
    writer->begin(state, header, kind);
    free(state);
    return header->status;
}

/* Where there is nothing to add. */
static enum tcplog_status cut(const char *path, uint64_t length)
{
    struct stat about;
    if (stat(path, &about) != 0 || (uint64_t)about.st_size < length)
        return TCPLOG_UNREADABLE;
    bool good = (uint64_t)about.st_size == length || truncate(path, (off_t)length) == 0;
    return good ? TCPLOG_OK : TCPLOG_UNWRITABLE;
}

static enum tcplog_status append_plain(struct append *append, struct str records)
{
    enum tcplog_status status;
    struct tcplog_growth *growth = append->growth;
    struct str header = growth->length ? STR("") : buf_str(&append->header);
    if (records.n == 0 && growth->length)
        return cut(append->path, growth->length);
    struct sink *sink = sink_behind(append->path, growth->length, &status);
    if (!sink)
        return status;
    sink->class->write(sink, header);
    sink->class->write(sink, records);
    status = sink->class->close(sink, true);
    growth->length += status == TCPLOG_OK ? header.n + records.n : 0;
    return status;
}

/* --- where a packed one ends ---------------------------------------------------------------------------------- */

/* The last bytes of a file, as a text; false: there are none. */
static bool read_tail(const char *path, char *tail, size_t room)
{
    struct stat about;
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    if (fstat(fd, &about) == 0)
        n = pread(fd, tail, room - 1, about.st_size < (off_t)room ? 0 : about.st_size - (off_t)room + 1);
    close(fd);
    tail[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* Whether the index ends with a line that names this length; all before it was written before. */
static bool ends_with_length(const char *path, uint64_t length)
{
    static const char start[] = "\nend ";
    char tail[256];
    size_t n = read_tail(path, tail, sizeof(tail)) ? strlen(tail) : 0;
    if (n == 0 || tail[n - 1] != '\n')
        return false;
    tail[n - 1] = '\0';
    char *last = strrchr(tail, '\n');
    if (!last || strncmp(last, start, strlen(start)) != 0)
        return false;
    strtoull(last + strlen(start), &last, 10);
    return strtoull(last, NULL, 10) == length;
}

static enum tcplog_status cover(struct append *append, int fd)
{
    struct tcplog_growth *growth = append->growth;
    struct index_place *place = &append->place;
    struct catalogue *catalogue = calloc(1, sizeof(*catalogue));
    enum tcplog_status status = TCPLOG_OK;
    if (!catalogue)
        return TCPLOG_MEMORY;
    if (catalogue_cover(catalogue, append->index, fd, growth->length)) {
        *place = (struct index_place){ catalogue->members, catalogue->offset, catalogue->text,
                                       catalogue->bytes, catalogue->crc };
        append->scribe.roll.told = catalogue->records;
    } else {
        status = reindex(fd, growth->length, append->index, &append->scribe, append->header.n, place);
    }
    catalogue_close(catalogue);
    free(catalogue);
    return status;
}

static enum tcplog_status find_place(struct append *append)
{
    const struct tcplog_growth *growth = append->growth;
    if (growth->known || growth->length == 0) {
        append->place = (struct index_place){ growth->members, growth->length, growth->text,
                                              growth->index_bytes, growth->index_crc };
        append->scribe.roll.told = growth->records;
        return TCPLOG_OK;
    }
    int fd = open(append->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return TCPLOG_UNREADABLE;
    struct stat about;
    bool holds = fstat(fd, &about) == 0 && (uint64_t)about.st_size >= growth->length;
    enum tcplog_status status = holds ? cover(append, fd) : TCPLOG_UNREADABLE;
    int error = errno;
    close(fd);
    errno = error;
    return status;
}

static void keep_place(struct append *append)
{
    const struct index_place *place = &append->place;
    *append->growth = (struct tcplog_growth){ .length = place->offset,
                                              .known = true,
                                              .members = place->members,
                                              .text = place->text,
                                              .records = append->scribe.roll.told,
                                              .index_bytes = place->bytes,
                                              .index_crc = (uint32_t)place->crc };
}

/* --- members -------------------------------------------------------------------------------------------------- */

static struct sink *open_sinks(struct append *append, enum tcplog_status *status)
{
    struct index_place *place = &append->place;
    struct sink *file = sink_behind(append->path, place->offset, status);
    struct sink *index = file ? sink_behind(append->index, place->bytes, status) : NULL;
    struct sink *sink = NULL;
    if (index)
        sink = sink_gzip(file, index, &append->target->packing, status);
    else if (file)
        file->class->close(file, false);
    if (sink)
        sink_gzip_go_on(sink, place);
    return sink;
}

/* Of the text from `at` on. */
static size_t member(struct append *append, struct sink *sink, size_t at)
{
    struct roll *roll = &append->scribe.roll;
    struct str rest = str_from(buf_str(&append->text), at);
    size_t n = rest.n > OUTPUT_MEMBER ? roll_cut(roll, OUTPUT_MEMBER) : rest.n;
    sink->class->about(sink, roll_tell(roll, n));
    sink->class->write(sink, str_upto(rest, n));
    return n;
}

static enum tcplog_status append_members(struct append *append)
{
    enum tcplog_status status;
    struct sink *sink = open_sinks(append, &status);
    if (!sink)
        return status;
    /* a gzip file without a member is none */
    if (append->text.n == 0 && append->place.members == 0)
        member(append, sink, 0);
    for (size_t at = 0; at < append->text.n;)
        at += member(append, sink, at);
    status = sink->class->close(sink, true);
    if (status == TCPLOG_OK)
        keep_place(append);
    return status;
}

static enum tcplog_status append_packed(struct append *append, struct str records)
{
    const struct tcplog_growth *growth = append->growth;
    struct str header = growth->length ? STR("") : buf_str(&append->header);
    if (records.n == 0 && growth->length && ends_with_length(append->index, growth->length))
        return cut(append->path, growth->length);
    if (!scribe_open(&append->scribe, buf_str(&append->header)))
        return TCPLOG_MEMORY;
    enum tcplog_status status = find_place(append);
    if (status != TCPLOG_OK)
        return status;
    tcplog_buf_add(&append->text, header);
    tcplog_buf_add(&append->text, records);
    if (append->text.status != TCPLOG_OK || !scribe_note(&append->scribe, records, header.n))
        return append->text.status != TCPLOG_OK ? TCPLOG_MEMORY : TCPLOG_INVALID;
    return append_members(append);
}

static enum tcplog_status append_to(struct append *append, struct str records)
{
    enum tcplog_status status = make_header(append->target->writer, append->target->kind, &append->header);
    if (status == TCPLOG_OK && !append->target->gzip)
        status = append_plain(append, records);
    else if (status == TCPLOG_OK && asprintf(&append->index, "%s" TCPLOG_INDEX_SUFFIX, append->path) < 0)
        append->index = NULL;
    else if (status == TCPLOG_OK)
        status = append_packed(append, records);
    return append->target->gzip && !append->index ? TCPLOG_MEMORY : status;
}

enum tcplog_status append_records(const struct output_options *target, const char *path,
                                  struct tcplog_growth *growth, struct str records)
{
    struct append *append = calloc(1, sizeof(*append));
    if (!append)
        return TCPLOG_MEMORY;
    append->target = target;
    append->path = path;
    append->growth = growth;
    enum tcplog_status status = append_to(append, records);
    int error = errno;
    scribe_close(&append->scribe);
    tcplog_buf_free(&append->header);
    tcplog_buf_free(&append->text);
    free(append->index);
    free(append);
    errno = error;
    return status;
}
