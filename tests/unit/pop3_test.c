/* POP3 line by line: which replies have listings, what in a login is secret, and listings that break off. */
#include "talk.h"
#include "views.h"

#define REQUEST SPEECH_REQUEST
#define TURN SPEECH_TURN
#define TEXT SPEECH_PAYLOAD
#define END SPEECH_PAYLOAD_END
#define REPLY SPEECH_REPLY
#define OPENS SPEECH_REPLY_OPENS
#define ASKS SPEECH_INTERMEDIATE
#define NOISE SPEECH_NOISE
#define GREETING                                       \
    {                                                  \
        'S', "+OK ready", SPEECH_GREETING, NULL, "+OK" \
    }

static void hear(const struct talk_row *rows, size_t count)
{
    talk_hear(talk_protocol("pop3"), false, true, rows, count);
}

static void hear_old(const struct talk_row *rows, size_t count)
{
    talk_hear(talk_protocol("pop3"), true, true, rows, count);
}

static void a_whole_session(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "USER ann", REQUEST, NULL, "USER" },
        { 'S', "+OK", REPLY, NULL, "+OK" },
        { 'C', "PASS my secret word", REQUEST, "my secret word", "PASS" },
        { 'S', "+OK", REPLY, NULL, "+OK" },
        { 'C', "stat", REQUEST, NULL, "STAT" },
        { 'S', "+OK 1 100", REPLY, NULL, "+OK" },
        { 'C', "LIST", REQUEST, NULL, "LIST" },
        { 'S', "+OK 1", OPENS, NULL, "+OK" },
        { 'S', "1 100", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'C', "LIST 1", REQUEST, NULL, "LIST" },
        { 'S', "+OK 1 100", REPLY, NULL, "+OK" },
        { 'C', "RETR 1", REQUEST, NULL, "RETR" },
        { 'S', "+OK 100 octets", OPENS, NULL, "+OK" },
        { 'S', "Subject: x", TEXT, NULL, NULL },
        { 'S', "", TEXT, NULL, NULL },
        { 'S', "..dot", TEXT, NULL, NULL },
        { 'S', "+OK no reply", TEXT, NULL, NULL },
        { 'S', "-ERR nor this", TEXT, NULL, NULL },
        { 'S', ". ", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'C', "DELE 1", REQUEST, NULL, "DELE" },
        { 'S', "-ERR [IN-USE] no", REPLY, NULL, "-ERR" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', "+OK", REPLY, NULL, "+OK" },
        { 'S', "+OKAY", NOISE, NULL, NULL },
    };
    hear(rows, COUNT(rows));
    assert_int_equal(talk_lines, 7);
    assert_int_equal(talk_bytes, 5 + 10 + 0 + 4 + 12 + 13 + 1 + 2 * 7);
}

static void bracketed_codes(void **state)
{
    (void)state;
    static const struct talk_row rows[] = { GREETING,
                                            { 'C', "PASS x", REQUEST, "x", "PASS" },
                                            { 'S', "-ERR [SYS/TEMP] later", REPLY, NULL, "-ERR" } };
    hear(rows, COUNT(rows));
    assert_view(talk_said.enhanced, "SYS/TEMP");
    assert_view(talk_said.text, "[SYS/TEMP] later");
    assert_int_equal(talk_said.status, NAMES_status_failure);
}

static void refusals_have_no_listing(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "RETR 9", REQUEST, NULL, "RETR" },
        { 'S', "-ERR none", REPLY, NULL, "-ERR" },
        { 'C', "UIDL", REQUEST, NULL, "UIDL" },
        { 'S', "-ERR no", REPLY, NULL, "-ERR" },
        { 'C', "TOP 1 0", REQUEST, NULL, "TOP" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', ".", END, NULL, NULL },
        { 'C', "UIDL 1", REQUEST, NULL, "UIDL" },
        { 'S', "+OK 1 x", REPLY, NULL, "+OK" },
        { 'C', "CAPA", REQUEST, NULL, "CAPA" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "STLS", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'C', "LANG", REQUEST, NULL, "LANG" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', ".", END, NULL, NULL },
        { 'C', "LANG en", REQUEST, NULL, "LANG" },
        { 'S', "+OK en", REPLY, NULL, "+OK" },
    };
    hear(rows, COUNT(rows));
}

static void logins(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "AUTH", REQUEST, NULL, "AUTH" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "PLAIN", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'C', "AUTH LOGIN", REQUEST, NULL, "AUTH" },
        { 'S', "+ VXNlcm5hbWU6", ASKS, "VXNlcm5hbWU6", "+" },
        { 'C', "YW5u", TURN, "YW5u", NULL },
        { 'S', "+", ASKS, NULL, "+" },
        { 'C', "c2VjcmV0", TURN, "c2VjcmV0", NULL },
        { 'S', "-ERR no", REPLY, NULL, "-ERR" },
        { 'C', "AUTH PLAIN AGFubgBzZWNyZXQ=", REQUEST, "AGFubgBzZWNyZXQ=", "AUTH" },
        { 'S', "+OK", REPLY, NULL, "+OK" },
        { 'C', "AUTH CRAM-MD5", REQUEST, NULL, "AUTH" },
        { 'S', "+ PDE4OTY=", ASKS, "PDE4OTY=", "+" },
        { 'C', "*", TURN, NULL, NULL },
        { 'S', "-ERR cancelled", REPLY, NULL, "-ERR" },
        { 'C', "AUTH PLAIN", REQUEST, NULL, "AUTH" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
    };
    hear(rows, COUNT(rows));
}

static void apop_and_odd_users(void **state)
{
    (void)state;
    static const struct talk_row apop[] = { GREETING,
                                            { 'C', "apop ann c4c9334bac560ecc979e58001b3e22fb", REQUEST,
                                              "c4c9334bac560ecc979e58001b3e22fb", "APOP" } };
    static const struct talk_row joined[] = { GREETING,
                                              { 'C', "USER ann PASS word", REQUEST, "word", "USER" } };
    static const struct talk_row spaced[] = { GREETING, { 'C', "USER  ann b  ", REQUEST, NULL, "USER" } };
    hear(apop, COUNT(apop));
    assert_view(talk_said.user, "ann");
    assert_view(talk_said.mechanism, "APOP");
    hear(joined, COUNT(joined));
    assert_view(talk_said.user, "ann");
    hear(spaced, COUNT(spaced));
    assert_view(talk_said.user, "ann b");
}

/* Whatever looks like a password behind AUTH is masked, and then the word is no mechanism either. */
static void a_mechanism_is_shown_whole_or_not_at_all(void **state)
{
    (void)state;
    static const struct talk_row whole[] = { GREETING, { 'C', "AUTH CRAM-MD5", REQUEST, NULL, "AUTH" } };
    static const struct talk_row part[] = { GREETING, { 'C', "AUTH PASS-word", REQUEST, "-word", "AUTH" } };
    hear(whole, COUNT(whole));
    assert_view(talk_said.mechanism, "CRAM-MD5");
    hear(part, COUNT(part));
    assert_int_equal(talk_said.mechanism.n, 0);
}

static void strange_commands(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "XTND XMIT", REQUEST, NULL, "XTND" },
        { 'S', "-ERR what", REPLY, NULL, "-ERR" },
        { 'C', "PASSS hidden", REQUEST, "S hidden", "PASSS" },
        { 'S', "-ERR what", REPLY, NULL, "-ERR" },
        { 'C', "", REQUEST, NULL, "" },
        { 'S', "-ERR what", REPLY, NULL, "-ERR" },
        { 'S', "AGFubgBzZWNyZXQ= repeated", NOISE, "AGFubgBzZWNyZXQ= repeated", NULL },
        { 'S', "prose is no secret", NOISE, NULL, NULL },
    };
    hear(rows, COUNT(rows));
}

static void starting_tls(void **state)
{
    (void)state;
    static const struct talk_row rows[] = { GREETING,
                                            { 'C', "STLS", REQUEST, NULL, "STLS" },
                                            { 'S', "+", REPLY, NULL, "+" },
                                            { 'C', "USER a", REQUEST, NULL, "USER" },
                                            { 'S', "+OK", REPLY, NULL, "+OK" } };
    hear(rows, COUNT(rows));
}

static void a_missing_greeting(void **state)
{
    (void)state;
    static const struct talk_row rows[] = { { 'C', "USER a", REQUEST, NULL, "USER" },
                                            { 'S', "+OK", REPLY, NULL, "+OK" },
                                            { 'S', "+OK", REPLY, NULL, "+OK" } };
    talk_hear(talk_protocol("pop3"), false, false, rows, COUNT(rows));
}

static void records_of_several_lines(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "USER a<cr><lf>PASS b", REQUEST, NULL, "USER" },
        { '+', "PASS b", REQUEST, "b", "PASS" },
        { 'S', "+OK", REPLY, NULL, "+OK" },
        { 'S', "+OK", REPLY, NULL, "+OK" },
        { 'C', "AUTH LOGIN<cr><lf>c2VjcmV0", REQUEST, NULL, "AUTH" },
        { '+', "c2VjcmV0", TURN, "c2VjcmV0", NULL },
        { 'S', "-ERR", REPLY, NULL, "-ERR" },
        { 'C', "PA\\", REQUEST, NULL, "PA" },
        { 'C', "SS word", REQUEST, "SS word", "SS" },
    };
    hear_old(rows, COUNT(rows));
}

static void quit_after_half_a_mail(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "RETR 1", REQUEST, NULL, "RETR" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "Subject: x", TEXT, NULL, NULL },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', "+OK bye", REPLY, NULL, "+OK" },
    };
    hear(rows, COUNT(rows));
    assert_true(talk_said.breaks_off);
    assert_int_equal(talk_lines, 1);
}

static void other_commands_after_half_a_mail(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "RETR 1", REQUEST, NULL, "RETR" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "half", TEXT, NULL, NULL },
        { 'C', "RETR 2", REQUEST, NULL, "RETR" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "+OK is text again", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'C', "RETR 3", REQUEST, NULL, "RETR" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'C', "LIST 1", REQUEST, NULL, "LIST" },
        { 'S', "+OK 1 100", REPLY, NULL, "+OK" },
        { 'C', "LIST", REQUEST, NULL, "LIST" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "1 100", TEXT, NULL, NULL },
        { 'C', "LIST", REQUEST, NULL, "LIST" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', ".", END, NULL, NULL },
        { 'C', "TOP 1 5", REQUEST, NULL, "TOP" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'C', "NOOP", REQUEST, NULL, "NOOP" },
        { 'S', "-ERR timeout", REPLY, NULL, "-ERR" },
    };
    hear(rows, COUNT(rows));
}

/* A client that pipelines speaks while a mail comes: its next line shows that the mail goes on. */
static void commands_within_a_mail_that_goes_on(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "RETR 1", REQUEST, NULL, "RETR" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "one", TEXT, NULL, NULL },
        { 'C', "DELE 1", REQUEST, NULL, "DELE" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', "two", TEXT, NULL, NULL },
        { 'S', "+OK three", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'S', "+OK deleted", REPLY, NULL, "+OK" },
        { 'S', "+OK bye", REPLY, NULL, "+OK" },
    };
    hear(rows, COUNT(rows));
    assert_false(talk_said.breaks_off);
}

static void the_dot_alone_behind_a_command(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "RETR 1", REQUEST, NULL, "RETR" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', ".", END, NULL, NULL },
        { 'S', "+OK", REPLY, NULL, "+OK" },
    };
    hear(rows, COUNT(rows));
    assert_false(talk_said.breaks_off);
}

/* Commands that were sent before the mail began say nothing of its end. */
static void commands_before_a_mail(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "RETR 1", REQUEST, NULL, "RETR" },
        { 'C', "DELE 1", REQUEST, NULL, "DELE" },
        { 'S', "+OK", OPENS, NULL, "+OK" },
        { 'S', "+OK text", TEXT, NULL, NULL },
        { 'S', ".", END, NULL, NULL },
        { 'S', "+OK", REPLY, NULL, "+OK" },
    };
    hear(rows, COUNT(rows));
}

static void what_is_text_and_nothing_else(void **state)
{
    (void)state;
    const struct protocol *pop3 = talk_protocol("pop3");
    static const struct verb retr = { { "RETR", 4 }, NAMES_phase_retrieval, VERB_FETCHES, 1 };
    struct hearing hearing = { .greeted = true };
    struct utterance said;
    pop3->hear(&hearing, SIDE_CLIENT, STR("RETR 1"), 2, &said);
    assert_int_equal(hearing.text_of, 0);
    hearing.open = hearing.awaited = said.verb ? said.verb : &retr;
    hearing.open_argument = hearing.awaited_argument = true;
    assert_true(pop3->joins(&hearing, SIDE_SERVER));
    pop3->hear(&hearing, SIDE_SERVER, STR("+OK"), 2, &said);
    assert_int_equal(hearing.text_of, 1 + SIDE_SERVER);
    assert_int_equal(hearing.text_mark, '.');
    assert_false(pop3->joins(&hearing, SIDE_SERVER));
    assert_true(pop3->joins(&hearing, SIDE_CLIENT));
    /* once the client speaks, the next line may be a reply */
    pop3->hear(&hearing, SIDE_CLIENT, STR("QUIT"), 2, &said);
    assert_int_equal(hearing.text_of, 0);
    pop3->hear(&hearing, SIDE_SERVER, STR("text"), 2, &said);
    assert_int_equal(hearing.text_of, 1 + SIDE_SERVER);
}

static void bids(void **state)
{
    (void)state;
    const struct protocol *pop3 = talk_protocol("pop3");
    assert_int_equal(pop3->bid(STR("+OK")), 100);
    assert_int_equal(pop3->bid(STR("-ERR no")), 100);
    assert_int_equal(pop3->bid(STR("+OKAY")), 0);
    assert_int_equal(pop3->bid(STR("220 +OK")), 0);
    assert_int_equal(pop3->bid(STR("")), 0);
    assert_true(pop3->bid_command(STR("user x")) > 50);
    assert_int_equal(pop3->bid_command(STR("QUIT")), 0);
    assert_int_equal(pop3->bid_command(STR("AUTH PLAIN")), 0);
    assert_int_equal(pop3->bid_command(STR("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_session),
        cmocka_unit_test(bracketed_codes),
        cmocka_unit_test(refusals_have_no_listing),
        cmocka_unit_test(logins),
        cmocka_unit_test(apop_and_odd_users),
        cmocka_unit_test(a_mechanism_is_shown_whole_or_not_at_all),
        cmocka_unit_test(strange_commands),
        cmocka_unit_test(starting_tls),
        cmocka_unit_test(a_missing_greeting),
        cmocka_unit_test(records_of_several_lines),
        cmocka_unit_test(quit_after_half_a_mail),
        cmocka_unit_test(other_commands_after_half_a_mail),
        cmocka_unit_test(commands_within_a_mail_that_goes_on),
        cmocka_unit_test(the_dot_alone_behind_a_command),
        cmocka_unit_test(commands_before_a_mail),
        cmocka_unit_test(what_is_text_and_nothing_else),
        cmocka_unit_test(bids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
