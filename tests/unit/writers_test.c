/* The writers to the byte: quotes and escapes, what is missing and what is empty, and that a kept text is written again
 * only while its generation stays. Nasty records by the hundred are agree_test's. */
#include "model/columns.h"
#include "registry.h"
#include "views.h"

#include <stdio.h>

static struct buf out;
static void *state_of;
static const struct writer *writer;

static void begin(const char *name, enum kind kind)
{
    const struct writer *const *each = registry_writers;
    while (*each && strcmp((*each)->name, name) != 0)
        each++;
    assert_non_null(*each);
    writer = *each;
    free(state_of);
    state_of = calloc(1, writer->state_size);
    assert_non_null(state_of);
    out.n = 0;
    writer->begin(state_of, &out, kind);
}

static struct record blank(enum kind kind)
{
    struct record record = { .kind = kind };
    for (int life = 0; life < LIFE_COUNT; life++)
        record.generation[life] = 1;
    return record;
}

/* What one record adds to the output. */
static struct str written(const struct record *record)
{
    size_t before = out.n;
    writer->record(state_of, &out, record);
    assert_int_equal(out.status, TCPLOG_OK);
    return str_from(buf_str(&out), before);
}

static struct str end_of(void)
{
    size_t before = out.n;
    writer->end(state_of, &out);
    return str_from(buf_str(&out), before);
}

static void an_object_of_a_few_fields(void **state)
{
    (void)state;
    static const struct str items[] = { STR("8BITMIME"), STR("a\"b"), STR("") };
    struct record record = blank(KIND_SESSION);
    begin("jsonl", KIND_SESSION);
    assert_int_equal(out.n, 0);
    record_text(&record, FIELD_kind, STR("session"));
    record_number(&record, FIELD_line, 0);
    record_number(&record, FIELD_tls, 1);
    record_set(&record, FIELD_capabilities)->list = (struct list){ items, 3 };
    record_number(&record, FIELD_exchanges, -1);
    assert_view(written(&record), "{\"kind\":\"session\",\"line\":0,\"tls\":true,"
                                  "\"capabilities\":[\"8BITMIME\",\"a\\\"b\",\"\"],\"exchanges\":-1}\n");
    record_number(&record, FIELD_tls, 0);
    record_clear(&record, FIELD_line);
    record_clear(&record, FIELD_exchanges);
    record_set(&record, FIELD_capabilities)->list = (struct list){ NULL, 0 };
    assert_view(written(&record), "{\"kind\":\"session\",\"tls\":false,\"capabilities\":[]}\n");
    assert_view(end_of(), "");
}

static void fields_of_other_kinds_are_not_written(void **state)
{
    (void)state;
    struct record record = blank(KIND_LINE);
    begin("jsonl", KIND_LINE);
    record_number(&record, FIELD_rtt_ms, 5);
    record_text(&record, FIELD_text, STR("x"));
    assert_view(written(&record), "{\"text\":\"x\"}\n");
}

static void strings_are_escaped(void **state)
{
    (void)state;
    static const struct {
        struct str text, json;
    } rows[] = {
        { STR(""), STR("") },
        { STR("\""), STR("\\\"") },
        { STR("\\"), STR("\\\\") },
        { STR("/"), STR("/") },
        { STR("\b\t\n\f\r"), STR("\\b\\t\\n\\f\\r") },
        { STR("\x01\x0B\x1F\x7F"), STR("\\u0001\\u000b\\u001f\x7F") },
        { STR("\x1B[31m"), STR("\\u001b[31m") },
        { STR("gr\xC3\xBC\xC3\x9F"), STR("gr\xC3\xBC\xC3\x9F") },
        { STR("\xE2\x80\xA8"), STR("\xE2\x80\xA8") },
        { STR("fifteen bytes..\""), STR("fifteen bytes..\\\"") },
        { STR("sixteen bytes...\\"), STR("sixteen bytes...\\\\") },
        { STR("\"and then some forty bytes that are plain text\n"),
          STR("\\\"and then some forty bytes that are plain text\\n") },
    };
    begin("jsonl", KIND_LINE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct record record = blank(KIND_LINE);
        char expected[200];
        record_text(&record, FIELD_text, rows[i].text);
        int n = snprintf(expected, sizeof(expected), "{\"text\":\"%.*s\"}\n", (int)rows[i].json.n,
                         rows[i].json.p);
        assert_str(written(&record), ((struct str){ expected, (size_t)n }));
    }
}

static void bytes_are_base64(void **state)
{
    (void)state;
    struct record record = blank(KIND_LINE);
    begin("jsonl", KIND_LINE);
    record_text(&record, FIELD_text_base64, STR("\0\xFF\x80x"));
    assert_view(written(&record), "{\"text_base64\":\"AP+AeA==\"}\n");
    record_text(&record, FIELD_text_base64, STR(""));
    assert_view(written(&record), "{\"text_base64\":\"\"}\n");
}

/* The cell of the text column. */
static struct str cell_of(struct str text)
{
    struct record record = blank(KIND_LINE);
    record_text(&record, FIELD_text, text);
    struct str row = written(&record);
    while (row.n && row.p[0] == ',')
        row = str_from(row, 1);
    assert_true(str_ends(row, STR(",,\r\n")));
    return str_upto(row, row.n - 4);
}

static void cells_are_quoted_where_they_must(void **state)
{
    (void)state;
    static const struct {
        struct str text, cell;
    } rows[] = {
        { STR("plain"), STR("plain") },
        { STR(""), STR("\"\"") },
        { STR("\""), STR("\"\"\"\"") },
        { STR("say \"hi\""), STR("\"say \"\"hi\"\"\"") },
        { STR("a,b"), STR("\"a,b\"") },
        { STR("a\rb"), STR("\"a\rb\"") },
        { STR("a\nb"), STR("\"a\nb\"") },
        { STR(" x"), STR("\" x\"") },
        { STR("x\t"), STR("\"x\t\"") },
        { STR("x y"), STR("x y") },
        { STR("\x01 and \x0B"), STR("\x01 and \x0B") },
        { STR("tab\tinside"), STR("tab\tinside") },
        { STR("a tab\tand, late, a comma"), STR("\"a tab\tand, late, a comma\"") },
        { STR("sixteen bytes...\""), STR("\"sixteen bytes...\"\"\"") },
        { STR("+OK"), STR("+OK") },
    };
    begin("csv", KIND_LINE);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_str(cell_of(rows[i].text), rows[i].cell);
}

static size_t count_of(struct str text, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < text.n; i++)
        count += text.p[i] == c;
    return count;
}

static void formulas_are_guarded(void **state)
{
    (void)state;
    static const struct {
        struct str text, cell;
    } rows[] = {
        { STR("=1+1"), STR("'=1+1") },
        { STR("+OK"), STR("'+OK") },
        { STR("-ERR a,b"), STR("\"'-ERR a,b\"") },
        { STR("@SUM"), STR("'@SUM") },
        { STR("\tx"), STR("'\tx") },
        { STR("\rx"), STR("\"'\rx\"") },
        { STR("\0x"), STR("\"'\0x\"") },
        { STR("\001=1"), STR("'\001=1") },
        { STR("\x1B[2J"), STR("'\x1B[2J") },
        { STR("\x1F"), STR("'\x1F") },
        { STR("\x7F=1"), STR("'\x7F=1") },
        { STR("\nx"), STR("\"'\nx\"") },
        { STR("= "), STR("\"'= \"") },
        { STR("=\"q\""), STR("\"'=\"\"q\"\"\"") },
        { STR("'x"), STR("''x") },
        { STR("x=1"), STR("x=1") },
        { STR(""), STR("\"\"") },
    };
    begin("csv-excel", KIND_LINE);
    assert_true(str_starts(buf_str(&out), STR("\xEF\xBB\xBFkind,schema,")));
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_str(cell_of(rows[i].text), rows[i].cell);
    struct record record = blank(KIND_LINE);
    record_text(&record, FIELD_time_zone, STR("+01:00"));
    record_text(&record, FIELD_text_base64, STR("\xFB\xFF"));
    struct str row = written(&record);
    assert_non_null(memmem(row.p, row.n, ",'+01:00,", 9));
    assert_true(str_ends(row, STR(",'+/8=,\r\n")));
}

/* A text that begins with `first`, and goes on with so many of `again`. */
static struct str long_text(const char *first, const char *again, size_t count)
{
    static char text[200000];
    size_t n = strlen(again), before = strlen(first);
    memcpy(text, first, before);
    for (size_t i = 0; i < count; i++)
        memcpy(text + before + i * n, again, n);
    return (struct str){ text, before + count * n };
}

/* A cell holds 32,767 units of UTF-16, of which an ellipsis is one. */
static void long_cells_are_cut(void **state)
{
    (void)state;
    static const struct {
        const char *first, *again;
        size_t count, left; /* bytes of the cell; all of them: it is not cut */
    } rows[] = {
        { "", "x", 32767, 32767 },           { "", "x", 32768, 32766 + 3 },
        { "=", "x", 32765, 32767 },          { "=", "x", 32766, 1 + 32765 + 3 },
        { "", "\xC3\xA9", 32767, 65534 },    { "", "\xF0\x9F\x98\x80", 16384, 4 * 16383 + 3 },
        { "x,", "y", 40000, 2 + 32766 + 3 },
    };
    begin("csv-excel", KIND_LINE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str cell = cell_of(long_text(rows[i].first, rows[i].again, rows[i].count));
        assert_int_equal(cell.n, rows[i].left);
    }
    struct record record = blank(KIND_LINE);
    record_text(&record, FIELD_text_base64, long_text("", "\xFF\xFF\xFF", 10000));
    struct str row = written(&record);
    assert_non_null(memmem(row.p, row.n, ",////", 5));
    assert_true(row.n < 32767 + 100);
}

/* Items that have no room are one: the cell stays a list. */
static void long_lists_are_cut(void **state)
{
    (void)state;
    static struct str items[4096];
    for (size_t i = 0; i < COUNT(items); i++)
        items[i] = STR("<somebody@somewhere.example>");
    struct record record = blank(KIND_SESSION);
    record_set(&record, FIELD_capabilities)->list = (struct list){ items, COUNT(items) };
    begin("csv-excel", KIND_SESSION);
    struct str row = written(&record);
    size_t quotes = count_of(row, '"');
    static const char last[] = ",\"\"<somebody@somewhere.example>\"\",\"\"\xE2\x80\xA6\"\"]\",";
    assert_non_null(memmem(row.p, row.n, last, sizeof(last) - 1));
    /* 1,056 of 31 units, a bracket, and what stands for the rest */
    assert_int_equal(quotes, 2 + 4 * 1057);
    record_set(&record, FIELD_capabilities)->list = (struct list){ items, 1057 };
    assert_int_equal(count_of(written(&record), '"'), 2 + 4 * 1057);
    items[0] = long_text("", "x", 40000);
    row = written(&record);
    static const char only[] = ",\"[\"\"\xE2\x80\xA6\"\"]\",";
    assert_non_null(memmem(row.p, row.n, only, sizeof(only) - 1));
}

static void a_header_and_a_rectangle(void **state)
{
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        enum field_id columns[FIELD_count];
        size_t count = columns_of((enum kind)kind, columns);
        begin("csv", (enum kind)kind);
        assert_int_equal(count_of(buf_str(&out), ','), count - 1);
        assert_true(str_starts(buf_str(&out), STR("kind,schema,")));
        assert_true(str_ends(buf_str(&out), STR("\r\n")));
        struct record record = blank((enum kind)kind);
        struct str row = written(&record);
        assert_int_equal(row.n, count - 1 + 2);
        assert_int_equal(count_of(row, ','), count - 1);
    }
    assert_view(end_of(), "");
}

static void lists_and_flags_in_cells(void **state)
{
    (void)state;
    static const struct str items[] = { STR("a,b"), STR("c\"d"), STR("e") };
    struct record record = blank(KIND_SESSION);
    begin("csv", KIND_SESSION);
    record_number(&record, FIELD_tls, 0);
    record_set(&record, FIELD_capabilities)->list = (struct list){ items, 3 };
    struct str row = written(&record);
    assert_non_null(memmem(row.p, row.n, ",false,", 7));
    static const char cell[] = ",\"[\"\"a,b\"\",\"\"c\\\"\"d\"\",\"\"e\"\"]\",";
    assert_non_null(memmem(row.p, row.n, cell, sizeof(cell) - 1));
    record_set(&record, FIELD_capabilities)->list = (struct list){ NULL, 0 };
    row = written(&record);
    assert_non_null(memmem(row.p, row.n, ",[],", 4));
}

static struct str with_source(const char *source, uint64_t generation)
{
    struct record record = blank(KIND_EXCHANGE);
    record.generation[LIFE_SESSION] = generation;
    record_text(&record, FIELD_source_file, str_of(source));
    return written(&record);
}

static void other_generations_are_written_anew(void **state)
{
    (void)state;
    begin("jsonl", KIND_EXCHANGE);
    assert_view(with_source("a", 1), "{\"source_file\":\"a\"}\n");
    assert_view(with_source("a", 1), "{\"source_file\":\"a\"}\n");
    assert_view(with_source("longer name", 2), "{\"source_file\":\"longer name\"}\n");
    assert_view(with_source("b", 3), "{\"source_file\":\"b\"}\n");
    assert_view(with_source("", 4), "{\"source_file\":\"\"}\n");
}

static struct str with_command(const char *command, uint64_t generation)
{
    struct record record = blank(KIND_EXCHANGE);
    record.generation[LIFE_VERB] = generation;
    record_text(&record, FIELD_command, str_of(command));
    return written(&record);
}

/* More of them than are kept, and one that is no other's, many times. */
static void verbs_that_come_again(void **state)
{
    (void)state;
    char command[32], expected[64];
    begin("jsonl", KIND_EXCHANGE);
    for (uint64_t i = 0; i < 2000; i++) {
        uint64_t generation = i % 300 * (i % 7 == 0 ? 1 : 256);
        snprintf(command, sizeof(command), "%llu", (unsigned long long)(generation ? generation : i));
        snprintf(expected, sizeof(expected), "{\"command\":\"%s\"}\n", command);
        assert_str(with_command(command, generation), str_of(expected));
    }
}

/* Kinds have texts of their own, whatever their generations. */
static void kinds_do_not_share_their_texts(void **state)
{
    (void)state;
    struct record line = blank(KIND_LINE), session = blank(KIND_SESSION);
    begin("jsonl", KIND_LINE);
    record_text(&line, FIELD_source_file, STR("of lines"));
    record_text(&session, FIELD_source_file, STR("of sessions"));
    for (int i = 0; i < 3; i++) {
        assert_view(written(&line), "{\"source_file\":\"of lines\"}\n");
        assert_view(written(&session), "{\"source_file\":\"of sessions\"}\n");
    }
}

/* A path too long to be kept is right all the same, and so is what follows it. */
static void long_texts_of_a_session(void **state)
{
    (void)state;
    char path[6000];
    memset(path, '"', sizeof(path));
    path[sizeof(path) - 1] = '\0';
    begin("jsonl", KIND_EXCHANGE);
    for (int i = 0; i < 3; i++) {
        struct str row = with_source(path, 1);
        assert_int_equal(row.n, sizeof("{\"source_file\":\"\"}\n") - 1 + 2 * (sizeof(path) - 1));
        assert_true(str_ends(row, STR("\\\"\"}\n")));
    }
    assert_view(with_source("short", 2), "{\"source_file\":\"short\"}\n");
}

static void counting_fields_count_right(void **state)
{
    (void)state;
    char expected[64];
    struct record record = blank(KIND_LINE);
    begin("jsonl", KIND_LINE);
    for (int64_t i = 1; i < 2500; i += i % 100 == 0 ? 7 : 1) {
        record_number(&record, FIELD_line, i);
        int n = snprintf(expected, sizeof(expected), "{\"line\":%d}\n", (int)i);
        assert_str(written(&record), ((struct str){ expected, (size_t)n }));
    }
}

/* All fields of a kind at once, and none; a failed buffer takes nothing. */
static void whole_records_and_failed_buffers(void **state)
{
    (void)state;
    struct record record = blank(KIND_EXCHANGE);
    for (int id = 0; id < FIELD_count; id++)
        if (tcplog_fields[id].type == TYPE_NUMBER || tcplog_fields[id].type == TYPE_FLAG)
            record_number(&record, (enum field_id)id, 1);
        else if (tcplog_fields[id].type != TYPE_LIST)
            record_text(&record, (enum field_id)id, STR("x"));
    enum field_id columns[FIELD_count];
    size_t count = columns_of(KIND_EXCHANGE, columns);
    begin("jsonl", KIND_EXCHANGE);
    assert_int_equal(count_of(written(&record), ':'), count);
    begin("csv", KIND_EXCHANGE);
    assert_int_equal(count_of(written(&record), ','), count - 1);
    record = blank(KIND_EXCHANGE);
    begin("jsonl", KIND_EXCHANGE);
    out.status = TCPLOG_MEMORY;
    writer->record(state_of, &out, &record);
    assert_int_equal(out.n, 0);
    out.status = TCPLOG_OK;
}

static int drop(void **state)
{
    (void)state;
    free(state_of);
    tcplog_buf_free(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_of_a_few_fields),
        cmocka_unit_test(fields_of_other_kinds_are_not_written),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(bytes_are_base64),
        cmocka_unit_test(cells_are_quoted_where_they_must),
        cmocka_unit_test(formulas_are_guarded),
        cmocka_unit_test(long_cells_are_cut),
        cmocka_unit_test(long_lists_are_cut),
        cmocka_unit_test(a_header_and_a_rectangle),
        cmocka_unit_test(lists_and_flags_in_cells),
        cmocka_unit_test(other_generations_are_written_anew),
        cmocka_unit_test(verbs_that_come_again),
        cmocka_unit_test(kinds_do_not_share_their_texts),
        cmocka_unit_test(long_texts_of_a_session),
        cmocka_unit_test(counting_fields_count_right),
        cmocka_unit_test(whole_records_and_failed_buffers),
    };
    return cmocka_run_group_tests(tests, NULL, drop);
}
