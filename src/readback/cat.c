/* tcplog_cat: which parts of an export are read, and which of its records go out. Through the index only a gzip file goes
 * that fits it; all else is read from front to back. What is no record does not go out: it may be a log, with the secrets
 * in it. */
#include "tcplog/cat.h"

#include "readback/catalogue.h"
#include "readback/problem.h"
#include "readback/query.h"
#include "readback/rows.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* In one piece and not on the stack: some 130 KB. */
struct cat {
    struct query query;
    struct problems problems;
    struct stream stream;
    struct catalogue catalogue;
    struct rows rows;
    tcplog_put *put;
    uint64_t number;   /* of the record read last, from 1 */
    uint64_t left_out; /* the number of the first one that is none; 0: all are */
    enum fault left_why;
    bool hurt; /* a member is damaged, and may have been anything */
    bool over; /* no more is wanted, or none can come */
    enum tcplog_status status;
};

static bool answers(struct cat *cat, struct str row)
{
    const struct query *query = &cat->query;
    const struct excerpt *session = &cat->rows.values[WANTED_SESSION], *time = &cat->rows.values[WANTED_TIME];
    if (!query_finds_number(query, cat->number))
        return false;
    if (query->session.n == 0 && !query_needs_time(query))
        return true;
    rows_look(&cat->rows, row);
    return query_finds_session(query, (struct str){ session->text, session->n }) &&
           query_finds_time(query, (struct str){ time->text, time->n });
}

static void hand_out(struct cat *cat, struct str text, bool header)
{
    if (!cat->put(cat->problems.context, text, header))
        cat->over = true;
}

static void leave_out(struct cat *cat)
{
    const struct rows *rows = &cat->rows;
    if (cat->left_out)
        return;
    cat->left_out = cat->number;
    if (rows->csv)
        cat->left_why = rows->open || rows->broken ? FAULT_CSV : FAULT_KIND;
    else
        cat->left_why = rows->foreign ? FAULT_NO_RECORD : FAULT_JSON;
}

/* What is behind the last record of all that are wanted does not matter. */
static void put_records(struct cat *cat)
{
    struct str row;
    while (!cat->over && cat->number < cat->query.last && rows_next(&cat->rows, &row)) {
        cat->number++;
        if (cat->rows.too_long)
            problem(&cat->problems, FAULT_TOO_LONG, NULL);
        else if (!rows_is_record(&cat->rows, row))
            leave_out(cat);
        else if (answers(cat, row))
            hand_out(cat, row, false);
    }
    cat->over |= cat->number >= cat->query.last;
}

/* What a damaged member begins with may be anything, which shows at its end. Without a format other members are still read,
 * as lines of JSON, which CSV never are. Of a whole file that is read anyway its end may be far away. */
static bool is_damaged(struct cat *cat)
{
    struct str line;
    while (cat->stream.part && stream_line(&cat->stream, &line))
        continue;
    return cat->stream.part && cat->stream.end == STREAM_DAMAGED;
}

/* What an export begins with tells the format, and of CSV where the cells are. Without a header of ours it is no CSV. */
static void put_header(struct cat *cat)
{
    struct str row;
    if (!rows_open(&cat->rows, &cat->stream)) {
        cat->status = TCPLOG_MEMORY;
        cat->over = true;
        return;
    }
    cat->hurt = cat->stream.end == STREAM_DAMAGED && stream_peek(&cat->stream) < 0;
    if (!cat->rows.csv)
        return;
    bool any = rows_next(&cat->rows, &row);
    if (any && !cat->rows.too_long && rows_head(&cat->rows, row)) {
        hand_out(cat, row, true);
        return;
    }
    cat->hurt = (!any && cat->stream.end == STREAM_DAMAGED) || is_damaged(cat);
    cat->rows.csv &= !cat->hurt;
    /* of what damage has cut nobody knows what it was */
    if (cat->hurt)
        return;
    cat->over = true;
    if (cat->stream.status == TCPLOG_OK)
        problem(&cat->problems, FAULT_FORMAT, NULL);
}

/* Once a file, as it may be all of it. Lines are numbered as records are; rows of CSV are not. */
static void tell_left_out(struct cat *cat)
{
    if (!cat->left_out || cat->status != TCPLOG_OK || (cat->hurt && !cat->rows.known))
        return;
    if (cat->rows.known && !cat->rows.csv)
        cat->problems.line = cat->left_out;
    problem(&cat->problems, cat->rows.known ? cat->left_why : FAULT_FORMAT, NULL);
}

/* What the way in which the bytes ended says; damage does not keep other members from being read. */
static void judge(struct cat *cat)
{
    static const enum fault endings[] = { [STREAM_OPEN] = FAULT_count,
                                          [STREAM_WHOLE] = FAULT_count,
                                          [STREAM_DAMAGED] = FAULT_GZIP,
                                          [STREAM_TRAILING] = FAULT_TRAILING,
                                          [STREAM_FAILED] = FAULT_count };
    const struct stream *stream = &cat->stream;
    cat->problems.error = stream->error;
    if (stream->status == TCPLOG_UNREADABLE)
        problem(&cat->problems, FAULT_UNREADABLE, NULL);
    else if (endings[stream->end] != FAULT_count)
        problem(&cat->problems, endings[stream->end], NULL);
    if (stream->status != TCPLOG_OK)
        cat->status = stream->status;
    cat->over |= stream->status != TCPLOG_OK;
    cat->hurt |= stream->part && stream->end == STREAM_DAMAGED;
}

static void read_all(struct cat *cat, const char *path)
{
    if (stream_open(&cat->stream, path)) {
        put_header(cat);
        put_records(cat);
    }
    judge(cat);
    stream_close(&cat->stream);
}

/* A member has as many records as its index says, or the numbers of all others are wrong, too. */
static void hold_against(struct cat *cat, const struct extent *extent)
{
    if (cat->over || cat->hurt || cat->stream.end != STREAM_WHOLE ||
        cat->number + 1 == extent->first + extent->count)
        return;
    problem(&cat->problems, FAULT_FALSE_INDEX, NULL);
    cat->over = true;
}

/* The first member has the header of a CSV export, also where nothing else in it is wanted; then its damage does not
 * matter, unless it is met with the header. */
static void read_member(struct cat *cat, const struct member *member)
{
    bool first = member->offset == 0, wanted = query_may_find(&cat->query, &member->extent);
    if (!first && !wanted)
        return;
    memset(&cat->stream, 0, sizeof(cat->stream));
    if (stream_open_members(&cat->stream, cat->catalogue.fd, member->offset, member->bytes)) {
        cat->number = member->extent.first - 1;
        if (first)
            put_header(cat);
        if (wanted) {
            put_records(cat);
            hold_against(cat, &member->extent);
        }
    }
    bool doubtful = cat->hurt || (cat->rows.csv && cat->stream.end == STREAM_DAMAGED);
    if (wanted || doubtful || cat->stream.status != TCPLOG_OK)
        judge(cat);
    stream_close(&cat->stream);
}

static void read_members(struct cat *cat)
{
    struct member member;
    while (!cat->over && catalogue_next(&cat->catalogue, &member))
        read_member(cat, &member);
    /* it was whole when it was opened */
    if (!cat->over && !cat->catalogue.ended)
        problem(&cat->problems, FAULT_STALE_INDEX, NULL);
}

/* Told, but nothing that is wrong with the export. */
static void note(struct cat *cat, enum fault fault)
{
    problem(&cat->problems, fault, NULL);
    cat->problems.count--;
}

/* Only a regular file can be read twice, or in the middle. -1: this one is not. */
static int open_gzip(const char *path)
{
    struct stat about;
    unsigned char magic[2];
    if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && pread(fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* False: all of it has to be read. */
static bool read_by_index(struct cat *cat, const char *path)
{
    int fd = query_is_open(&cat->query) ? -1 : open_gzip(path);
    if (fd < 0)
        return false;
    catalogue_open(&cat->catalogue, path, fd);
    enum catalogue_state state = cat->catalogue.state;
    if (state == CATALOGUE_FITS)
        read_members(cat);
    else
        note(cat, state == CATALOGUE_NONE ? FAULT_NO_INDEX : FAULT_STALE_INDEX);
    catalogue_close(&cat->catalogue);
    close(fd);
    return state == CATALOGUE_FITS;
}

static enum tcplog_status run(struct cat *cat, const char *path)
{
    if (!read_by_index(cat, path))
        read_all(cat, path);
    tell_left_out(cat);
    if (cat->status == TCPLOG_MEMORY)
        problem(&cat->problems, FAULT_MEMORY, NULL);
    rows_close(&cat->rows);
    if (cat->status != TCPLOG_OK)
        return cat->status;
    return cat->problems.count > 0 ? TCPLOG_DAMAGED : TCPLOG_OK;
}

static bool is_good(struct cat *cat, const struct tcplog_query *asked)
{
    const struct {
        enum fault fault;
        const char *part, *value;
    } parts[] = { [QUERY_SESSION] = { FAULT_SESSION_ID, "session", asked->session },
                  [QUERY_RECORDS] = { FAULT_RANGE, "records", NULL },
                  [QUERY_SINCE] = { FAULT_TIME, "since", asked->since },
                  [QUERY_UNTIL] = { FAULT_TIME, "until", asked->until } };
    enum query_fault fault = query_read(&cat->query, asked);
    if (fault == QUERY_GOOD)
        return true;
    /* a value can be as long as a command line */
    char *field = NULL;
    if (parts[fault].value && asprintf(&field, "%s '%s'", parts[fault].part, parts[fault].value) < 0)
        field = NULL;
    problem(&cat->problems, parts[fault].fault, field ? field : parts[fault].part);
    free(field);
    return false;
}

enum tcplog_status tcplog_cat(const char *path, const struct tcplog_query *query, tcplog_put *put,
                              tcplog_report *report, void *context)
{
    struct problems told = { .report = report, .context = context };
    struct cat *cat = calloc(1, sizeof *cat);
    if (!cat) {
        told.file = path;
        problem(&told, FAULT_MEMORY, NULL);
        return TCPLOG_MEMORY;
    }
    cat->put = put;
    cat->problems = told;
    bool good = is_good(cat, query);
    cat->problems.file = path;
    enum tcplog_status status = good ? run(cat, path) : TCPLOG_USAGE;
    free(cat);
    return status;
}
