/* Talk of no known protocol, and IMAP, which nobody pairs yet: what is masked, and that nothing else is. */
#include "talk.h"
#include "views.h"

#define N SPEECH_NOISE

static void hear(const struct talk_row *rows, size_t count)
{
    talk_hear(talk_protocol("unknown"), false, true, rows, count);
}

static void credentials(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        { 'C', "USER ann", N, NULL, NULL },
        { 'C', "PASS word", N, "word", NULL },
        { 'S', "APOP ann digest", N, "digest", NULL },
        { 'C', "a1 LOGIN ann word", N, "ann word", NULL },
        { 'C', "a1 AUTHENTICATE PLAIN AGFub", N, "AGFub", NULL },
        { 'C', "AGFubgBzZWNyZXQ=", N, "AGFubgBzZWNyZXQ=", NULL },
        { 'C', "\t AGFubgBzZWNyZXQ= ", N, "\t AGFubgBzZWNyZXQ= ", NULL },
        { 'S', "* OK CAPABILITY", N, NULL, NULL },
        { 'C', "some words of a mail", N, NULL, NULL },
        { 'C', "", N, NULL, NULL },
    };
    hear(rows, COUNT(rows));
}

static void challenges(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        { 'S', "334 VXNlcm5hbWU6", N, "VXNlcm5hbWU6", NULL },
        { 'C', "ann", N, "ann", NULL },
        { 'S', "+ go", N, "go", NULL },
        { 'C', "x y", N, "x y", NULL },
        { 'C', "x y", N, NULL, NULL },
        { 'S', "+", N, NULL, NULL },
        { 'C', "", N, NULL, NULL },
        { 'S', "334", N, NULL, NULL },
        { 'S', "+OK fine", N, NULL, NULL },
        { 'S', "+ ", N, NULL, NULL },
        { 'C', "*", N, NULL, NULL },
        { 'C', "x y", N, NULL, NULL },
    };
    hear(rows, COUNT(rows));
}

static void literals(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        { 'C', "a1 LOGIN {3}", N, "{3}", NULL }, { 'S', "+ Ready for 3 bytes", N, "Ready for 3 bytes", NULL },
        { 'C', "ann {4}", N, "ann {4}", NULL },  { 'S', "+ Ready", N, "Ready", NULL },
        { 'C', "word", N, "word", NULL },        { 'C', "a2 SELECT {5}", N, NULL, NULL },
        { 'C', "INBOX", N, NULL, NULL },         { 'C', "a1 LOGIN {3+}", N, "{3+}", NULL },
        { 'C', "ann", N, "ann", NULL },          { 'C', "a3 NOOP", N, NULL, NULL },
    };
    hear(rows, COUNT(rows));
}

static void other_talk(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        { 'C', "a1 XLOGIN ann word", N, "ann word", NULL },
        { 'C', "my own login is word", N, NULL, NULL },
        { 'C', "GET /x?a=b&password=word HTTP/1.0", N, "word HTTP/1.0", NULL },
        { 'C', "x-y=z; = ==", N, NULL, NULL },
        { 'C', "Authorization: Basic word", N, "orization: Basic word", NULL },
        { 'S', "Set-Cookie: id=word", N, "id=word", NULL },
        { 'C', "NOOP<cr><lf>some words<lf>a2 LOGIN ann word", N, "ann word", NULL },
        { 'C', "NOOP<cr><lf><lf>a2 NOOP<cr><lf>", N, NULL, NULL },
        { 'C', "<cr><lf>some words of a mail<cr><lf>", N, NULL, NULL },
    };
    hear(rows, COUNT(rows));
}

static void bids(void **state)
{
    (void)state;
    const struct protocol *imap = talk_protocol("imap"), *unknown = talk_protocol("unknown");
    assert_int_equal(imap->bid(STR("* OK ready")), 100);
    assert_int_equal(imap->bid(STR("* PREAUTH x")), 100);
    assert_int_equal(imap->bid(STR("* BYE")), 100);
    assert_int_equal(imap->bid(STR("* NO")), 0);
    assert_int_equal(imap->bid(STR("")), 0);
    assert_true(imap->bid_command(STR("a1 login ann word")) > 50);
    assert_int_equal(imap->bid_command(STR("LOGIN ann")), 0);
    assert_int_equal(imap->bid_command(STR("a1")), 0);
    assert_int_equal(unknown->bid(STR("* OK")) + unknown->bid(STR("220 x")), 0);
    assert_int_equal(unknown->bid_command(STR("QUIT")), 0);
    assert_null(unknown->meaning(STR("250"), STR(""), STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credentials), cmocka_unit_test(challenges), cmocka_unit_test(literals),
        cmocka_unit_test(other_talk),  cmocka_unit_test(bids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
