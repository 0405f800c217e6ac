/* Secrets that a server repeats: the quick look at a line finds whatever a look at each place of it finds. */
#include "base/base64.h"
#include "session/echo.h"
#include "views.h"

#include <stdint.h>
#include <stdio.h>

static uint32_t state = 1;

static uint32_t below(uint32_t n)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % n;
}

/* Of three letters, so that much looks alike; what has a dash in it is no base64, and says nothing else. */
static size_t make_up(char *to, size_t most)
{
    size_t n = 1 + below((uint32_t)most);
    for (size_t i = 0; i < n; i++)
        to[i] = "ab-"[below(3)];
    to[n - 1] = '-';
    return n;
}

static bool is_word(char c)
{
    return c >= 'a' && c <= 'z';
}

static size_t first_place(struct str line, struct str secret)
{
    /* a sign alone is no secret: what is left of a token's bytes would hide every dash */
    bool sign = secret.n == 1 && !is_word(secret.p[0]);
    for (size_t at = 0; !sign && at + secret.n <= line.n; at++) {
        bool before = at > 0 && is_word(line.p[at - 1]);
        bool behind = at + secret.n < line.n && is_word(line.p[at + secret.n]);
        if (memcmp(line.p + at, secret.p, secret.n) == 0 && (secret.n >= 4 || (!before && !behind)))
            return at;
    }
    return line.n;
}

static void look_through_lines(struct echo *echo, const struct str *secrets, size_t count)
{
    for (int round = 0; round < 40; round++) {
        char text[96];
        size_t n = make_up(text, sizeof(text)), first;
        struct str line = exactly((struct str){ text, n });
        first = n;
        for (size_t i = 0; i < count; i++) {
            size_t at = first_place(line, secrets[i]);
            first = at < first ? at : first;
        }
        assert_int_equal(echo_find(echo, line), first);
        free((char *)line.p);
    }
}

static void finds_what_stands_anywhere(void **unused)
{
    (void)unused;
    static struct echo echo;
    for (int round = 0; round < 500; round++) {
        char texts[ECHO_SECRETS][24];
        struct str secrets[ECHO_SECRETS];
        size_t count = 1 + below(ECHO_SECRETS), longest = 1 + below(24);
        for (size_t i = 0; i < count; i++) {
            secrets[i] = (struct str){ texts[i], make_up(texts[i], longest) };
            echo_remember(&echo, secrets[i]);
        }
        look_through_lines(&echo, secrets, count);
        echo_forget(&echo);
    }
}

static void keeps_the_latest(void **unused)
{
    (void)unused;
    static struct echo echo;
    char text[] = "secret-a";
    for (char c = 'a'; c < 'a' + ECHO_SECRETS + 2; c++) {
        text[7] = c;
        /* who says the same again takes no other's place */
        echo_remember(&echo, str_of(text));
        echo_remember(&echo, str_of(text));
    }
    assert_int_equal(echo_find(&echo, str_of(text)), 0);
    assert_int_equal(echo_find(&echo, STR("said secret-c")), 5);
    assert_int_equal(echo_find(&echo, STR("said secret-b")), 13);
    echo_forget(&echo);
}

/* Among what begins like it, so many bytes of it on either side. */
static void knows_it_in_capitals_behind(const struct echo *echo, size_t n)
{
    char text[2 * 40 + 10];
    memset(text, 'H', sizeof(text));
    memcpy(text + n, "HUNTER-2XY", 10);
    const struct str line = exactly((struct str){ text, 2 * n + 10 });
    assert_int_equal(echo_find(echo, line), n);
    free((char *)line.p);
}

static void knows_it_in_other_letters(void **unused)
{
    (void)unused;
    static struct echo echo;
    echo_forget(&echo);
    echo_remember(&echo, STR("hunter-2xY"));
    assert_int_equal(echo_find(&echo, STR("unknown: PASS HUNTER-2XY")), 14);
    assert_int_equal(echo_find(&echo, STR("hunter-2xy")), 0);
    for (size_t n = 0; n < 40; n++)
        knows_it_in_capitals_behind(&echo, n);
    /* mixed, it is another word */
    assert_int_equal(echo_find(&echo, STR("Hunter-2xy")), 10);
    assert_int_equal(echo_find(&echo, STR("unknown: PASS HUNTER\r2XY")), 24);
    /* a short one is too soon another word */
    echo_remember(&echo, STR("in"));
    assert_int_equal(echo_find(&echo, STR("IN a hunter")), 11);
    assert_int_equal(echo_find(&echo, STR("Logged in")), 7);
    echo_forget(&echo);
    echo_remember_name(&echo, STR("jdoe"));
    assert_int_equal(echo_name(&echo, STR("no user JDOE here")).n, 4);
}

/* user=a@b.example \1 auth=Bearer …, of more bytes than are kept; and cut where programs cut a record. */
static void knows_a_token_of_any_length(void **unused)
{
    (void)unused;
    static struct echo echo;
    char said[1500], sent[2000], line[100];
    int n = snprintf(said, sizeof(said), "user=a@b.example\1auth=Bearer ");
    for (size_t i = (size_t)n; i < sizeof(said); i++)
        said[i] = "abcdefghijk"[i * i % 11];
    base64_encode(sent, (struct str){ said, sizeof(said) });
    snprintf(line, sizeof(line), "535 bad token %.80s", said + n);
    for (size_t length = 980; length <= sizeof(sent); length += 1020) {
        echo_forget(&echo);
        echo_remember(&echo, (struct str){ sent, length });
        assert_int_equal(echo_find(&echo, str_of(line)), 14);
        assert_int_equal(echo_find(&echo, (struct str){ sent, 70 }), 0);
    }
}

static void forgets(void **unused)
{
    (void)unused;
    static struct echo echo;
    static const struct echo blank;
    for (int i = 0; i < 20; i++)
        echo_remember(&echo, i % 2 ? STR("dGhlIHBhc3N3b3Jk") : STR("a longer secret, of many bytes"));
    echo_forget(&echo);
    assert_memory_equal(&echo, &blank, sizeof(echo));
    assert_int_equal(echo_find(&echo, STR("a longer secret, of many bytes")), 30);
}

static void name_is(const struct echo *echo, const char *line, size_t at, size_t n)
{
    const struct str text = exactly(str_of(line)), name = echo_name(echo, text);
    assert_int_equal(name.n, n);
    if (n)
        assert_int_equal(name.p - text.p, at);
    free((char *)text.p);
}

/* jdoe@mx.example, in clear and in base64. */
static void of_a_name_only_itself_is_masked(void **unused)
{
    (void)unused;
    static struct echo echo;
    echo_forget(&echo);
    echo_remember_name(&echo, STR("amRvZUBteC5leGFtcGxl"));
    const struct str line = STR("550 <jdoe@mx.example>: denied");
    name_is(&echo, line.p, 5, 15);
    assert_int_equal(echo_find(&echo, line), 5);
    assert_int_equal(echo_cut(&echo, line), line.n);
    name_is(&echo, "501 cannot decode amRvZUBteC5leGFtcGxl.", 18, 20);
    name_is(&echo, "550 <jdoe>: denied", 0, 0);
    /* glued to something, it may be more than itself */
    name_is(&echo, "550 xjdoe@mx.examplex", 0, 0);
    assert_int_equal(echo_cut(&echo, STR("550 xjdoe@mx.examplex")), 5);
}

static void a_name_of_letters_is_part_of_other_words(void **unused)
{
    (void)unused;
    static struct echo echo;
    echo_forget(&echo);
    echo_remember_name(&echo, STR("mail"));
    assert_int_equal(echo_cut(&echo, STR("552 mailbox full")), 16);
    name_is(&echo, "552 mailbox full", 0, 0);
    name_is(&echo, "552 mailbox of mail is full", 15, 4);
}

static void what_is_no_name_is_a_secret(void **unused)
{
    (void)unused;
    static struct echo echo;
    char text[ECHO_LONGEST + 1];
    echo_forget(&echo);
    /* NUL ann NUL secret */
    echo_remember_name(&echo, STR("AGFubgBzZWNyZXQ="));
    assert_int_equal(echo_cut(&echo, STR("535 ann has not secret words")), 16);
    memset(text, 'x', sizeof(text));
    echo_remember_name(&echo, (struct str){ text, sizeof(text) });
    assert_int_equal(echo_cut(&echo, (struct str){ text, sizeof(text) }), 0);
    echo_forget(&echo);
    echo_remember_name(&echo, STR("ann"));
    echo_remember(&echo, STR("secret"));
    assert_int_equal(echo_cut(&echo, STR("535 ann: secret of ann is wrong")), 9);
}

static void a_name_of_several_words_is_one(void **unused)
{
    (void)unused;
    static struct echo echo;
    echo_forget(&echo);
    /* my old horse */
    echo_remember_name(&echo, STR("bXkgb2xkIGhvcnNl"));
    name_is(&echo, "535 no my old horse here", 7, 12);
    name_is(&echo, "535 no horse here", 7, 5);
}

/* Each costs another look at what is left of the line. */
static void of_many_names_the_rest_goes_with_them(void **unused)
{
    (void)unused;
    static struct echo echo;
    enum { MANY = 2 * ECHO_NAMES };
    char text[MANY + 20];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "a "[i % 2];
    echo_forget(&echo);
    echo_remember_name(&echo, STR("a"));
    assert_int_equal(echo_cut(&echo, (struct str){ text, MANY }), MANY);
    assert_int_equal(echo_cut(&echo, (struct str){ text, sizeof(text) }), MANY);
}

static void a_password_of_several_words_is_one(void **unused)
{
    (void)unused;
    static struct echo echo;
    echo_forget(&echo);
    /* winter zeit9 */
    echo_remember(&echo, STR("d2ludGVyIHplaXQ5"));
    assert_int_equal(echo_find(&echo, STR("535 password winter zeit9 is wrong")), 13);
    assert_int_equal(echo_find(&echo, STR("535 password zeit9 is wrong")), 13);
    echo_forget(&echo);
    /* NUL ann NUL my old horse */
    echo_remember(&echo, STR("AGFubgBteSBvbGQgaG9yc2U="));
    assert_int_equal(echo_find(&echo, STR("535 ann: my old horse is wrong")), 9);
    assert_int_equal(echo_find(&echo, STR("535 ann: no horse")), 12);
}

static void of_a_line_end_nothing_is_secret(void **unused)
{
    (void)unused;
    static struct echo echo;
    static const char *const tails[] = { "<cr><lf>", "<cr><lf> ", "<cr><lf", "<cr><l", "<cr><",     "<cr>",
                                         "<cr",      "<c",        "<",       "<lf>\t", " <cr><lf>", "<l" };
    for (size_t i = 0; i < COUNT(tails); i++) {
        char text[60];
        echo_forget(&echo);
        /* NUL ann NUL secret */
        snprintf(text, sizeof(text), "AGFubgBzZWNyZXQ=%s", tails[i]);
        echo_remember(&echo, str_of(text));
        assert_int_equal(echo_find(&echo, STR("535 bad secret")), 8);
        echo_forget(&echo);
        snprintf(text, sizeof(text), "amRvZQ==%s", tails[i]);
        echo_remember_name(&echo, str_of(text));
        name_is(&echo, "535 jdoe is unknown", 4, 4);
    }
    echo_forget(&echo);
    echo_remember(&echo, STR("a<b>"));
    assert_int_equal(echo_find(&echo, STR("535 a b a<b>")), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_stands_anywhere),
        cmocka_unit_test(keeps_the_latest),
        cmocka_unit_test(knows_it_in_other_letters),
        cmocka_unit_test(knows_a_token_of_any_length),
        cmocka_unit_test(forgets),
        cmocka_unit_test(of_a_name_only_itself_is_masked),
        cmocka_unit_test(a_name_of_letters_is_part_of_other_words),
        cmocka_unit_test(what_is_no_name_is_a_secret),
        cmocka_unit_test(a_name_of_several_words_is_one),
        cmocka_unit_test(of_many_names_the_rest_goes_with_them),
        cmocka_unit_test(a_password_of_several_words_is_one),
        cmocka_unit_test(of_a_line_end_nothing_is_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
