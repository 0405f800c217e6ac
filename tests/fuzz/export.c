/* The oracles of the pipeline's output; see export.h. Every claim is an assert: the fuzzer keeps the input. */
#include "export.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "readback/csv.h"
#include "readback/jsonl.h"
#include "secret.h"

#include <assert.h>
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const char *export_path(struct str bytes)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("export", 0);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    assert(ftruncate(fd, 0) == 0);
    assert(pwrite(fd, bytes.p, bytes.n, 0) == (ssize_t)bytes.n);
    return path;
}

/* The physical lines of the log, one after the other. */
struct walk {
    struct str log;
    size_t at;
    uint64_t number;
    struct str line; /* without its line feed */
};

static void walk_on(struct walk *walk)
{
    assert(walk->at < walk->log.n);
    if (walk->number++)
        walk->at += walk->line.n + 1;
    assert(walk->at < walk->log.n);
    struct str rest = str_from(walk->log, walk->at);
    const char *lf = memchr(rest.p, '\n', rest.n);
    walk->line = str_upto(rest, lf ? (size_t)(lf - rest.p) : rest.n);
}

static json_int_t number(const json_t *record, enum field_id id)
{
    const json_t *value = json_object_get(record, tcplog_fields[id].name);
    assert(json_is_integer(value));
    return json_integer_value(value);
}

static struct str text_of(const json_t *value)
{
    return (struct str){ json_string_value(value), json_string_length(value) };
}

static struct str text(const json_t *record, enum field_id id)
{
    return text_of(json_object_get(record, tcplog_fields[id].name));
}

/* The exact bytes that a line record stands for, if it has them. */
static struct str bytes_of(const json_t *record, struct buf *scratch)
{
    struct str encoded = text(record, FIELD_text_base64);
    if (encoded.n == 0)
        return text(record, FIELD_text);
    char *to = tcplog_buf_room(scratch, encoded.n);
    return (struct str){ to, base64_decode(to, encoded) };
}

/* The record is of the next line of the log, and gives its text back byte by byte, if nothing in it was masked. */
static void check_line(const json_t *record, struct walk *walk, const struct masking *masking)
{
    enum { STAMP_AND_ARROW = 17, TOKEN = 9, SHORT = 60 * 1024 };
    struct buf scratch = { 0 };
    walk_on(walk);
    size_t mark = walk->number == 1 && str_starts(walk->line, STR("\xEF\xBB\xBF")) ? 3 : 0;
    assert((uint64_t)number(record, FIELD_line) == walk->number);
    assert((uint64_t)number(record, FIELD_offset) == walk->at + mark);
    struct str said = bytes_of(record, &scratch);
    bool whole = !json_object_get(record, tcplog_fields[FIELD_redacted].name) && !masking->names;
    if (whole && walk->line.n < SHORT) {
        assert(said.n == 0 || holds(walk->line, said));
        assert(walk->line.n - mark - said.n <= STAMP_AND_ARROW + TOKEN);
    }
    tcplog_buf_free(&scratch);
}

/* Whoever follows the talk of IMAP knows all of its passwords; elsewhere they must look like one. */
static void check_text(struct str value, bool imap, bool names)
{
    assert(!secret_in(value));
    assert(!imap || !secret_dashed_in(value));
    assert(!names || !secret_name_in(value));
}

static void check_value(const json_t *value, bool encoded, bool imap, bool names)
{
    size_t i;
    json_t *item;
    struct str text = text_of(value);
    if (json_is_string(value))
        check_text(text, imap, names);
    if (json_is_string(value) && encoded) {
        char *raw = malloc(text.n + 1);
        check_text((struct str){ raw, base64_decode(raw, text) }, imap, names);
        free(raw);
    }
    json_array_foreach(value, i, item) check_text(text_of(item), imap, names);
}

static void check_texts(json_t *record, enum kind kind, const struct masking *masking)
{
    const char *key;
    json_t *value;
    bool imap = str_equal(text(record, FIELD_protocol), tcplog_name_texts[NAMES_protocol_imap]);
    bool body = kind == KIND_LINE && (uint64_t)number(record, FIELD_line) > masking->bodies;
    json_object_foreach(record, key, value)
    {
        bool capabilities = strcmp(key, tcplog_fields[FIELD_capabilities].name) == 0;
        bool encoded = strcmp(key, tcplog_fields[FIELD_text_base64].name) == 0;
        if (!body && (!capabilities || masking->bodies == UINT64_MAX))
            check_value(value, encoded, imap, masking->names);
    }
}

static void check_numbers(json_t *record)
{
    const char *key;
    json_t *value;
    json_object_foreach(record, key, value) assert(!json_is_integer(value) || json_integer_value(value) >= 0);
}

static enum kind kind_of(const json_t *record)
{
    enum kind kind = 0;
    while (kind < KIND_COUNT && !str_equal(text(record, FIELD_kind), str_of(tcplog_kind_names[kind])))
        kind++;
    assert(kind < KIND_COUNT);
    return kind;
}

static void tally_message(struct tally *tally, const json_t *record)
{
    bool good = str_equal(text(record, FIELD_status), tcplog_name_texts[NAMES_status_success]);
    if (str_equal(text(record, FIELD_direction), tcplog_name_texts[NAMES_direction_sent]))
        tally->sent += good;
    else
        tally->fetched++;
}

static void tally_record(struct tally *tally, const json_t *record, enum kind kind)
{
    tally->records[kind]++;
    if (kind == KIND_MESSAGE)
        tally_message(tally, record);
    if (kind != KIND_SESSION)
        return;
    tally->session_lines += (uint64_t)number(record, FIELD_lines);
    tally->session_sent += (uint64_t)number(record, FIELD_messages_sent);
    tally->session_fetched += (uint64_t)number(record, FIELD_messages_fetched);
}

struct tally export_check_jsonl(struct str export, struct str log, const struct masking *masking)
{
    struct tally tally = { 0 };
    struct walk walk = { .log = log };
    while (export.n) {
        const char *lf = memchr(export.p, '\n', export.n);
        assert(lf);
        size_t n = (size_t)(lf - export.p);
        json_t *record = json_loadb(export.p, n, JSON_REJECT_DUPLICATES, NULL);
        assert(json_is_object(record));
        enum kind kind = kind_of(record);
        check_numbers(record);
        if (!masking->open)
            check_texts(record, kind, masking);
        if (kind == KIND_LINE)
            check_line(record, &walk, masking);
        tally_record(&tally, record, kind);
        json_decref(record);
        export = str_from(export, n + 1);
    }
    return tally;
}

void export_check_page(struct str page)
{
    assert(utf8_valid(page));
    for (size_t i = 0; i < page.n; i++)
        assert(page.p[i] == '\n' || ((unsigned char)page.p[i] >= ' ' && page.p[i] != 0x7F));
}

struct table {
    size_t column, columns;
    uint64_t rows;
};

static void on_cell(void *data, size_t n, void *context)
{
    struct table *table = context;
    table->column++;
    assert(!data || utf8_valid((struct str){ data, n }));
}

static void on_row(int end, void *context)
{
    struct table *table = context;
    assert(end == '\r');
    if (table->rows++ == 0)
        table->columns = table->column;
    assert(table->column == table->columns);
    table->column = 0;
}

uint64_t export_check_csv(struct str export)
{
    struct table table = { 0 };
    struct csv_parser parser;
    assert(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL) == 0);
    assert(csv_parse(&parser, export.p, export.n, on_cell, on_row, &table) == export.n);
    assert(csv_fini(&parser, on_cell, on_row, &table) == 0);
    csv_free(&parser);
    assert(table.rows > 0);
    return table.rows - 1;
}

static void complain(void *context, const struct tcplog_problem *problem)
{
    (void)context;
    fprintf(stderr, "line %d: %s: %s\n", (int)problem->line, problem->field ? problem->field : "-",
            problem->text);
}

/* As tcplog_validate does it, but the patterns are made ready once, not for each input. */
void export_check_schema(struct str export, uint64_t records)
{
    static struct rules rules;
    static bool ready;
    uint64_t found = 0;
    struct stream *stream = calloc(1, sizeof(*stream));
    struct problems problems = { .report = complain };
    if (!ready)
        ready = rules_open(&rules);
    assert(ready && stream && stream_open(stream, export_path(export)));
    bool json = stream_peek(stream) == '{';
    assert((json ? jsonl_check : csv_check)(stream, &rules, &problems, &found));
    assert(problems.count == 0 && found == records && stream->status == TCPLOG_OK);
    stream_close(stream);
    free(stream);
}
