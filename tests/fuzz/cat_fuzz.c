/* Hostile indexes beside hostile gzip files before tcplog_cat(): nothing is read that is not in the file, no member twice, and
 * whatever the index says, it ends. And before tcplog_append(): what it leaves behind is an index that fits. The input is
 * an index, a NUL, a gzip file and a byte of options. */
#include "append.h"
#include "registry.h"
#include "sink/index.h"
#include "tcplog/cat.h"

#include <assert.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line feed as the last byte switches all options off. */
enum { OPTIONS_OFF = '\n', QUESTIONS = 8, OPTION_TRUE = 8, OPTION_APPEND = 16 };
/* Deflate makes at most 1032 bytes of one. */
enum { BYTES_OF_ONE = 1100 };

static char folder[64], path[80], index_path[96];

static const struct tcplog_query questions[QUESTIONS] = {
    { .session = "0" },
    { .session = "A27ACCF0a702f6bedc911943fb6b9279" },
    { .first = 1, .last = 1 },
    { .first = 2 },
    { .first = 3, .last = 5 },
    { .since = "2014-02-10T21:37" },
    { .until = "2015-01-01" },
    { .since = "2013-01-01T00:00:00Z", .until = "2014-08-06T23:59:59.999+02:00", .last = 1000 },
};

static void remove_all(void)
{
    unlink(path);
    unlink(index_path);
    rmdir(folder);
}

static void set_up(void)
{
    static bool ready;
    if (ready)
        return;
    ready = true;
    /* in memory, where there is such a place */
    const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof(folder), "%s/tcplog-fuzz-XXXXXX", place);
    assert(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/x.gz", folder);
    snprintf(index_path, sizeof(index_path), "%s" TCPLOG_INDEX_SUFFIX, path);
    atexit(remove_all);
}

static void put_file(const char *name, struct str bytes)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    close(fd);
}

/* --- an index that fits the file, whatever else it says ------------------------------------------------------- */

static uint64_t number(struct str text, size_t at)
{
    uint64_t value = 0;
    for (; at < text.n && text.p[at] >= '0' && text.p[at] <= '9' && value < UINT32_MAX; at++)
        value = value * 10 + (uint64_t)(text.p[at] - '0');
    return value;
}

/* Where word number i begins. */
static size_t word(struct str line, int i)
{
    size_t at = 0;
    for (; i > 0 && at < line.n; at++)
        i -= line.p[at] == ' ';
    return at;
}

struct truth {
    struct buf text;
    uint64_t members, offset, bytes, records;
};

/* Of the line only its member's bytes, its records and what is told of them stay. */
static void add_true(struct truth *truth, struct str line, struct str file)
{
    uint64_t bytes = number(line, word(line, 1)), count = number(line, word(line, 6));
    uint64_t left = file.n - truth->offset;
    uint32_t crc, n;
    char start[160];
    bytes = bytes < left ? bytes : left;
    if (bytes < GZIP_HEADER + GZIP_TRAILER)
        return;
    memcpy(&crc, file.p + truth->offset + bytes - GZIP_TRAILER, sizeof(crc));
    memcpy(&n, file.p + truth->offset + bytes - sizeof(n), sizeof(n));
    snprintf(start, sizeof(start),
             "%" PRIu64 " %" PRIu64 " %08" PRIx32 " %" PRIu64 " %" PRIu32 " %" PRIu64 " %" PRIu64 " ",
             truth->offset, bytes, crc, truth->bytes, n, truth->records + 1, count);
    tcplog_buf_add(&truth->text, str_of(start));
    tcplog_buf_add(&truth->text, str_from(line, word(line, 7)));
    truth->members++;
    truth->offset += bytes;
    truth->bytes += n;
    truth->records += count;
}

static struct str make_true(struct truth *truth, struct str index, struct str file)
{
    char end[160];
    tcplog_buf_add(&truth->text, STR(INDEX_BEGIN "\n"));
    while (index.n) {
        const char *lf = memchr(index.p, '\n', index.n);
        size_t n = lf ? (size_t)(lf - index.p) + 1 : index.n;
        if (lf && index.p[0] >= '0' && index.p[0] <= '9')
            add_true(truth, str_upto(index, n), file);
        index = str_from(index, n);
    }
    uLong crc = crc32_z(0, (const Bytef *)truth->text.p, truth->text.n);
    snprintf(end, sizeof(end), "end %" PRIu64 " %" PRIu64 " %" PRIu64 " %08lx\n", truth->members,
             truth->offset, truth->bytes, crc);
    tcplog_buf_add(&truth->text, str_of(end));
    return buf_str(&truth->text);
}

/* --- what is promised ----------------------------------------------------------------------------------------- */

struct answer {
    uint64_t bytes, records, headers, wrong, unfit;
};

static bool take(void *context, struct str text, bool header)
{
    struct answer *answer = context;
    assert(text.n > 0);
    answer->bytes += text.n;
    answer->records += !header;
    answer->headers += header;
    return true;
}

static void hear(void *context, const struct tcplog_problem *problem)
{
    struct answer *answer = context;
    bool note = strcmp(problem->id, "no-index") == 0 || strcmp(problem->id, "stale-index") == 0;
    assert(problem->id && problem->text && strcmp(problem->file, path) == 0);
    answer->unfit += note;
    answer->wrong += !note;
}

static struct answer ask(const struct tcplog_query *query, size_t bytes)
{
    struct answer answer = { 0 };
    enum tcplog_status status = tcplog_cat(path, query, take, hear, &answer);
    assert(status == (answer.wrong ? TCPLOG_DAMAGED : TCPLOG_OK));
    assert(answer.headers <= 1 && answer.bytes <= bytes * BYTES_OF_ONE);
    return answer;
}

/* All of it is the same whatever the index is. */
static void check_whole(size_t bytes)
{
    const struct tcplog_query all = { 0 };
    struct answer one = ask(&all, bytes);
    put_file(index_path, STR(""));
    struct answer other = ask(&all, bytes);
    assert(memcmp(&one, &other, sizeof(one)) == 0 && one.unfit == 0);
}

/* A record more, behind all that there are. */
static void check_append(const struct tcplog_query *query, size_t bytes)
{
    const struct str record =
        STR("{\"session_id\":\"0123456789abcdef\",\"time\":\"2014-08-06T21:41:50.822\"}\n");
    const struct output_options target = { .writer = registry_writers[0],
                                           .gzip = true,
                                           .packing = { .engine = &engine_zlib, .level = 1 } };
    struct tcplog_growth growth = { .length = bytes };
    if (append_records(&target, path, &growth, record) != TCPLOG_OK)
        return;
    struct stat about;
    assert(growth.known && stat(path, &about) == 0 && growth.length == (uint64_t)about.st_size);
    assert(growth.length > bytes && growth.records > 0);
    assert(ask(query, growth.length).unfit == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct truth truth = { 0 };
    unsigned options = size ? data[size - 1] ^ OPTIONS_OFF : 0;
    struct str all = { (const char *)data, size ? size - 1 : 0 };
    const char *nul = all.n ? memchr(all.p, '\0', all.n) : NULL;
    struct str index = str_upto(all, nul ? (size_t)(nul - all.p) : all.n);
    struct str file = nul ? str_from(all, index.n + 1) : STR("");
    const struct tcplog_query *query = &questions[options % QUESTIONS];
    set_up();
    put_file(path, file);
    put_file(index_path, options & OPTION_TRUE ? make_true(&truth, index, file) : index);
    ask(query, file.n);
    if (options & OPTION_APPEND)
        check_append(query, file.n);
    else
        check_whole(file.n);
    tcplog_buf_free(&truth.text);
    return 0;
}
