/* Pairing over the real protocols, what is masked before it is kept, the limits of the queue; and the memory of secrets
 * that may be echoed. */
#include "registry.h"
#include "session/dialogue.h"
#include "talk.h"
#include "views.h"

#include <stdio.h>

static struct dialogue dialogue;
static struct session_facts facts;
static struct arena kept;
static uint64_t line_number;

static void begin(const char *protocol)
{
    uint32_t *samples = facts.trips.samples;
    facts = (struct session_facts){ .opened = true, .trips.samples = samples };
    arena_rewind(&kept);
    dialogue_begin(&dialogue, talk_protocol(protocol), &facts, &kept);
    line_number = 0;
}

/* One line, ten milliseconds behind the one before. */
static struct heard say(char side, const char *text)
{
    struct heard heard;
    uint32_t ms = (uint32_t)++line_number * 10;
    const struct place place = { .line = line_number,
                                 .line_end = line_number,
                                 .offset = line_number * 100,
                                 .moment = { .at = ms, .stamp = ms },
                                 .stamp = STR("00:00:00.000") };
    struct hearing_of of = { .place = &place,
                             .line = str_of(text),
                             .side = side == 'C' ? SIDE_CLIENT : SIDE_SERVER };
    dialogue_hear(&dialogue, &of, 2, &heard);
    return heard;
}

static void say_all(const char *const *talk, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(talk[i][0], talk[i] + 2);
}

/* The oldest exchange must be complete, and is forgotten. */
static struct exchange next(void)
{
    const struct exchange *ready = dialogue_ready(&dialogue);
    if (!ready)
        fail_msg("no exchange is ready");
    struct exchange exchange = *ready;
    dialogue_pop(&dialogue);
    return exchange;
}

static void replies_answer_in_order(void **state)
{
    (void)state;
    static const char *const talk[] = { "S 220 mx",  "C MAIL FROM:<a>", "C RCPT TO:<b>",     "C RCPT TO:<c>",
                                        "S 250 one", "S 550-5.1.1 two", "S 550 5.1.1 lines", "S 250 three" };
    begin("smtp");
    say_all(talk, COUNT(talk));
    struct exchange exchange = next();
    assert_true(exchange.greeting);
    exchange = next();
    assert_view(exchange.command, "MAIL");
    assert_view(exchange.argument, "FROM:<a>");
    assert_view(exchange.text, "one");
    assert_int_equal(exchange.began.at, 20);
    assert_int_equal(exchange.ended.at, 50);
    exchange = next();
    assert_int_equal(exchange.status, NAMES_status_permanent_failure);
    assert_view(exchange.code, "550");
    assert_view(exchange.enhanced, "5.1.1");
    assert_view(exchange.text, "5.1.1 two\n5.1.1 lines");
    assert_int_equal(exchange.reply_line, 6);
    assert_int_equal(exchange.reply_lines, 2);
    assert_int_equal(exchange.line, 3);
    assert_int_equal(exchange.line_end, 7);
    assert_view(next().text, "three");
    assert_null(dialogue_ready(&dialogue));
    assert_int_equal(facts.failures, 1);
}

static void lines_know_their_exchange(void **state)
{
    (void)state;
    begin("pop3");
    assert_int_equal(say('S', "+OK ready").exchange, 1);
    assert_int_equal(say('C', "RETR 1").exchange, 2);
    assert_int_equal(say('C', "QUIT").exchange, 3);
    assert_int_equal(say('S', "+OK").exchange, 2);
    assert_int_equal(say('S', "text").exchange, 2);
    assert_int_equal(say('S', ".").exchange, 2);
    assert_int_equal(say('S', "+OK").exchange, 3);
    assert_int_equal(say('S', "+OK").exchange, 4);
    assert_int_equal(say('S', "what is this").exchange, 0);
}

static void a_reply_finds_its_verb(void **state)
{
    (void)state;
    static const char *const talk[] = { "S 220 mx", "C NOOP", "C RSET", "C QUIT", "S 221 bye" };
    begin("smtp");
    say_all(talk, COUNT(talk));
    next();
    assert_int_equal(next().status, NAMES_status_unanswered);
    assert_int_equal(next().status, NAMES_status_unanswered);
    assert_int_equal(next().status, NAMES_status_success);
    assert_int_equal(facts.unanswered, 2);
}

static void what_is_open_at_the_end_is_unanswered(void **state)
{
    (void)state;
    static const char *const talk[] = { "S 220 mx", "C DATA", "S 354 go", "C text", "C ." };
    begin("smtp");
    say_all(talk, COUNT(talk));
    next();
    assert_null(dialogue_ready(&dialogue));
    dialogue_end(&dialogue, true);
    struct exchange exchange = next();
    assert_int_equal(exchange.status, NAMES_status_unanswered);
    assert_view(exchange.intermediate, "354");
    assert_int_equal(exchange.payload_bytes, 6);
    assert_int_equal(exchange.steps, 2);
    assert_null(dialogue_ready(&dialogue));
}

static void a_mail_that_breaks_off(void **state)
{
    (void)state;
    static const char *const talk[] = { "S +OK", "C RETR 1", "S +OK", "S half", "C QUIT", "S +OK bye" };
    begin("pop3");
    say_all(talk, COUNT(talk));
    next();
    struct exchange mail = next(), quit = next();
    assert_true(exchange_is_cut(&mail) && mail.answered);
    assert_int_equal(mail.payload_lines, 1);
    assert_view(mail.text, "");
    assert_view(quit.text, "bye");
    assert_int_equal(facts.messages_fetched, 0);
    assert_int_equal(dialogue.talk.broken, 1);
    assert_int_equal(dialogue.talk.broken_line, 2);
    begin("pop3");
    assert_int_equal(dialogue.talk.broken, 0);
}

static void runs_of_text_count_as_their_lines(void **state)
{
    (void)state;
    static const char *const talk[] = { "S 220 mx", "C DATA", "S 354 go" };
    begin("smtp");
    assert_false(dialogue_is_text(&dialogue, SIDE_CLIENT, STR("text")));
    say_all(talk, COUNT(talk));
    assert_true(dialogue_is_text(&dialogue, SIDE_CLIENT, STR("text")));
    assert_true(dialogue_is_text(&dialogue, SIDE_CLIENT, STR("")));
    assert_false(dialogue_is_text(&dialogue, SIDE_CLIENT, STR(".")));
    assert_false(dialogue_is_text(&dialogue, SIDE_SERVER, STR("text")));
    const struct text_run run = { .side = SIDE_CLIENT, .lines = 3, .bytes = 10, .line_end = 6 };
    assert_int_equal(dialogue_text_begins(&dialogue, SIDE_CLIENT, &run.last), 2);
    assert_int_equal(dialogue_text_begins(&dialogue, SIDE_SERVER, &run.last), 0);
    dialogue_text(&dialogue, &run);
    line_number = 6;
    say('C', ".");
    say('S', "250 ok");
    next();
    struct exchange mail = next();
    assert_int_equal(mail.payload_bytes, 16);
    assert_int_equal(mail.payload_lines, 3);
    assert_int_equal(mail.payload_from, SIDE_CLIENT);
    assert_int_equal(facts.messages_sent, 1);
}

/* A hello within reach of a 354: what the client sends then is no list of the server's. */
static void a_client_offers_no_capabilities(void **state)
{
    (void)state;
    static const char *const talk[] = { "S 220 mx", "C DATA", "C EHLO me", "S 354 go", "C one", "C two" };
    begin("smtp");
    say_all(talk, COUNT(talk));
    assert_true(dialogue_is_text(&dialogue, SIDE_CLIENT, STR("three")));
    assert_int_equal(facts.capability_count, 0);
}

static void secrets_are_masked_before_they_are_kept(void **state)
{
    (void)state;
    begin("pop3");
    say('S', "+OK");
    say('C', "USER ann");
    say('S', "+OK");
    struct heard heard = say('C', "PASS hidden word");
    assert_true(heard.secret);
    assert_int_equal(heard.secret_at, 5);
    heard = say('S', "-ERR hidden word is wrong");
    assert_true(heard.secret);
    assert_int_equal(heard.secret_at, 5);
    next();
    next();
    struct exchange pass = next();
    assert_view(pass.argument, REDACTED);
    assert_view(pass.text, REDACTED);
    assert_true(pass.redacted);
    assert_null(memmem(dialogue.talk.texts.p, dialogue.talk.texts.n, "hidden", 6));
    assert_null(memmem(kept.p, kept.n, "hidden", 6));
}

static void secrets_may_be_shown(void **state)
{
    (void)state;
    dialogue.talk.reveal = true;
    begin("pop3");
    say('S', "+OK");
    say('C', "PASS shown");
    say('S', "+OK");
    dialogue.talk.reveal = false;
    next();
    struct exchange pass = next();
    assert_view(pass.argument, "shown");
    assert_false(pass.redacted);
}

/* Beyond its length the oldest commands count as unanswered, and that is counted. Their replies are nobody else's. */
static void the_queue_is_bounded(void **state)
{
    (void)state;
    enum { SAID = PENDING_MOST + 40 };
    size_t found = 0;
    begin("smtp");
    say('S', "220 mx");
    for (int i = 0; i < SAID; i++) {
        say('C', "NOOP");
        while (dialogue_ready(&dialogue)) {
            next();
            found++;
        }
    }
    uint64_t dropped = dialogue.talk.overflows;
    assert_in_range(dropped, 40, 50);
    for (int i = 0; i < SAID; i++) {
        char reply[32];
        snprintf(reply, sizeof(reply), "250 %d", i);
        say('S', "250-more of it");
        say('S', reply);
    }
    dialogue_end(&dialogue, true);
    for (uint64_t i = dropped; dialogue_ready(&dialogue); i++) {
        char text[48];
        snprintf(text, sizeof(text), "more of it\n%d", (int)i);
        assert_str(next().text, str_of(text));
        found++;
    }
    assert_int_equal(found, SAID + 1);
    assert_int_equal(facts.exchanges, SAID + 1);
    assert_int_equal(facts.unanswered, dropped);
}

static void long_texts_are_cut(void **state)
{
    (void)state;
    static char line[ARGUMENT_MOST + 100];
    begin("smtp");
    say('S', "220 mx");
    snprintf(line, sizeof(line), "XFOO %0*d", ARGUMENT_MOST + 50, 7);
    say('C', line);
    for (int i = 0; i < 300; i++)
        say('S',
            "250-a line of a hundred bytes or so, again and again, as long as anybody listens, and somewhat longer");
    say('S', "250 end");
    next();
    struct exchange exchange = next();
    assert_int_equal(exchange.argument.n, ARGUMENT_MOST);
    assert_in_range(exchange.text.n, REPLY_TEXT_MOST - 200, REPLY_TEXT_MOST + 1);
    assert_int_equal(exchange.reply_lines, 301);
    assert_view(exchange.code, "250");
}

static struct echo echo;

static size_t found_in(const char *line)
{
    struct str text = exactly(str_of(line));
    size_t at = echo_find(&echo, text);
    free((char *)text.p);
    return at;
}

static void a_secret_is_found_again(void **state)
{
    (void)state;
    echo_forget(&echo);
    assert_int_equal(found_in("nothing is known"), 16);
    echo_remember(&echo, STR(" secret word\r"));
    assert_int_equal(found_in("-ERR secret word is wrong"), 5);
    assert_int_equal(found_in("-ERR xsecret wordx"), 6);
    assert_int_equal(found_in("-ERR secret"), 11);
    assert_int_equal(found_in(""), 0);
    echo_forget(&echo);
    assert_int_equal(found_in("secret word"), 11);
}

static void a_short_secret_must_stand_alone(void **state)
{
    (void)state;
    echo_forget(&echo);
    echo_remember(&echo, STR("OK"));
    assert_int_equal(found_in("+OKAY"), 5);
    assert_int_equal(found_in("BOOK OKAY OK"), 10);
    echo_remember(&echo, STR(""));
    echo_remember(&echo, STR("  "));
    assert_int_equal(found_in("no such word"), 12);
}

static void what_base64_says_is_a_secret_too(void **state)
{
    (void)state;
    echo_forget(&echo);
    echo_remember(&echo, STR("AGFubgBzZWNyZXQ="));
    assert_int_equal(found_in("no AGFubgBzZWNyZXQ= here"), 3);
    assert_int_equal(found_in("535 ann has not secret"), 16);
    assert_int_equal(found_in("ann may be named"), 16);
}

static void the_latest_secrets_are_kept(void **state)
{
    (void)state;
    char secret[32];
    echo_forget(&echo);
    for (int i = 0; i < ECHO_SECRETS + 2; i++) {
        snprintf(secret, sizeof(secret), "number-%d-", i);
        echo_remember(&echo, str_of(secret));
    }
    assert_int_equal(found_in("number-1-"), 9);
    assert_int_equal(found_in("number-2-"), 0);
    assert_int_equal(found_in("number-9- number-2-"), 0);
}

static void a_long_secret_is_known_by_its_start(void **state)
{
    (void)state;
    char text[ECHO_LONGEST * 2 + 1];
    memset(text, '-', sizeof(text));
    text[ECHO_LONGEST * 2] = '\0';
    echo_forget(&echo);
    echo_remember(&echo, str_of(text));
    assert_int_equal(found_in(text), 0);
    assert_int_equal(found_in(text + ECHO_LONGEST + 1), ECHO_LONGEST - 1);
}

static int make(void **state)
{
    (void)state;
    facts.trips.samples = malloc(RTT_SAMPLES * sizeof(uint32_t));
    return dialogue_make(&dialogue) && arena_make(&kept, 64 * 1024) && facts.trips.samples ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    free(facts.trips.samples);
    dialogue_free(&dialogue);
    arena_free(&kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_answer_in_order),
        cmocka_unit_test(lines_know_their_exchange),
        cmocka_unit_test(a_reply_finds_its_verb),
        cmocka_unit_test(what_is_open_at_the_end_is_unanswered),
        cmocka_unit_test(a_mail_that_breaks_off),
        cmocka_unit_test(runs_of_text_count_as_their_lines),
        cmocka_unit_test(a_client_offers_no_capabilities),
        cmocka_unit_test(secrets_are_masked_before_they_are_kept),
        cmocka_unit_test(secrets_may_be_shown),
        cmocka_unit_test(the_queue_is_bounded),
        cmocka_unit_test(long_texts_are_cut),
        cmocka_unit_test(a_secret_is_found_again),
        cmocka_unit_test(a_short_secret_must_stand_alone),
        cmocka_unit_test(what_base64_says_is_a_secret_too),
        cmocka_unit_test(the_latest_secrets_are_kept),
        cmocka_unit_test(a_long_secret_is_known_by_its_start),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
