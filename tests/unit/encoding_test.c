/* Base64 by the examples of RFC 4648, and UTF-8 by the table of RFC 3629, at every length around a machine word. */
#include "base/base64.h"
#include "base/utf8.h"
#include "views.h"

#include <stdio.h>

static const struct {
    struct str plain, coded;
} known[] = {
    { STR(""), STR("") },
    { STR("f"), STR("Zg==") },
    { STR("fo"), STR("Zm8=") },
    { STR("foo"), STR("Zm9v") },
    { STR("foob"), STR("Zm9vYg==") },
    { STR("fooba"), STR("Zm9vYmE=") },
    { STR("foobar"), STR("Zm9vYmFy") },
    { STR("\0user\0pass"), STR("AHVzZXIAcGFzcw==") },
    { STR("\xFF\xFE\xFD"), STR("//79") },
    { STR("\xFB\xEF\xBE"), STR("++++") },
};

static void base64_of_the_rfc(void **state)
{
    (void)state;
    char to[64];
    for (size_t i = 0; i < COUNT(known); i++) {
        size_t n = (size_t)(base64_encode(to, known[i].plain) - to);
        assert_int_equal(n, base64_length(known[i].plain.n));
        assert_str(((struct str){ to, n }), known[i].coded);
        n = base64_decode(to, known[i].coded);
        assert_str(((struct str){ to, n }), known[i].plain);
    }
}

static void base64_comes_back(void **state)
{
    (void)state;
    char raw[256], coded[400], back[400];
    for (size_t i = 0; i < sizeof(raw); i++)
        raw[i] = (char)(i * 167 + 13);
    for (size_t n = 0; n <= sizeof(raw); n++) {
        size_t length = (size_t)(base64_encode(coded, (struct str){ raw, n }) - coded);
        size_t got = base64_decode(back, (struct str){ coded, length });
        assert_str(((struct str){ back, got }), ((struct str){ raw, n }));
    }
}

static void base64_without_padding(void **state)
{
    (void)state;
    char to[64];
    size_t n = base64_decode(to, STR("Zm9vYg"));
    assert_str(((struct str){ to, n }), STR("foob"));
}

static void what_is_no_base64(void **state)
{
    (void)state;
    static const struct str bad[] = { STR("Zm9v YmFy"),
                                      STR("Zm9v-_"),
                                      STR("Zg=="
                                          "Zg=="),
                                      STR("Zm\0v"),
                                      STR("\xFFm9v"),
                                      STR("Zm9v\r") };
    char to[64];
    for (size_t i = 0; i < COUNT(bad); i++)
        if (base64_decode(to, bad[i]) != 0)
            fail_msg("row %zu was decoded", i);
}

/* One digit holds six bits: no byte comes of it. */
static void a_lone_digit_is_nothing(void **state)
{
    (void)state;
    char to[8];
    assert_int_equal(base64_decode(to, STR("Z")), 0);
    assert_int_equal(base64_decode(to, STR("Zm9vY")), 0);
    assert_int_equal(base64_decode(to, STR("====")), 0);
}

static const struct {
    struct str bytes;
    bool valid;
} sequences[] = {
    { STR("\x7F"), true },
    { STR("\xC2\x80"), true },
    { STR("\xDF\xBF"), true },
    { STR("\xE0\xA0\x80"), true },
    { STR("\xED\x9F\xBF"), true },
    { STR("\xEE\x80\x80"), true },
    { STR("\xEF\xBF\xBF"), true },
    { STR("\xF0\x90\x80\x80"), true },
    { STR("\xF4\x8F\xBF\xBF"), true },
    { STR("\x80"), false },
    { STR("\xBF"), false },
    { STR("\xC0\x80"), false },
    { STR("\xC1\xBF"), false },
    { STR("\xC2"), false },
    { STR("\xC2\x41"), false },
    { STR("\xE0\x9F\xBF"), false },
    { STR("\xED\xA0\x80"), false },
    { STR("\xED\xBF\xBF"), false },
    { STR("\xE2\x82"), false },
    { STR("\xE2\x82\x41"), false },
    { STR("\xF0\x8F\xBF\xBF"), false },
    { STR("\xF0\x90\x80"), false },
    { STR("\xF4\x90\x80\x80"), false },
    { STR("\xF5\x80\x80\x80"), false },
    { STR("\xFE"), false },
    { STR("\xFF"), false },
    { STR("\0"), false },
};

/* Every sequence behind and before every number of plain bytes up to two words and a half. */
static void sequences_of_the_table(void **state)
{
    (void)state;
    char text[64];
    for (size_t i = 0; i < COUNT(sequences); i++)
        for (size_t before = 0; before < 20; before++)
            for (size_t behind = 0; behind < 20; behind += 3) {
                size_t n = before + sequences[i].bytes.n + behind;
                memset(text, 'a', sizeof(text));
                memcpy(text + before, sequences[i].bytes.p, sequences[i].bytes.n);
                struct str whole = exactly((struct str){ text, n });
                if (utf8_valid(whole) != sequences[i].valid)
                    fail_msg("row %zu, %zu before, %zu behind", i, before, behind);
                assert_int_equal(utf8_plain(whole), sequences[i].bytes.p[0] == '\x7F');
                free((char *)whole.p);
            }
}

static void plain_text_of_any_length(void **state)
{
    (void)state;
    char text[80];
    memset(text, '~', sizeof(text));
    for (size_t n = 0; n <= sizeof(text); n++)
        assert_true(utf8_plain((struct str){ text, n }));
    for (size_t at = 0; at < sizeof(text); at++) {
        text[at] = '\0';
        assert_false(utf8_plain((struct str){ text, sizeof(text) }));
        assert_false(utf8_valid((struct str){ text, sizeof(text) }));
        text[at] = '\x01';
        assert_true(utf8_plain((struct str){ text, sizeof(text) }));
        text[at] = '~';
    }
}

static const struct {
    struct str bytes, text;
} decoded[] = {
    { STR("plain"), STR("plain") },
    { STR("gr\xC3\xBC\xC3\x9F"), STR("gr\xC3\xBC\xC3\x9F") },
    { STR("gr\xFC\xDF"), STR("gr\xC3\xBC\xC3\x9F") },
    { STR("\x80\xFF"), STR("\xC2\x80\xC3\xBF") },
    { STR("a\0b"), STR("a\xEF\xBF\xBD"
                       "b") },
    { STR("\xC3\xBC\xFC"), STR("\xC3\xBC\xC3\xBC") },
    { STR("\xE2\x82"), STR("\xC3\xA2\xC2\x82") },
    { STR("\xED\xA0\x80"), STR("\xC3\xAD\xC2\xA0\xC2\x80") },
};

static void what_is_no_utf8_is_latin1(void **state)
{
    (void)state;
    struct buf scratch = { 0 };
    struct arena arena;
    assert_true(arena_make(&arena, 1024));
    for (size_t i = 0; i < COUNT(decoded); i++) {
        assert_str(utf8_decode(decoded[i].bytes, &scratch), decoded[i].text);
        assert_str(utf8_keep(&arena, decoded[i].bytes), decoded[i].text);
    }
    tcplog_buf_free(&scratch);
    arena_free(&arena);
}

static void valid_text_is_not_copied(void **state)
{
    (void)state;
    struct buf scratch = { 0 };
    struct str text = STR("gr\xC3\xBC\xC3\x9F");
    assert_true(utf8_decode(text, &scratch).p == text.p);
    assert_null(scratch.p);
}

/* An arena that is nearly full cuts: never within a character. */
static void a_full_arena_cuts_between_characters(void **state)
{
    (void)state;
    struct arena arena;
    for (size_t capacity = 0; capacity < 12; capacity++) {
        assert_true(arena_make(&arena, capacity + 1));
        arena_copy(&arena, STR("x"));
        struct str whole = utf8_keep(&arena, STR("\xC3\xBC\xE2\x82\xAC\xF0\x9F\x93\xAC"));
        if (!utf8_valid(whole))
            fail_msg("cut within a character at %zu bytes", capacity);
        arena_rewind(&arena);
        arena_copy(&arena, STR("x"));
        if (!utf8_valid(utf8_keep(&arena, STR("\xFC\xDF\xE2\x82\xAC\xFF"))))
            fail_msg("cut within a decoded character at %zu bytes", capacity);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_of_the_rfc),        cmocka_unit_test(base64_comes_back),
        cmocka_unit_test(base64_without_padding),   cmocka_unit_test(what_is_no_base64),
        cmocka_unit_test(a_lone_digit_is_nothing),  cmocka_unit_test(sequences_of_the_table),
        cmocka_unit_test(plain_text_of_any_length), cmocka_unit_test(what_is_no_utf8_is_latin1),
        cmocka_unit_test(valid_text_is_not_copied), cmocka_unit_test(a_full_arena_cuts_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
