/* Lines that are written by a stencil: whatever stood before them, each comes out as if it were the first. */
#include "registry.h"
#include "views.h"

#include <stdio.h>

struct writing {
    const struct writer *writer;
    void *state;
    struct buf out;
};

static struct writing begin(const char *name)
{
    struct writing writing = { 0 };
    const struct writer *const *each = registry_writers;
    while (*each && strcmp((*each)->name, name) != 0)
        each++;
    assert_non_null(*each);
    writing.writer = *each;
    writing.state = calloc(1, writing.writer->state_size);
    assert_non_null(writing.state);
    writing.writer->begin(writing.state, &writing.out, KIND_LINE);
    writing.out.n = 0;
    return writing;
}

static struct str written(struct writing *writing, const struct record *record)
{
    writing->out.n = 0;
    writing->writer->record(writing->state, &writing->out, record);
    assert_int_equal(writing->out.status, TCPLOG_OK);
    return buf_str(&writing->out);
}

static void end(struct writing *writing)
{
    free(writing->state);
    tcplog_buf_free(&writing->out);
}

/* Numbers as they come: mostly the next ones, sometimes further on, sometimes elsewhere and not together. */
static void go_on(int64_t numbers[4], unsigned i)
{
    static const int64_t elsewhere[] = { 1,        9,        10,        99,        100,
                                         12345678, 99999999, 100000000, 123456789, 1099999999999 };
    int64_t step = i % 7 == 0 ? i % 100 : 1;
    for (int which = 0; which < 3; which++)
        numbers[which] += step;
    numbers[3] += i % 90 * (i % 11 == 0 ? 50 : 1);
    if (i % 29 == 0)
        numbers[2] += i % 3;
    if (i % 97 == 0)
        numbers[i % 4] = elsewhere[i / 3 % COUNT(elsewhere)];
    if (i % 299 == 0)
        for (int which = 0; which < 4; which++)
            numbers[which] = elsewhere[i / 299 % COUNT(elsewhere)];
}

static void set_event_fields(struct record *record, unsigned i, const int64_t numbers[4], char id[48])
{
    static const struct str texts[] = { STR(""), STR("plain"), STR("a \"quoted\", one\n"),
                                        STR(" 17 bytes of it ") };
    int n = snprintf(id, 48, "0123456789abcdef0123456789abcdef-l%lld", (long long)numbers[0]);
    record_text(record, FIELD_id, (struct str){ id, (size_t)n });
    record_number(record, FIELD_sequence, numbers[0]);
    record_text(record, FIELD_time_logged, i % 2 ? STR("21:41:43.760") : STR("00:00:00.000"));
    record_number(record, FIELD_line, numbers[1]);
    record_number(record, FIELD_line_end, numbers[2]);
    record_number(record, FIELD_offset, numbers[3]);
    record_text(record, FIELD_text, texts[i % COUNT(texts)]);
    if (i % 31 == 0)
        record_text(record, FIELD_text_base64, STR("\xFF\xFE"));
    else
        record_clear(record, FIELD_text_base64);
    if (i / 50 % 17 == 16)
        record_clear(record, FIELD_time_logged);
}

static void lines_of_one_session(const char *name)
{
    struct writing together = begin(name);
    int64_t numbers[4] = { 0 };
    for (unsigned i = 0; i < 20000; i++) {
        struct record record = { .kind = KIND_LINE, .generation = { 1, 2 + i / 500 % 20, 1 } };
        char id[48];
        record_text(&record, FIELD_kind, STR("line"));
        record_text(&record, FIELD_source_file, STR("a,\"b\""));
        if (i / 500 % 2)
            record_name(&record, FIELD_eol, NAMES_eol_lf);
        go_on(numbers, i);
        set_event_fields(&record, i, numbers, id);
        struct writing alone = begin(name);
        assert_str(written(&together, &record), written(&alone, &record));
        end(&alone);
    }
    end(&together);
}

static void objects_of_one_session(void **state)
{
    (void)state;
    lines_of_one_session("jsonl");
}

static void rows_of_one_session(void **state)
{
    (void)state;
    lines_of_one_session("csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_of_one_session),
        cmocka_unit_test(rows_of_one_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
