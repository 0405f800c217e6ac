/* What fuzzing found and nothing else would show: a row for each. Leaks are in tests/cases/leak.py. */
#include "protocol/credentials.h"
#include "protocol/words.h"
#include "registry.h"
#include "session/assembler.h"
#include "session/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* The first half of "PASS" at the very end: a sanitizer sees whether more is read. */
static void words_end_where_they_end(void **state)
{
    (void)state;
    static const struct str word = { "XPA", 3 };
    char *alone = malloc(word.n);
    memcpy(alone, word.p, word.n);
    assert_int_equal(credentials_unknown((struct str){ alone, word.n }), word.n);
    free(alone);
}

/* The memory of a stamp that was not read yet must not be taken for one. */
static void no_line_is_stamped_by_an_empty_memory(void **state)
{
    (void)state;
    static const struct str firsts[] = { STR("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF.031: << x\n"),
                                         STR("\0\0\0\0\0\0\0\0.031: << x\n") };
    struct lines lines;
    struct batch batch;
    assert_true(lines_make(&lines) && batch_make(&batch));
    for (size_t i = 0; i < sizeof(firsts) / sizeof(*firsts); i++) {
        struct source source;
        source_open_memory(&source, firsts[i]);
        lines_open(&lines, source);
        batch_open(&batch);
        assert_true(batch_fill(&batch, &lines));
        assert_int_equal(batch.events[0].class, NAMES_class_unparsed);
        assert_true(batch.events[0].stamp == STAMP_NONE);
    }
    batch_free(&batch);
    lines_free(&lines);
}

/* A view of nothing may point nowhere, and then nothing may be added to it: a sanitizer sees whether anything is. */
static void nothing_is_a_greeting_of_nobody(void **state)
{
    (void)state;
    const struct str lines[] = { STR(""), STR(" "), STR("*"), STR("x") };
    for (const struct protocol *const *each = registry_protocols; *each; each++)
        for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
            assert_int_equal((*each)->bid(lines[i]), 0);
            assert_int_equal((*each)->bid_command(lines[i]), 0);
        }
}

/* A line of a log without a date has a stamp and no time, so that nothing can be added to it either. */
static void a_record_without_time_has_no_clock(void **state)
{
    (void)state;
    static struct record record;
    record_text(&record, FIELD_time_logged, STR("21:41:43.760"));
    assert_null(assembler_clock(&record));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_end_where_they_end),
        cmocka_unit_test(no_line_is_stamped_by_an_empty_memory),
        cmocka_unit_test(nothing_is_a_greeting_of_nobody),
        cmocka_unit_test(a_record_without_time_has_no_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
