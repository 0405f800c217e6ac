/* SMTP line by line: commands, bodies, chunks, logins, replies, and what is secret in them. */
#include "talk.h"
#include "views.h"

#define REQUEST SPEECH_REQUEST
#define TURN SPEECH_TURN
#define TEXT SPEECH_PAYLOAD
#define END SPEECH_PAYLOAD_END
#define REPLY SPEECH_REPLY
#define PART SPEECH_REPLY_PART
#define ASKS SPEECH_INTERMEDIATE
#define NOISE SPEECH_NOISE
#define GREETING                                          \
    {                                                     \
        'S', "220 mx ready", SPEECH_GREETING, NULL, "220" \
    }

static void hear(const struct talk_row *rows, size_t count)
{
    talk_hear(talk_protocol("smtp"), false, true, rows, count);
}

static void hear_old(const struct talk_row *rows, size_t count)
{
    talk_hear(talk_protocol("smtp"), true, true, rows, count);
}

static void a_whole_session(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        { 'S', "220-mx", SPEECH_GREETING_PART, NULL, "220" },
        { 'S', "220 ready", SPEECH_GREETING, NULL, "220" },
        { 'C', "ehlo me", REQUEST, NULL, "EHLO" },
        { 'S', "250-mx", PART, NULL, "250" },
        { 'S', "250", REPLY, NULL, "250" },
        { 'C', "MAIL FROM:<a@b>", REQUEST, NULL, "MAIL" },
        { 'S', "250 2.1.0 ok", REPLY, NULL, "250" },
        { 'C', "RCPT TO:<c@d>", REQUEST, NULL, "RCPT" },
        { 'S', "550 5.1.1 no", REPLY, NULL, "550" },
        { 'C', "DATA", REQUEST, NULL, "DATA" },
        { 'S', "354 go", ASKS, NULL, "354" },
        { 'C', "Subject: x", TEXT, NULL, NULL },
        { 'C', "", TEXT, NULL, NULL },
        { 'C', "QUIT", TEXT, NULL, NULL },
        { 'C', "AUTH PLAIN AGFubgBzZWNyZXQ=", TEXT, NULL, NULL },
        { 'C', "..", TEXT, NULL, NULL },
        { 'C', "..x", TEXT, NULL, NULL },
        { 'C', ". ", TEXT, NULL, NULL },
        { 'C', ".", END, NULL, NULL },
        { 'S', "250 ok", REPLY, NULL, "250" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', "221 bye", REPLY, NULL, "221" },
    };
    hear(rows, COUNT(rows));
    assert_int_equal(talk_lines, 7);
    assert_int_equal(talk_bytes, 10 + 0 + 4 + 27 + 1 + 2 + 1 + 2 * 7);
}

static void enhanced_codes(void **state)
{
    (void)state;
    static const struct talk_row good[] = { GREETING,
                                            { 'C', "RCPT TO:<c@d>", REQUEST, NULL, "RCPT" },
                                            { 'S', "550 5.1.1 no such user", REPLY, NULL, "550" } };
    static const struct talk_row other[] = { GREETING,
                                             { 'C', "NOOP", REQUEST, NULL, "NOOP" },
                                             { 'S', "250 5.1.1 is no code here", REPLY, NULL, "250" } };
    hear(good, COUNT(good));
    assert_view(talk_said.enhanced, "5.1.1");
    assert_view(talk_said.text, "5.1.1 no such user");
    assert_int_equal(talk_said.status, NAMES_status_permanent_failure);
    hear(other, COUNT(other));
    assert_view(talk_said.enhanced, "");
    assert_int_equal(talk_said.status, NAMES_status_success);
}

static void what_is_no_reply(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'S', "25", NOISE, NULL, NULL },
        { 'S', "250x", NOISE, NULL, NULL },
        { 'S', "650 x", NOISE, NULL, NULL },
        { 'S', "099 x", NOISE, NULL, NULL },
        { 'S', "150 x", NOISE, NULL, NULL },
        { 'S', "", NOISE, NULL, NULL },
        { 'S', " 250 x", NOISE, NULL, NULL },
        { 'S', "+OK", NOISE, NULL, NULL },
        { 'S', "AUTH PLAIN AGFubgBzZWNyZXQ=", NOISE, "AGFubgBzZWNyZXQ=", NULL },
    };
    hear(rows, COUNT(rows));
}

static void logins(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "AUTH LOGIN", REQUEST, NULL, "AUTH" },
        { 'S', "334 VXNlcm5hbWU6", ASKS, NULL, "334" },
        { 'C', "YW5u", TURN, "YW5u", NULL },
        { 'S', "334 UGFzc3dvcmQ6", ASKS, NULL, "334" },
        { 'C', "c2VjcmV0", TURN, "c2VjcmV0", NULL },
        { 'S', "535 5.7.8 no", REPLY, NULL, "535" },
        { 'C', "auth plain AGFubgBzZWNyZXQ=", REQUEST, "AGFubgBzZWNyZXQ=", "AUTH" },
        { 'S', "235 ok", REPLY, NULL, "235" },
        { 'C', "AUTH  CRAM-MD5", REQUEST, NULL, "AUTH" },
        { 'S', "334 PDE4OTYuNjk3", ASKS, "PDE4OTYuNjk3", "334" },
        { 'C', " * ", TURN, NULL, NULL },
        { 'S', "501 cancelled", REPLY, NULL, "501" },
        { 'C', "AUTH XOAUTH2", REQUEST, NULL, "AUTH" },
        { 'S', "334 ", ASKS, NULL, "334" },
        { 'C', "", TURN, "", NULL },
        { 'S', "535 no", REPLY, NULL, "535" },
        { 'C', "AUTH AGFubgBzZWNyZXQ=", REQUEST, "AGFubgBzZWNyZXQ=", "AUTH" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
    };
    hear(rows, COUNT(rows));
}

/* Whoever answers a challenge says a secret, though the command is not in the log. */
static void a_challenge_out_of_nowhere(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        { 'S', "334 UGFzc3dvcmQ6", ASKS, NULL, "334" },
        { 'C', "MAIL", TURN, "MAIL", NULL },
        { 'S', "235 ok", REPLY, NULL, "235" },
        { 'C', "MAIL FROM:<>", REQUEST, NULL, "MAIL" },
    };
    talk_hear(talk_protocol("smtp"), false, false, rows, COUNT(rows));
}

static void text_before_the_server_agrees(void **state)
{
    (void)state;
    static const struct talk_row refused[] = {
        GREETING,
        { 'C', "DATA", REQUEST, NULL, "DATA" },
        { 'C', "Subject: x", TEXT, NULL, NULL },
        { 'C', "AUTH PLAIN x", TEXT, "x", NULL },
        { 'S', "503 no", REPLY, NULL, "503" },
        { 'C', "more text", NOISE, NULL, NULL },
        { 'C', "PASS word", NOISE, "word", NULL },
        { 'C', ".", NOISE, NULL, NULL },
        { 'C', "XFOO", REQUEST, NULL, "XFOO" },
    };
    static const struct talk_row command[] = {
        GREETING,
        { 'C', "DATA", REQUEST, NULL, "DATA" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', "503 no", REPLY, NULL, "503" },
        { 'S', "221 bye", REPLY, NULL, "221" },
    };
    static const struct talk_row sent[] = {
        GREETING,
        { 'C', "DATA", REQUEST, NULL, "DATA" },
        { 'C', "a", TEXT, NULL, NULL },
        { 'C', ".", END, NULL, NULL },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
        { 'S', "354 go", ASKS, NULL, "354" },
        { 'S', "250 ok", REPLY, NULL, "250" },
        { 'S', "221 bye", REPLY, NULL, "221" },
    };
    hear(refused, COUNT(refused));
    hear(command, COUNT(command));
    hear(sent, COUNT(sent));
}

static void a_server_that_gives_up_within_a_body(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "DATA", REQUEST, NULL, "DATA" },
        { 'S', "354 go", ASKS, NULL, "354" },
        { 'C', "x", TEXT, NULL, NULL },
        { 'S', "421 bye", REPLY, NULL, "421" },
        { 'C', "QUIT now", NOISE, NULL, NULL },
        { 'C', "y", NOISE, NULL, NULL },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
    };
    hear(rows, COUNT(rows));
}

static void chunks(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "BDAT 14", REQUEST, NULL, "BDAT" },
        { 'C', "abcde", TEXT, NULL, NULL },
        { 'C', "QUIT.", TEXT, NULL, NULL },
        { 'C', "BDAT 3 LAST", REQUEST, NULL, "BDAT" },
        { 'C', "x", TEXT, NULL, NULL },
        { 'S', "250 a", REPLY, NULL, "250" },
        { 'S', "250 b", REPLY, NULL, "250" },
        { 'C', "BDAT 0 LAST", REQUEST, NULL, "BDAT" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
    };
    hear_old(rows, COUNT(rows));
    assert_int_equal(talk_bytes, 14 + 3);
    assert_int_equal(talk_lines, 3);
}

static void only_the_last_chunk_is_a_mail(void **state)
{
    (void)state;
    static const struct talk_row more[] = { GREETING, { 'C', "BDAT 5", REQUEST, NULL, "BDAT" } };
    static const struct talk_row last[] = { GREETING, { 'C', "bdat 5 last", REQUEST, NULL, "BDAT" } };
    hear(more, COUNT(more));
    assert_int_equal(talk_said.verb->flags & VERB_SENDS, 0);
    hear(last, COUNT(last));
    assert_int_equal(talk_said.verb->flags & VERB_SENDS, VERB_SENDS);
}

static void a_chunk_that_ends_within_a_record(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "BDAT 3", REQUEST, NULL, "BDAT" },
        { 'C', "abcBDAT 2 LAST", TEXT, NULL, NULL },
        { '+', "BDAT 2 LAST", REQUEST, NULL, "BDAT" },
        { 'C', "deQUIT", TEXT, NULL, NULL },
        { '+', "QUIT", REQUEST, NULL, "QUIT" },
    };
    hear_old(rows, COUNT(rows));
    assert_int_equal(talk_bytes, 5);
    assert_int_equal(talk_lines, 0);
}

/* A line end or more than a line beyond its size: none of it belongs to the chunk. */
static void a_chunk_is_never_larger_than_its_size(void **state)
{
    (void)state;
    static const struct talk_row line_end[] = { GREETING,
                                                { 'C', "BDAT 5", REQUEST, NULL, "BDAT" },
                                                { 'C', "abcde", TEXT, NULL, NULL },
                                                { 'C', "NOOP", REQUEST, NULL, "NOOP" } };
    static const struct talk_row half_an_end[] = { GREETING,
                                                   { 'C', "BDAT 6", REQUEST, NULL, "BDAT" },
                                                   { 'C', "abcde", TEXT, NULL, NULL },
                                                   { 'C', "NOOP", REQUEST, NULL, "NOOP" } };
    static const struct talk_row junk[] = { GREETING,
                                            { 'C', "BDAT 5", REQUEST, NULL, "BDAT" },
                                            { 'C', "abcdefghij", TEXT, NULL, NULL },
                                            { 'C', "NOOP", REQUEST, NULL, "NOOP" } };
    hear_old(line_end, COUNT(line_end));
    assert_int_equal(talk_bytes, 5);
    hear_old(half_an_end, COUNT(half_an_end));
    assert_in_range(talk_bytes, 5, 6);
    hear_old(junk, COUNT(junk));
    assert_int_equal(talk_bytes, 5);
}

/* Of a record of 1000 bytes the rest is not in the log: the chunk is over when its size is, or a command comes. */
static void a_chunk_with_lines_that_were_cut(void **state)
{
    (void)state;
    static char cut[1002];
    memset(cut, 'x', 1000);
    cut[1000] = '\\';
    const struct talk_row command[] = { GREETING,
                                        { 'C', "BDAT 3000", REQUEST, NULL, "BDAT" },
                                        { 'C', cut, TEXT, NULL, NULL },
                                        { 'C', "text", TEXT, NULL, NULL },
                                        { 'C', "BDAT 5 LAST", REQUEST, NULL, "BDAT" } };
    const struct talk_row size[] = { GREETING,
                                     { 'C', "BDAT 2000", REQUEST, NULL, "BDAT" },
                                     { 'C', cut, TEXT, NULL, NULL },
                                     { 'C', cut, TEXT, NULL, NULL },
                                     { 'C', "HELP me", REQUEST, NULL, "HELP" } };
    hear_old(command, COUNT(command));
    assert_int_equal(talk_bytes, 1000 + 6);
    hear_old(size, COUNT(size));
    assert_int_equal(talk_bytes, 2000);
}

static void chunks_that_make_no_sense(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "BDAT", REQUEST, NULL, "BDAT" },
        { 'C', "NOOP", REQUEST, NULL, "NOOP" },
        { 'C', "BDAT x LAST", REQUEST, NULL, "BDAT" },
        { 'C', "NOOP", REQUEST, NULL, "NOOP" },
        { 'C', "BDAT -5", REQUEST, NULL, "BDAT" },
        { 'C', "NOOP", REQUEST, NULL, "NOOP" },
    };
    static const struct talk_row huge[] = {
        GREETING,
        { 'C', "BDAT 99999999999999999999", REQUEST, NULL, "BDAT" },
        { 'C', "text", TEXT, NULL, NULL },
        { 'S', "552 too large", REPLY, NULL, "552" },
        { 'C', "QUIT", REQUEST, NULL, "QUIT" },
    };
    hear(rows, COUNT(rows));
    hear(huge, COUNT(huge));
}

/* Lines that end in LF alone count one byte each. */
static void line_ends_of_a_chunk(void **state)
{
    (void)state;
    const struct protocol *smtp = talk_protocol("smtp");
    struct hearing hearing = { .tokens = true, .greeted = true };
    struct utterance said;
    uint64_t bytes = 0;
    smtp->hear(&hearing, SIDE_CLIENT, STR("BDAT 10 LAST"), 2, &said);
    hearing.open = hearing.awaited = said.verb;
    for (int i = 0; i < 5; i++) {
        smtp->hear(&hearing, SIDE_CLIENT, STR("x"), 1, &said);
        assert_int_equal(said.speech, SPEECH_PAYLOAD);
        assert_true(said.whole);
        bytes += said.payload + 2u - said.bare;
    }
    assert_int_equal(bytes, 10);
    smtp->hear(&hearing, SIDE_CLIENT, STR("QUIT"), 2, &said);
    assert_int_equal(said.speech, SPEECH_REQUEST);
}

static void greetings_and_refusals(void **state)
{
    (void)state;
    static const struct talk_row busy[] = { { 'S', "421 busy", SPEECH_GREETING, NULL, "421" } };
    static const struct talk_row early[] = { { 'C', "EHLO me", REQUEST, NULL, "EHLO" },
                                             { 'S', "554 go away", SPEECH_GREETING, NULL, "554" } };
    static const struct talk_row late[] = { { 'C', "EHLO me", REQUEST, NULL, "EHLO" },
                                            { 'S', "502 what", REPLY, NULL, "502" },
                                            { 'S', "220 x", REPLY, NULL, "220" } };
    static const struct talk_row tls[] = { GREETING,
                                           { 'C', "STARTTLS", REQUEST, NULL, "STARTTLS" },
                                           { 'S', "220 go", REPLY, NULL, "220" } };
    hear(busy, COUNT(busy));
    hear(early, COUNT(early));
    hear(late, COUNT(late));
    hear(tls, COUNT(tls));
}

static void records_of_several_lines(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "EHLO me", REQUEST, NULL, "EHLO" },
        { 'S', "250-mx; ESMTPs are:<cr><lf>250-TIME", PART, NULL, "250" },
        { '+', "250-TIME", PART, NULL, "250" },
        { 'S', "250 <cr><lf> is text", REPLY, NULL, "250" },
        { 'C', "RSET<cr><lf>MAIL FROM:<a<lf>b>", REQUEST, NULL, "RSET" },
        { '+', "MAIL FROM:<a<lf>b>", REQUEST, NULL, "MAIL" },
        { 'S', "250 ok<cr><lf>250 ok", REPLY, NULL, "250" },
        { '+', "250 ok", REPLY, NULL, "250" },
        { 'C', "AUTH LOGIN<cr><lf>YW5u", REQUEST, NULL, "AUTH" },
        { '+', "YW5u", TURN, "YW5u", NULL },
    };
    hear_old(rows, COUNT(rows));
}

static void unknown_commands(void **state)
{
    (void)state;
    static const struct talk_row rows[] = {
        GREETING,
        { 'C', "XFOO bar", REQUEST, NULL, "XFOO" },
        { 'C', "AUHT PLAIN AGFubgBzZWNyZXQ=", REQUEST, "AGFubgBzZWNyZXQ=", "AUHT" },
        { 'C', "XAUTH x", REQUEST, "x", "XAUTH" },
        { 'C', "c2VjcmV0IQ==", REQUEST, "c2VjcmV0IQ==", "" },
        { 'C', "\x16\x03\x01", REQUEST, NULL, "" },
        { 'C', "", REQUEST, NULL, "" },
        { 'C', "  NOOP", REQUEST, NULL, "NOOP" },
    };
    hear(rows, COUNT(rows));
}

static void bids(void **state)
{
    (void)state;
    const struct protocol *smtp = talk_protocol("smtp");
    assert_int_equal(smtp->bid(STR("220 mx")), 100);
    assert_int_equal(smtp->bid(STR("220-mx")), 100);
    assert_int_equal(smtp->bid(STR("554 no")), 50);
    assert_int_equal(smtp->bid(STR("220x")), 0);
    assert_int_equal(smtp->bid(STR("+OK")), 0);
    assert_int_equal(smtp->bid(STR("")), 0);
    assert_true(smtp->bid_command(STR("EHLO me")) > 50);
    assert_true(smtp->bid_command(STR("MAIL FROM:<a>")) > 50);
    assert_int_equal(smtp->bid_command(STR("EHLO")), 0);
    assert_int_equal(smtp->bid_command(STR("MAIL is here")), 0);
    assert_int_equal(smtp->bid_command(STR("HELP me")), 0);
    assert_true(smtp->bid_command(STR("AUTH PLAIN")) < 50);
    assert_int_equal(smtp->bid_command(STR("QUIT")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_session),
        cmocka_unit_test(enhanced_codes),
        cmocka_unit_test(what_is_no_reply),
        cmocka_unit_test(logins),
        cmocka_unit_test(a_challenge_out_of_nowhere),
        cmocka_unit_test(text_before_the_server_agrees),
        cmocka_unit_test(a_server_that_gives_up_within_a_body),
        cmocka_unit_test(chunks),
        cmocka_unit_test(only_the_last_chunk_is_a_mail),
        cmocka_unit_test(a_chunk_that_ends_within_a_record),
        cmocka_unit_test(a_chunk_is_never_larger_than_its_size),
        cmocka_unit_test(a_chunk_with_lines_that_were_cut),
        cmocka_unit_test(chunks_that_make_no_sense),
        cmocka_unit_test(line_ends_of_a_chunk),
        cmocka_unit_test(greetings_and_refusals),
        cmocka_unit_test(records_of_several_lines),
        cmocka_unit_test(unknown_commands),
        cmocka_unit_test(bids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
