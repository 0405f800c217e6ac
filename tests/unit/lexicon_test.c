/* The lexicon: each word of diagnosis.def is found wherever it stands in a text, at its stages only; so is each code. */
#include "enrich/diagnosis.h"
#include "enrich/lexicon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct lexicon lexicon;

static int learn(void **state)
{
    (void)state;
    const struct diagnosis *row;
    for (size_t i = 0; (row = diagnosis_row(i)) != NULL; i++)
        assert_true(lexicon_add(&lexicon, i, row->where, row->signs));
    return 0;
}

static struct row_set worded(enum stage stage, struct str text)
{
    static struct spoken spoken;
    signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, text);
    return lexicon_worded(&lexicon, stage, &spoken);
}

static void look_for(size_t row, struct str word, unsigned where)
{
    static const char *const frames[] = { "%.*s", "x %.*s", "%.*s.", "no%.*sno, no" };
    for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
        char text[128];
        int n = snprintf(text, sizeof(text), frames[i], (int)word.n, word.p);
        for (unsigned stage = 0; stage < STAGES; stage++) {
            struct row_set found = worded((enum stage)(1u << stage), (struct str){ text, (size_t)n });
            assert_int_equal(row_set_has(&found, row), where >> stage & 1);
        }
    }
}

static void finds_words(void **state)
{
    (void)state;
    const struct diagnosis *row;
    for (size_t i = 0; (row = diagnosis_row(i)) != NULL; i++)
        for (const char *pattern = row->signs; *pattern;) {
            struct str sign = signs_next(&pattern);
            if (signs_is_words(sign))
                look_for(i, sign, row->where);
        }
}

static void finds_codes(void **state)
{
    (void)state;
    static const struct {
        const char *sign, *code, *enhanced;
        bool fits;
    } rows[] = { { "45x", "451", "", true },
                 { "45x", "461", "", false },
                 { "5.1.x", "550", "5.1.10", true },
                 { "5.1.x", "550", "5.11.1", false },
                 { "NO", "NO", "", true },
                 { "NO", "NOT", "", false },
                 { "[IN-USE]", "-ERR", "IN-USE", true },
                 { "[IN-USE]", "-ERR", "", false } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct spoken spoken;
        signs_look(&spoken, str_of(rows[i].code), str_of(rows[i].enhanced), STR("text"));
        assert_false(signs_is_words(str_of(rows[i].sign)));
        assert_int_equal(signs_code_fits(str_of(rows[i].sign), &spoken), rows[i].fits);
    }
}

static void in_any_case_of_letters(void **state)
{
    (void)state;
    struct row_set found = worded(REMARK, STR("Warning: connection IMPROPERLY Closed"));
    assert_int_not_equal(row_set_next(&found, 0), FINDINGS_MOST);
    found = worded(REMARK, STR("Warning: connection improperly close"));
    assert_int_equal(row_set_next(&found, 0), FINDINGS_MOST);
    found = worded(REMARK, STR("imp"));
    assert_int_equal(row_set_next(&found, 0), FINDINGS_MOST);
}

static void looks_past_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *text, *seen;
    } rows[] = { { "<Greylist@b.example>: no", "                   >: no" },
                 { "no <relay>\nquota@y", "no       >        " },
                 { "(quota@y:550 Spam)", "             spam)" },
                 { "a < b > c", "a < b > c" },
                 { "<a b> @", "<a b>  " },
                 { ">x <", ">x <" },
                 { "", "" } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct spoken spoken;
        signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, str_of(rows[i].text));
        assert_true(str_equal(spoken.text, str_of(rows[i].seen)));
    }
}

static void takes_lines_as_one(void **state)
{
    (void)state;
    static const struct {
        const char *text, *seen;
    } rows[] = { { "unusual\nrate", "unusual rate" },
                 { "4.7.0 unusual\n4.7.0 rate", "4.7.0 unusual rate" },
                 { "4.7.0\n4.7.0\n4.7.0  rate\n", "4.7.0 rate" },
                 { "4.7.0 unusual\n4.7.1 rate\n4.7.02", "4.7.0 unusual 4.7.1 rate 4.7.02" },
                 { "unusual\n4.7.0 rate", "unusual 4.7.0 rate" },
                 { "  a   b \n\n  c", " a b c" },
                 { "\n", "" } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct spoken spoken;
        signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, str_of(rows[i].text));
        assert_true(str_equal(spoken.text, str_of(rows[i].seen)));
    }
}

static void looks_no_further_than_it_has_room(void **state)
{
    (void)state;
    static char text[3 * SIGNS_LOOKED_AT];
    for (size_t line = 1; line < sizeof(text); line = line * 2 + 1) {
        struct spoken spoken;
        memset(text, 'x', sizeof(text));
        for (size_t i = line; i < sizeof(text); i += line + 1)
            text[i] = '\n';
        signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, (struct str){ text, sizeof(text) });
        assert_int_equal(spoken.text.n, SIGNS_LOOKED_AT);
    }
}

static void refuses_what_it_cannot_hold(void **state)
{
    (void)state;
    static struct lexicon small;
    assert_false(lexicon_add(&small, 0, AT_LOGIN, "too"));
    assert_true(lexicon_add(&small, 1, AT_LOGIN, ""));
    assert_true(row_set_has(&small.anything, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_words),
        cmocka_unit_test(finds_codes),
        cmocka_unit_test(in_any_case_of_letters),
        cmocka_unit_test(looks_past_addresses),
        cmocka_unit_test(takes_lines_as_one),
        cmocka_unit_test(looks_no_further_than_it_has_room),
        cmocka_unit_test(refuses_what_it_cannot_hold),
    };
    return cmocka_run_group_tests(tests, learn, NULL);
}
