/* Every writer against the parsers that are its oracles: nasty records go in through the writer interface, come back
 * through jansson and libcsv, and are held against the values that were put in; so the writers agree with each other.
 * The records are nasty.h's. What real sessions make is compared by tests/cases/agree.py. */
#include "model/columns.h"
#include "nasty.h"
#include "registry.h"
#include "tcplog/validate.h"

#include <csv.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { RECORDS = 400 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void write_records(const struct writer *writer, unsigned kinds, struct buf *out)
{
    struct made made;
    void *state = calloc(1, writer->state_size);
    enum kind first = 0;
    while (!(kinds >> first & 1))
        first++;
    writer->begin(state, out, first);
    for (size_t i = 0; i < RECORDS; i++)
        for (enum kind kind = 0; kind < KIND_COUNT; kind++)
            if (kinds >> kind & 1) {
                nasty_make(&made, kind, i);
                writer->record(state, out, &made.record);
            }
    writer->end(state, out);
    free(state);
    assert_int_equal(out->status, TCPLOG_OK);
}

static const struct writer *writer_named(const char *name)
{
    const struct writer *const *each = registry_writers;
    while (*each && strcmp((*each)->name, name) != 0)
        each++;
    assert_non_null(*each);
    return *each;
}

static size_t now_at; /* the record being compared, for messages */

static void same_text(enum field_id id, struct str expected, struct str found)
{
    if (!str_equal(expected, found))
        fail_msg("record %zu, %s: '%.*s' became '%.*s'", now_at, tcplog_fields[id].name,
                 (int)(expected.n < 99 ? expected.n : 99), expected.p, (int)(found.n < 99 ? found.n : 99),
                 found.p);
}

/* By the textbook, a group of three bytes at a time. */
static struct str base64(struct str raw)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static char text[NASTY_LONGEST * 4 / 3 + 8];
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < raw.n ? (unsigned char)raw.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            text[n++] = i + k > raw.n ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    return (struct str){ text, n };
}

static void same_list(enum field_id id, struct list expected, const json_t *found)
{
    assert_true(json_is_array(found));
    assert_int_equal(json_array_size(found), expected.count);
    for (size_t i = 0; i < expected.count; i++) {
        const json_t *item = json_array_get(found, i);
        same_text(id, expected.items[i], (struct str){ json_string_value(item), json_string_length(item) });
    }
}

static void same_json(enum field_id id, const union value *expected, const json_t *found)
{
    switch (tcplog_fields[id].type) {
    case TYPE_NUMBER:
        assert_true(json_is_integer(found));
        assert_int_equal(json_integer_value(found), expected->number);
        break;
    case TYPE_FLAG: assert_int_equal(json_typeof(found), expected->number ? JSON_TRUE : JSON_FALSE); break;
    case TYPE_LIST: same_list(id, expected->list, found); break;
    default:
        assert_true(json_is_string(found));
        same_text(id, tcplog_fields[id].type == TYPE_BYTES ? base64(expected->text) : expected->text,
                  (struct str){ json_string_value(found), json_string_length(found) });
    }
}

static void same_object(const struct record *expected, json_t *object)
{
    size_t count = 0;
    assert_true(json_is_object(object));
    for (enum field_id id = 0; id < FIELD_count; id++) {
        if (!record_has(expected, id))
            continue;
        const json_t *found = json_object_get(object, tcplog_fields[id].name);
        if (!found)
            fail_msg("record %zu has lost %s", now_at, tcplog_fields[id].name);
        same_json(id, &expected->values[id], found);
        count++;
    }
    assert_int_equal(json_object_size(object), count);
}

/* Returns what stands behind the line. */
static struct str same_line(struct str rest, enum kind kind, size_t i)
{
    struct made made;
    const char *lf = memchr(rest.p, '\n', rest.n);
    assert_non_null(lf);
    size_t n = (size_t)(lf - rest.p);
    json_t *object = json_loadb(rest.p, n, JSON_REJECT_DUPLICATES, NULL);
    nasty_make(&made, kind, i);
    now_at = i;
    same_object(&made.record, object);
    json_decref(object);
    return str_from(rest, n + 1);
}

/* The place in the table that libcsv is reading. */
struct table {
    enum kind kind;
    enum field_id columns[FIELD_count];
    size_t column_count, column, row;
    struct made made;
};

static void same_cell(enum field_id id, const union value *expected, struct str cell)
{
    char digits[32];
    json_t *list;
    switch (tcplog_fields[id].type) {
    case TYPE_NUMBER:
        snprintf(digits, sizeof(digits), "%lld", (long long)expected->number);
        same_text(id, str_of(digits), cell);
        break;
    case TYPE_FLAG: same_text(id, str_of(expected->number ? "true" : "false"), cell); break;
    case TYPE_LIST:
        list = json_loadb(cell.p, cell.n, JSON_REJECT_DUPLICATES, NULL);
        same_list(id, expected->list, list);
        json_decref(list);
        break;
    case TYPE_BYTES: same_text(id, base64(expected->text), cell); break;
    default: same_text(id, expected->text, cell);
    }
}

/* libcsv's callback; data is NULL for nothing between two commas. */
static void on_cell(void *data, size_t n, void *context)
{
    struct table *table = context;
    struct record *expected = &table->made.record;
    assert_true(table->column < table->column_count);
    enum field_id id = table->columns[table->column++];
    struct str cell = { data ? data : "", n };
    if (table->row == 0) {
        same_text(id, str_of(tcplog_fields[id].name), cell);
        return;
    }
    /* nothing encoded is nothing written: as bytes, empty and missing are one */
    bool nothing = tcplog_fields[id].type == TYPE_BYTES && expected->values[id].text.n == 0;
    if (record_has(expected, id) && !nothing && !data)
        fail_msg("row %zu has lost %s", table->row, tcplog_fields[id].name);
    if (!record_has(expected, id) && data)
        fail_msg("row %zu has %s, which is missing", table->row, tcplog_fields[id].name);
    if (data)
        same_cell(id, &expected->values[id], cell);
}

static void on_row(int end, void *context)
{
    struct table *table = context;
    assert_int_equal(end, '\r');
    assert_int_equal(table->column, table->column_count);
    table->column = 0;
    now_at = table->row++;
    nasty_make(&table->made, table->kind, now_at);
}

static void json_lines_come_back(void **state)
{
    (void)state;
    struct buf out = { 0 };
    write_records(writer_named("jsonl"), (1u << KIND_COUNT) - 1, &out);
    struct str rest = buf_str(&out);
    for (size_t i = 0; i < RECORDS; i++)
        for (enum kind kind = 0; kind < KIND_COUNT; kind++)
            rest = same_line(rest, kind, i);
    assert_int_equal(rest.n, 0);
    tcplog_buf_free(&out);
}

static void table_comes_back(enum kind kind)
{
    struct buf out = { 0 };
    struct table table = { .kind = kind };
    struct csv_parser parser;
    table.column_count = columns_of(kind, table.columns);
    write_records(writer_named("csv"), 1u << kind, &out);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL), 0);
    assert_int_equal(csv_parse(&parser, out.p, out.n, on_cell, on_row, &table), out.n);
    assert_int_equal(csv_fini(&parser, on_cell, on_row, &table), 0);
    csv_free(&parser);
    assert_int_equal(table.row, RECORDS + 1);
    tcplog_buf_free(&out);
}

static void tables_come_back(void **state)
{
    (void)state;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++)
        table_comes_back(kind);
}

static void hear(void *context, const struct tcplog_problem *problem)
{
    (void)context;
    print_message("# %s:%d: %s: %s\n", problem->file, (int)problem->line,
                  problem->field ? problem->field : "-", problem->text);
}

static void is_valid(const struct writer *writer, unsigned kinds)
{
    char path[] = "/tmp/tcplog-agree-XXXXXX";
    struct buf out = { 0 };
    uint64_t records = 0;
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "wb");
    assert_non_null(file);
    write_records(writer, kinds, &out);
    assert_int_equal(fwrite(out.p, 1, out.n, file), out.n);
    assert_int_equal(fclose(file), 0);
    enum tcplog_status status = tcplog_validate(path, hear, NULL, &records);
    unlink(path);
    tcplog_buf_free(&out);
    assert_int_equal(status, TCPLOG_OK);
    assert_int_equal(records, RECORDS);
}

static void every_writer_is_valid(void **state)
{
    (void)state;
    for (const struct writer *const *writer = registry_writers; *writer; writer++)
        for (enum kind kind = 0; kind < KIND_COUNT; kind++)
            is_valid(*writer, 1u << kind);
}

/* One line record with this text, and nothing else that could go wrong. */
static void write_text(const struct writer *writer, struct str text, struct buf *out)
{
    struct made made;
    void *state = calloc(1, writer->state_size);
    nasty_make(&made, KIND_LINE, 0);
    record_text(&made.record, FIELD_source_file, STR("a"));
    record_clear(&made.record, FIELD_text_base64);
    record_text(&made.record, FIELD_text, text);
    out->n = 0;
    writer->begin(state, out, KIND_LINE);
    writer->record(state, out, &made.record);
    free(state);
}

static void text_survives_json(struct str text, struct buf *out)
{
    write_text(writer_named("jsonl"), text, out);
    json_t *object = json_loadb(out->p, out->n, 0, NULL);
    const json_t *found = json_object_get(object, "text");
    same_text(FIELD_text, text, (struct str){ json_string_value(found), json_string_length(found) });
    json_decref(object);
}

struct search {
    size_t cells, wanted;
    struct str text;
};

static void find_cell(void *data, size_t n, void *context)
{
    struct search *search = context;
    if (search->cells++ == search->wanted)
        same_text(FIELD_text, search->text, (struct str){ data ? data : "missing", n });
}

static void text_survives_csv(struct str text, struct buf *out)
{
    enum field_id columns[FIELD_count];
    size_t count = columns_of(KIND_LINE, columns), column = 0;
    while (columns[column] != FIELD_text)
        column++;
    struct search search = { 0, count + column, text };
    struct csv_parser parser;
    write_text(writer_named("csv"), text, out);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_EMPTY_IS_NULL), 0);
    assert_int_equal(csv_parse(&parser, out->p, out->n, find_cell, NULL, &search), out->n);
    assert_int_equal(csv_fini(&parser, find_cell, NULL, &search), 0);
    csv_free(&parser);
    assert_int_equal(search.cells, 2 * count);
}

/* Texts are scanned in blocks of 16 and words of 8: a mark at every place of every length around those. Each text is
 * alone in its memory, so that a sanitizer sees a byte read past its end. */
static void marks_are_seen_everywhere(void **state)
{
    (void)state;
    enum { LONGEST = 36 };
    static const char marks[] = { '"', ',', '\\', '\r', '\n', '\t', ' ', 0x01, 0x1F, 0x7F };
    struct buf out = { 0 };
    for (size_t n = 1; n <= LONGEST; n++) {
        char *text = malloc(n);
        for (size_t at = 0; at < n; at++)
            for (size_t mark = 0; mark < COUNT(marks); mark++) {
                memset(text, 'x', n);
                text[at] = marks[mark];
                now_at = n;
                text_survives_json((struct str){ text, n }, &out);
                text_survives_csv((struct str){ text, n }, &out);
            }
        free(text);
    }
    tcplog_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_come_back),
        cmocka_unit_test(tables_come_back),
        cmocka_unit_test(every_writer_is_valid),
        cmocka_unit_test(marks_are_seen_everywhere),
    };
    nasty_begin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
