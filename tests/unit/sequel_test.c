/* Records and their sequels: what a sequel means, and that every writer which takes one writes the very bytes of the
 * records one by one, wherever a number gets another digit and whatever a text needs. */
#include "base/decimal.h"
#include "base/wide.h"
#include "model/sequel.h"
#include "registry.h"
#include "views.h"

#include <stdio.h>

enum { LINES = 150, STAMPS = 7 };

static struct sequel_line lines[LINES];
static char stamps[STAMPS][STAMP_TEXT + 1], clocks[STAMPS][STAMP_TEXT + 1];

/* Texts that are plain, that need quotes or escapes, of every length around a word and a block, and empty ones; quotes and
 * commas stand behind them. */
static struct str text_of(size_t i)
{
    static char readable[LINES][128];
    static const struct str nasty[] = { STR(""),         STR("a,b"),       STR(" blank"),
                                        STR("\"quoted"), STR("tab\t\x01"), STR("caf\xC3\xA9"),
                                        STR("back\\sl"), STR("c\rr"),      STR("end with \""),
                                        STR("=1+1"),     STR("'x"),        STR("-ERR a,b") };
    static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ<>()[]{}!?";
    struct str text =
        i % 5 == 4 ? nasty[i / 5 % COUNT(nasty)] : (struct str){ plain, i % (sizeof(plain) - 1) };
    memset(readable[i], i % 2 ? '"' : ',', sizeof(readable[i]));
    memcpy(readable[i], text.p, text.n);
    return (struct str){ readable[i], text.n };
}

/* Offsets grow by `step` from `offset` on. */
static struct sequel make(size_t count, uint64_t offset, uint64_t step)
{
    for (size_t i = 0; i < STAMPS; i++) {
        snprintf(stamps[i], sizeof(stamps[i]), "21:41:43.%03zu", 7 + i * 13);
        snprintf(clocks[i], sizeof(clocks[i]), "21:41:44.%03zu", i);
    }
    for (size_t i = 0; i < count; i++)
        lines[i] = (struct sequel_line){ text_of(i), stamps[i / 3 % STAMPS], clocks[i / 3 % STAMPS],
                                         offset + i * step };
    return (struct sequel){ lines, count };
}

static char id[80];

static struct record first_of(uint64_t sequence, uint64_t line, bool dated)
{
    struct record record = { .kind = KIND_LINE };
    for (int life = 0; life < LIFE_COUNT; life++)
        record.generation[life] = 1;
    int n = snprintf(id, sizeof(id), "0123456789abcdef0123456789abcdef-l%llu", (unsigned long long)sequence);
    record_text(&record, FIELD_kind, STR("line"));
    record_text(&record, FIELD_id, (struct str){ id, (size_t)n });
    record_number(&record, FIELD_sequence, (int64_t)sequence);
    if (dated) {
        record_text(&record, FIELD_time, STR("2014-08-06T21:41:44.001+02:00"));
        record_text(&record, FIELD_time_zone, STR("+02:00"));
    }
    record_text(&record, FIELD_time_logged, STR("21:41:43.001"));
    record_text(&record, FIELD_source_file, STR("a\"b"));
    record_number(&record, FIELD_line, (int64_t)line);
    record_number(&record, FIELD_line_end, (int64_t)line);
    record_number(&record, FIELD_offset, 7);
    record_name(&record, FIELD_class, NAMES_class_data);
    record_name(&record, FIELD_eol, NAMES_eol_crlf);
    record_number(&record, FIELD_exchange, 12);
    record_text(&record, FIELD_text, STR("the first"));
    return record;
}

static void a_sequel_counts_on(void **state)
{
    (void)state;
    struct record first = first_of(99, 1234, true);
    struct sequel sequel = make(3, 5000, 10);
    struct sequel_room room;
    const struct record *record = sequel_record(&room, &first, &sequel, 2);
    assert_view(record->values[FIELD_id].text, "0123456789abcdef0123456789abcdef-l102");
    assert_int_equal(record->values[FIELD_sequence].number, 102);
    assert_int_equal(record->values[FIELD_line].number, 1237);
    assert_int_equal(record->values[FIELD_line_end].number, 1237);
    assert_int_equal(record->values[FIELD_offset].number, 5020);
    assert_int_equal(record->values[FIELD_exchange].number, 12);
    assert_view(record->values[FIELD_time_logged].text, "21:41:43.007");
    assert_view(record->values[FIELD_time].text, "2014-08-06T21:41:44.000+02:00");
    assert_view(record->values[FIELD_text].text, "01");
    first = first_of(99, 1234, false);
    assert_false(record_has(sequel_record(&room, &first, &sequel, 0), FIELD_time));
}

static void same_bytes(const struct writer *writer, const struct record *first, const struct sequel *sequel,
                       bool twice)
{
    struct buf together = { 0 }, alone = { 0 };
    struct sequel_room room;
    void *one = calloc(1, writer->state_size), *other = calloc(1, writer->state_size);
    writer->begin(one, &together, KIND_LINE);
    writer->begin(other, &alone, KIND_LINE);
    for (int time = 0; time <= twice; time++) {
        writer->sequel(one, &together, first, sequel);
        writer->record(other, &alone, first);
        for (size_t i = 0; i < sequel->count; i++)
            writer->record(other, &alone, sequel_record(&room, first, sequel, i));
    }
    assert_int_equal(together.status, TCPLOG_OK);
    assert_str(buf_str(&together), buf_str(&alone));
    free(one);
    free(other);
    tcplog_buf_free(&together);
    tcplog_buf_free(&alone);
}

static void with_all_writers(const struct record *first, const struct sequel *sequel)
{
    size_t found = 0;
    for (const struct writer *const *each = registry_writers; *each; each++)
        if ((*each)->sequel) {
            for (int narrow = 0; narrow < 2; narrow++) {
                wide_refused = narrow;
                same_bytes(*each, first, sequel, false);
                same_bytes(*each, first, sequel, true);
            }
            found++;
        }
    assert_int_equal(found, 3);
}

static void numbers_may_get_another_digit(void **state)
{
    (void)state;
    static const struct {
        uint64_t sequence, line, offset, step;
    } rows[] = {
        { 1, 1, 0, 1 },
        { 8, 95, 995, 1 },
        { 98, 999, 9990, 7 },
        { 1999, 99990, 99000, 1000 },
        { 99999990, 99999980, 99999000, 77 },
        { 999999990, 1099999990, 999990000, 100 },
        { 12345678901, 99999999999, 1199999990000, 1000 },
        { 5, 5, 50, 99999999 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int dated = 0; dated <= 1; dated++) {
            struct record first = first_of(rows[i].sequence, rows[i].line, dated);
            struct sequel sequel = make(LINES, rows[i].offset, rows[i].step);
            with_all_writers(&first, &sequel);
        }
}

/* No stencil repeats these: they are written whole each time. */
static void what_a_stencil_cannot_repeat(void **state)
{
    (void)state;
    static char path[5000];
    struct record first = first_of(8, 8, true);
    struct sequel sequel = make(LINES, 90, 10);
    memset(path, 'x', sizeof(path));
    record_text(&first, FIELD_source_file, (struct str){ path, sizeof(path) });
    with_all_writers(&first, &sequel);
    first = first_of(8, 8, true);
    record_text(&first, FIELD_text_base64, STR("\x80"));
    with_all_writers(&first, &sequel);
    first = first_of(8, 8, true);
    sequel.count = 0;
    with_all_writers(&first, &sequel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequel_counts_on),
        cmocka_unit_test(numbers_may_get_another_digit),
        cmocka_unit_test(what_a_stencil_cannot_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
