/* Words of command lines, and where in them a secret begins. Each row's line has a | where its secret begins; none: there
 * is no secret. */
#include "protocol/credentials.h"
#include "protocol/tokens.h"
#include "protocol/words.h"
#include "views.h"

static void same_places(size_t (*find)(struct str), const char *const *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char line[200];
        const char *bar = strchr(rows[i], '|');
        size_t at = bar ? (size_t)(bar - rows[i]) : strlen(rows[i]), n = strlen(rows[i]) - (bar != NULL);
        memcpy(line, rows[i], at);
        memcpy(line + at, rows[i] + at + (bar != NULL), n - at);
        struct str text = exactly((struct str){ line, n });
        size_t found = find(text);
        if (found != at)
            fail_msg("'%s': found at %zu", rows[i], found);
        free((char *)text.p);
    }
}

static void secrets_of_credential_commands(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "PASS |word",
        "pass |two words",
        "  Pass   |word",
        "PASS\t|word",
        "PASS:|word",
        "PASS=|word",
        "PASS",
        "PASS ",
        "PASSWORD word",
        "APOP ann |digest",
        "APOP ann",
        "AUTH PLAIN |AGFub",
        "AUTH=PLAIN |AGFub",
        "PASS |:::",
        "PASS |=x",
        "PASS:|:x",
        "auth login",
        "AUTH",
        "AUTH |AGFubgBzZWNyZXQ=",
        "AUTH XOAUTH2 |abc",
        "A1 LOGIN |ann word",
        "a1 login |{3}",
        "LOGIN |ann word",
        "A1 AUTHENTICATE PLAIN |abc",
        "A1 AUTHENTICATE PLAIN",
        "A1 B2 LOGIN ann word",
        "USER ann",
        "MAIL FROM:<pass@x>",
        "PA SS word",
        "",
        " ",
        "+OK PASS",
    };
    same_places(credentials_from, rows, COUNT(rows));
}

static void secrets_within_stray_lines(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "> PASS |word",
        "12:00 << PASS |word",
        "x (PASS |word)",
        "PASS",
        "|AGFubgBzZWNyZXQ=",
        "> |AGFubgBzZWNyZXQ=<cr><lf>",
        "he said |QmFzZTY0 to me",
        "bypass the gate",
        "compass needle",
        "some prose, with Words of Prose",
        "1234567890123",
        "Mozilla",
        "HELO mx.example.com",
        "<ann@example.com>",
        "",
        "a-b-|AGFubgBzZWNyZXQ=",
        "APOP-APOP |x",
        "a<lf>|AGFubgBzZWNyZXQ=<lf>b",
    };
    same_places(credentials_within, rows, COUNT(rows));
}

/* The verb may be misspelt, or be one of passwords that we do not know; or was edited while it was typed. */
static void secrets_of_unknown_commands(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "PASS|S word",
        "XAUTH |abc",
        "MYPASS|WORD x",
        "XTOKEN |AGFub",
        "PWD",
        "|PAZ\bSS word",
        "XFOO bar",
        "NOOP",
        "",
        "XFOO |AGFubgBzZWNyZXQ=",
        "XFOO PASS |word",
    };
    same_places(credentials_unknown, rows, COUNT(rows));
}

static void words_are_cut_off(void **state)
{
    (void)state;
    struct str rest = STR("  MAIL \t FROM:<a b>  ");
    assert_view(words_next(&rest), "MAIL");
    assert_view(rest, "FROM:<a b>  ");
    assert_view(words_next(&rest), "FROM:<a");
    assert_view(words_next(&rest), "b>");
    assert_view(words_next(&rest), "");
    assert_view(rest, "");
    assert_view(words_next(&rest), "");
    rest = (struct str){ 0 };
    assert_int_equal(words_next(&rest).n, 0);
    assert_int_equal(words_leading(rest).n, 0);
}

static void blanks_around_words(void **state)
{
    (void)state;
    assert_view(words_trim(STR(" \t a b \t\r")), "a b");
    assert_view(words_trim(STR(" \t \r")), "");
    assert_view(words_trim(STR("")), "");
    assert_view(words_trim(STR("\xA0x")), "\xA0x");
    assert_view(words_bare(STR("\xC2\xA0 \x01x\x7F\xA0")), "x");
    assert_view(words_bare(STR("\xC2\xA0")), "");
}

static void verbs_in_any_case(void **state)
{
    (void)state;
    static const struct verb verbs[] = { { { "MAIL", 4 }, NAMES_phase_envelope, 0, 0 },
                                         { { "XYZ1", 4 }, NAMES_phase_other, 0, 0 } };
    assert_true(words_verb(verbs, 2, STR("mAiL")) == &verbs[0]);
    assert_true(words_verb(verbs, 2, STR("xyz1")) == &verbs[1]);
    assert_null(words_verb(verbs, 2, STR("MAI")));
    assert_null(words_verb(verbs, 2, STR("MAILS")));
    assert_null(words_verb(verbs, 2, STR("MAIL\0")));
    assert_null(words_verb(verbs, 2, STR("-AIL")));
    assert_null(words_verb(verbs, 2, STR("")));
    assert_true(words_are(STR("auth"), STR("AUTH")));
    assert_false(words_are(STR("auth "), STR("AUTH")));
}

static void what_may_be_a_verb(void **state)
{
    (void)state;
    assert_true(words_alphabetic(STR("EHLO")));
    assert_true(words_alphabetic(STR("x2")));
    assert_true(words_alphabetic(STR("abcdefghijklmnopqrstuvwxyz012345")));
    assert_false(words_alphabetic(STR("abcdefghijklmnopqrstuvwxyz0123456")));
    assert_false(words_alphabetic(STR("")));
    assert_false(words_alphabetic(STR("A-B")));
    assert_false(words_alphabetic(STR("\x16\x03")));
    assert_false(words_alphabetic(STR("[\\]^_")));
    assert_false(words_alphabetic(STR("@`{|}")));
}

static void mechanisms(void **state)
{
    (void)state;
    static const struct str good[] = { STR("PLAIN"),   STR("login"),         STR("CRAM-MD5"),
                                       STR("XOAUTH2"), STR("SCRAM-SHA-256"), STR("DIGEST-MD5"),
                                       STR("NTLM"),    STR("Login") };
    static const struct str bad[] = { STR(""),         STR("AGFubgBzZWNyZXQ="),      STR("c2VjcmV0"),
                                      STR("AGFub/=="), STR("ABCDEFGHIJKLMNOPQRSTU"), STR("PLAIN\r"),
                                      STR("PL AIN") };
    for (size_t i = 0; i < COUNT(good); i++)
        if (!credentials_mechanism(good[i]))
            fail_msg("%s is no mechanism", good[i].p);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (credentials_mechanism(bad[i]))
            fail_msg("%s is a mechanism", bad[i].p);
}

static void what_may_be_base64_of_a_secret(void **state)
{
    (void)state;
    static const struct str opaque[] = { STR("c2VjcmV0"),         STR("AGFubgBzZWNyZXQ="), STR("abcdefg1"),
                                         STR("abcd/efg"),         STR("aBcDeFgH"),         STR(" c2VjcmV0 "),
                                         STR("c2VjcmV0<cr><lf>"), STR("====+++=") };
    static const struct str clear[] = { STR("secret"),   STR("password"),  STR("CAPABILITY"),
                                        STR("Received"), STR("12345678"),  STR("a.b.c.d.e"),
                                        STR("c2Vj"),     STR("c2Vj cmV0"), STR("ann@example.com"),
                                        STR("") };
    for (size_t i = 0; i < COUNT(opaque); i++)
        if (!credentials_opaque(opaque[i]))
            fail_msg("%s is clear", opaque[i].p);
    for (size_t i = 0; i < COUNT(clear); i++)
        if (credentials_opaque(clear[i]))
            fail_msg("%s is opaque", clear[i].p);
}

static bool is_noop(struct str line)
{
    return words_are(words_leading(line), STR("NOOP"));
}

static void first_lines_of_records(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        bool any;
        size_t length, used;
    } rows[] = {
        { STR("RSET<cr><lf>NOOP"), false, 4, 12 },
        { STR("RSET<lf>noop x"), false, 4, 8 },
        { STR("RSET<cr>NOOP"), false, 4, 8 },
        { STR("RSET<cr><lf>PASS x"), false, 4, 12 },
        { STR("RSET<cr><lf>YW5u"), false, 16, 16 },
        { STR("RSET<cr><lf>YW5u"), true, 4, 12 },
        { STR("RSET<cr><lf>"), true, 12, 12 },
        { STR("<cr><lf>NOOP"), false, 0, 8 },
        { STR("MAIL FROM:<a>"), true, 13, 13 },
        { STR("a<b<cr><lf>NOOP"), false, 3, 11 },
        { STR("<lf><cr><lf>NOOP"), false, 4, 12 },
        { STR("x<"), true, 2, 2 },
        { STR(""), true, 0, 0 },
        { STR("a<lf>b<lf>c LOGIN d e"), false, 1, 5 },
        { STR("a<lf>b<lf>APOP<lf>PASS x"), false, 6, 10 },
        { STR("a<lf>b APOP c<lf>d PASS x"), false, 1, 5 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t used = 77;
        struct str text = exactly(rows[i].text);
        size_t n = tokens_first_line(text, rows[i].any ? tokens_any : is_noop, true, &used);
        if (n != rows[i].length || used != rows[i].used)
            fail_msg("'%s': %zu, used %zu", rows[i].text.p, n, used);
        free((char *)text.p);
    }
}

/* Where the arrow of a swallowed line stands makes no difference, nor what stands around it. */
static void a_line_is_found_in_another(void **unused)
{
    (void)unused;
    static const char *const none[] = { "",
                                        "x21:41:43.760: <<",
                                        "21:41:43.760: <> x",
                                        "21:41:43,760: << x",
                                        "1:41:43.760: << x of few bytes",
                                        "21:41:43.760 << x",
                                        "MAIL FROM:<<a@b.example>> and more of it" };
    for (size_t i = 0; i < COUNT(none); i++) {
        struct str text = exactly(str_of(none[i]));
        assert_int_equal(credentials_swallowed(text), text.n);
        free((char *)text.p);
    }
    for (size_t before = 0; before < 70; before++)
        for (size_t behind = 0; behind < 40; behind++) {
            char line[160];
            memset(line, '<', sizeof(line));
            for (size_t i = 0; i < before; i++)
                line[i] = "x>"[i % 2];
            memcpy(line + before, behind % 2 ? "21:41:43.760: << " : "21:41:43.760: >> ", 17);
            struct str text = exactly((struct str){ line, before + 17 + behind });
            assert_int_equal(credentials_swallowed(text), before + 17);
            free((char *)text.p);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_of_credential_commands),
        cmocka_unit_test(secrets_within_stray_lines),
        cmocka_unit_test(secrets_of_unknown_commands),
        cmocka_unit_test(words_are_cut_off),
        cmocka_unit_test(blanks_around_words),
        cmocka_unit_test(verbs_in_any_case),
        cmocka_unit_test(what_may_be_a_verb),
        cmocka_unit_test(mechanisms),
        cmocka_unit_test(what_may_be_base64_of_a_secret),
        cmocka_unit_test(first_lines_of_records),
        cmocka_unit_test(a_line_is_found_in_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
