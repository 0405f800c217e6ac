/* The physical line: stamps, arrows, tokens, classes; openings and endings of both generations; and which files are
 * session logs at all. */
#include "dialect/grammar.h"
#include "dialect/recognise.h"
#include "views.h"

static struct stamp_memory memory;

/* In a block with room behind it, as the line reader gives it. */
static struct event event_of(struct str text)
{
    static char block[4096 + LINES_PAD];
    struct event event;
    assert_true(text.n <= 4096);
    memset(block, '#', sizeof(block));
    memcpy(block, text.p, text.n);
    const struct line line = { .p = block, .n = text.n, .end = 2 };
    grammar_event(&event, &line, &memory);
    assert_int_equal(event.end, 2);
    assert_int_equal(event.length, text.n);
    return event;
}

static const struct {
    struct str line;
    enum tcplog_name class;
    uint32_t stamp;
    enum tcplog_name arrow;
    struct str text;
    enum token token;
    size_t token_length;
} lines[] = {
#define AT(h, m, s, ms) ((((h)*60u + (m)) * 60u + (s)) * 1000u + (ms))
#define SENT NAMES_class_data, AT(3, 14, 7, 89), NAMES_arrow_sent
#define RECEIVED NAMES_class_data, AT(3, 14, 7, 89), NAMES_arrow_received
#define PLAIN(class) NAMES_class_##class, AT(3, 14, 7, 89), 0
    { STR("03:14:07.089: << EHLO x<cr><lf>"), SENT, STR("EHLO x<cr><lf>"), TOKEN_CRLF, 8 },
    { STR("03:14:07.089: >> 250 x<lf>"), RECEIVED, STR("250 x<lf>"), TOKEN_LF, 4 },
    { STR("03:14:07.089: >> 250 x<cr>"), RECEIVED, STR("250 x<cr>"), TOKEN_CR, 4 },
    { STR("03:14:07.089: >> 250 x<lf><cr>"), RECEIVED, STR("250 x<lf><cr>"), TOKEN_CR, 4 },
    { STR("03:14:07.089: >> 250 x<cr><lf> "), RECEIVED, STR("250 x<cr><lf> "), TOKEN_NONE, 0 },
    { STR("03:14:07.089: << <cr><lf>"), SENT, STR("<cr><lf>"), TOKEN_CRLF, 8 },
    { STR("03:14:07.089: << "), SENT, STR(""), TOKEN_NONE, 0 },
    { STR("03:14:07.089: <<"), SENT, STR(""), TOKEN_NONE, 0 },
    { STR("03:14:07.089: <<x"), SENT, STR("x"), TOKEN_NONE, 0 },
    { STR("03:14:07.089: <<  two"), SENT, STR(" two"), TOKEN_NONE, 0 },
    { STR("03:14:07.089: << << 03:14:07.089: >> x"), SENT, STR("<< 03:14:07.089: >> x"), TOKEN_NONE, 0 },
    { STR("03:14:07.089:<< x<lf>"), SENT, STR("x<lf>"), TOKEN_LF, 4 },
    { STR("03:14:07.089: >> \x80\xFF\0z"), RECEIVED, STR("\x80\xFF\0z"), TOKEN_NONE, 0 },
    { STR("03:14:07.089: <> x"), PLAIN(remark), STR("<> x"), TOKEN_NONE, 0 },
    { STR("03:14:07.089: "), PLAIN(empty), STR(""), TOKEN_NONE, 0 },
    { STR("03:14:07.089:"), PLAIN(empty), STR(""), TOKEN_NONE, 0 },
    { STR("03:14:07.089: --- Thu Apr 07 03:14:07 2011 ---"), PLAIN(opening),
      STR("--- Thu Apr 07 03:14:07 2011 ---"), TOKEN_NONE, 0 },
    { STR("03:14:07.089: Connection from 1.2.3.4, Thu Apr 07 03:14:07 2011<lf>"), PLAIN(opening),
      STR("Connection from 1.2.3.4, Thu Apr 07 03:14:07 2011<lf>"), TOKEN_LF, 4 },
    { STR("03:14:07.089: 8: Socket read timeout"), PLAIN(error), STR("8: Socket read timeout"), TOKEN_NONE,
      0 },
#define STRAY(text) { STR(text), NAMES_class_unparsed, STAMP_NONE, 0, STR(text), TOKEN_NONE, 0 },
    STRAY("") STRAY("x") STRAY("03:14:07.089") STRAY("03:14:07.08") STRAY("03:14:07,089: << x<lf>")
        STRAY("24:00:00.000: << x") STRAY("03:60:00.000: << x") STRAY("03:00:60.000: << x")
            STRAY("3:14:07.089: << x") STRAY(" 03:14:07.089: << x") STRAY("> 03:14:07.089: << x")
                STRAY("03:14:07.0890: << x") STRAY("03:14:07.089 << x") STRAY("\xB3\xB0:14:07.089: << x")
                    STRAY("03:14:07.08\xB9: << x") STRAY("03/14:07.089: << x") STRAY("0::14:07.089: << x")
                        STRAY("T 20090710 044713 6b03c529 EHLO host")
};

static void lines_are_understood(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct event event = event_of(lines[i].line);
        if (event.class != lines[i].class || event.stamp != lines[i].stamp)
            fail_msg("'%s': class %d, stamp %u", lines[i].line.p, event.class, event.stamp);
        assert_str(event_text(&event), lines[i].text);
        assert_int_equal(event.token, lines[i].token);
        assert_int_equal(event.token_length, lines[i].token_length);
        if (event.class == NAMES_class_data)
            assert_int_equal(event.arrow, lines[i].arrow);
        struct str payload = str_upto(lines[i].text, lines[i].text.n - lines[i].token_length);
        assert_str(event_payload(&event), payload);
    }
}

/* A remembered second must not lend itself to what only looks like it. */
static void stamps_do_not_remember_wrongly(void **state)
{
    (void)state;
    event_of(STR("23:59:59.999: << x"));
    assert_int_equal(event_of(STR("23:59:59.000: << x")).stamp, DAY_MS - 1000);
    assert_int_equal(event_of(STR("23:59:59,999: << x")).stamp, STAMP_NONE);
    assert_int_equal(event_of(STR("23:59:59.9x9: << x")).stamp, STAMP_NONE);
    assert_int_equal(event_of(STR("23:59:59.:00: << x")).stamp, STAMP_NONE);
    assert_int_equal(event_of(STR("00:00:00.001: << x")).stamp, 1);
    assert_int_equal(event_of(STR("00:00:00.000: << x")).stamp, 0);
    assert_int_equal(event_of(STR("junk")).stamp, STAMP_NONE);
    assert_int_equal(event_of(STR("00:00:00.002: << x")).stamp, 2);
}

static void every_stamp_is_read(void **state)
{
    (void)state;
    char text[32] = "00:00:00.000: << x";
    for (uint32_t ms = 0; ms < DAY_MS; ms += 7919) {
        calendar_write_stamp(text, ms);
        assert_int_equal(event_of(str_of(text)).stamp, ms);
    }
}

static const struct {
    struct str text;
    enum tcplog_name class;
} remarks[] = {
    { STR(""), NAMES_class_empty },
    { STR(" "), NAMES_class_remark },
    { STR("--- 6 Aug 2014, 21:41:43.760 ---"), NAMES_class_opening },
    { STR("--- Thu Apr  7 03:14:07 2011 ---"), NAMES_class_opening },
    { STR("--- Thu Apr 07 03:14:07 2011"), NAMES_class_remark },
    { STR("--- Thu Apr 31 03:14:07 2011 ---"), NAMES_class_remark },
    { STR("--- ---"), NAMES_class_remark },
    { STR("Connect to 'mx', timeout 30."), NAMES_class_connect },
    { STR("Connect to mx"), NAMES_class_remark },
    { STR("Connection from 1.2.3.4, x"), NAMES_class_opening },
    { STR("Connection reset"), NAMES_class_remark },
    { STR("[*] SSL/TLS session established"), NAMES_class_tls },
    { STR("[!] Warning: SSL connection improperly closed by remote host."), NAMES_class_warning },
    { STR("[?] x"), NAMES_class_remark },
    { STR("8: Socket read timeout"), NAMES_class_error },
    { STR("00: Warning, close error 1 (x)"), NAMES_class_error },
    { STR("22: Error -32 activating SSL session"), NAMES_class_error },
    { STR("123: x"), NAMES_class_remark },
    { STR("8:x"), NAMES_class_remark },
    { STR("8: "), NAMES_class_error },
    { STR("8:"), NAMES_class_remark },
    { STR("8"), NAMES_class_remark },
    { STR("--- Connection closed normally at Thu Apr 07 03:14:14 2011. ---"), NAMES_class_closing },
    { STR("--- Connection closed by an act of God ---"), NAMES_class_closing },
};

static void remarks_have_a_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(remarks); i++) {
        struct str text = exactly(remarks[i].text);
        if (grammar_class(text) != remarks[i].class)
            fail_msg("'%s' is of class %d", remarks[i].text.p, grammar_class(text));
        free((char *)text.p);
    }
}

static const struct {
    struct str text, host;
    bool dated, ctime, plain, server, connect, seconds;
    uint32_t timeout;
} openings[] = {
    { STR("--- Thu Apr 07 03:14:07 2011 ---"), STR(""), .dated = true, .ctime = true },
    { STR("--- 6 Aug 2014, 21:41:43.760 ---"), STR(""), .dated = true, .plain = true },
    { STR("Connection from 203.0.113.77, Thu Apr 07 03:14:07 2011"), STR("203.0.113.77"), .dated = true,
      .ctime = true, .server = true },
    { STR("Connection from 203.0.113.77, Thu Apr 07 03:14:07 2011<lf>"), STR("203.0.113.77"), .dated = true,
      .ctime = true, .server = true },
    { STR("Connection from 203.0.113.77, yesterday"), STR("203.0.113.77"), .server = true },
    { STR("Connection from 203.0.113.77,"), STR("203.0.113.77"), .server = true },
    { STR("Connection from 203.0.113.77"), STR("203.0.113.77"), .server = true },
    { STR("Connect to 'mx.example', timeout 30."), STR("mx.example"), .connect = true, .timeout = 30 },
    { STR("Connect to 'mx.example', timeout 30 seconds."), STR("mx.example"), .connect = true, .timeout = 30,
      .seconds = true },
    { STR("Connect to 'o'brien', timeout 5."), STR("o'brien"), .connect = true, .timeout = 5 },
    { STR("Connect to '', timeout 0 seconds."), STR(""), .connect = true, .seconds = true },
    { STR("Connect to 'mx.example"), STR("mx.example"), .connect = true },
    { STR("Connect to 'mx.example'"), STR("mx.example"), .connect = true },
    { STR("Connect to 'mx.example', timeout "), STR("mx.example"), .connect = true },
    { STR("Connect to '"), STR(""), .connect = true },
    { STR("anything else"), .host = STR("") },
    { STR(""), .host = STR("") },
};

static void openings_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(openings); i++) {
        struct opening opening = { 0 };
        struct str text = exactly(openings[i].text);
        grammar_opening(text, &opening);
        assert_str(opening.host, openings[i].host);
        bool same = opening.dated == openings[i].dated && opening.ctime == openings[i].ctime &&
                    opening.plain == openings[i].plain && opening.server == openings[i].server &&
                    opening.connect == openings[i].connect && opening.seconds == openings[i].seconds;
        if (!same || opening.timeout != openings[i].timeout)
            fail_msg("'%s'", openings[i].text.p);
        free((char *)text.p);
    }
}

static void an_opening_of_two_lines(void **state)
{
    (void)state;
    struct opening opening = { 0 };
    grammar_opening(STR("--- 6 Aug 2014, 21:41:43.760 ---"), &opening);
    grammar_opening(STR("Connect to 'mx', timeout 30 seconds."), &opening);
    assert_true(opening.dated && opening.plain && opening.connect && opening.seconds && !opening.server);
    assert_int_equal(opening.date.day, calendar_day(2014, 8, 6));
    assert_int_equal(opening.date.ms, AT(21, 41, 43, 760));
}

static void endings_tell_their_date(void **state)
{
    (void)state;
    struct date date = { 0 };
    assert_true(
        grammar_closing(STR("--- Connection closed normally at Thu Apr 07 03:14:14 2011. ---"), &date));
    assert_int_equal(date.day, calendar_day(2011, 4, 7));
    assert_true(
        grammar_closing(STR("--- Connection closed normally at 6 Aug 2014, 21:41:50.963. ---"), &date));
    assert_int_equal(date.day, calendar_day(2014, 8, 6));
    assert_int_equal(date.ms, AT(21, 41, 50, 963));
    assert_false(grammar_closing(STR("--- Connection closed normally at"), &date));
    assert_false(grammar_closing(STR("--- Connection closed normally at 6 Aug"), &date));
    assert_false(grammar_closing(STR("--- Connection closed at 6 Aug 2014, 21:41:50.963. ---"), &date));
}

static const struct {
    struct str head;
    enum content content;
} files[] = {
    { STR("03:14:07.089: x\n"), CONTENT_SESSION_LOG },
    { STR("03:14:07.089:"), CONTENT_SESSION_LOG },
    { STR("\xEF\xBB\xBF"
          "03:14:07.089: x\n"),
      CONTENT_SESSION_LOG },
    { STR("Dear all,\r\n\r\n03:14:07.089: x\r\n"), CONTENT_SESSION_LOG },
    { STR("T 20090710 044713 6b03c529 EHLO host\r\n03:14:07.089: << x"), CONTENT_SESSION_LOG },
    { STR("T 20090710 044713 6b03c529 EHLO host\r\n"), CONTENT_GENERAL_LOG },
    { STR("E 20090710 044713 6b03c529 x\n"), CONTENT_GENERAL_LOG },
    { STR("W 20090710 044713 6B03C529 x"), CONTENT_GENERAL_LOG },
    { STR("I 20090710 0447 MG000001 from to 1812\n"), CONTENT_GENERAL_LOG },
    { STR("\nConnection from 1.2.3.4, Fri Jul 10 04:47:13 2009\n"), CONTENT_GENERAL_LOG },
    { STR("1 sec. elapsed, connection closed Fri Jul 10 04:47:13 2009\n"), CONTENT_GENERAL_LOG },
    { STR("X 20090710 044713 6b03c529 x\n"), CONTENT_OTHER },
    { STR("\0 20090710 044713 6b03c529 x\n"), CONTENT_OTHER },
    { STR("T 20090710 044713 6b03c52\n"), CONTENT_OTHER },
    { STR("T 2009071 0447130 6b03c529 x\n"), CONTENT_OTHER },
    { STR("Connection from 1.2.3.4, some day\n"), CONTENT_OTHER },
    { STR("03:14:07.089 x\n03:14:07,089: x\n99:14:07.089: x\n"), CONTENT_OTHER },
    { STR("\0\0\0\0"), CONTENT_OTHER },
    { STR("\n\n\n"), CONTENT_OTHER },
    { STR("\xEF\xBB\xBF"), CONTENT_OTHER },
    { STR("\xFF\xFE"
          "0\0003\000"),
      CONTENT_WIDE },
    { STR("\xFE\xFF"
          "\0000\0003"),
      CONTENT_WIDE },
    { STR("0\0003\000"), CONTENT_WIDE },
    { STR("\0000\0003"), CONTENT_WIDE },
    { STR("0\000a\000"), CONTENT_OTHER },
    { STR("0\0003"), CONTENT_OTHER },
    { STR("\xFF"), CONTENT_OTHER },
    { STR(""), CONTENT_OTHER },
};

static void session_logs_are_recognised(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct str head = exactly(files[i].head);
        if (recognise(head) != files[i].content)
            fail_msg("row %zu: %d", i, recognise(head));
        free((char *)head.p);
    }
}

/* What those see who look for a session in the middle of a log. */
static const struct {
    struct str text;
    bool opens;
} beginnings[] = {
    { STR("21:41:43.760: --- 10 Mar 2014, 21:41:43.760 ---\r\n"), true },
    { STR("21:41:43.760: --- 10 Mar 2014, 21:41:43.760 ---\n"), true },
    { STR("21:41:43.760: --- 10 Mar 2014, 21:41:43.760 ---"), false },
    { STR("21:41:43.760:Connection from 192.0.2.1, Fri Jul 10 04:47:13 2009\r\n"), true },
    { STR("21:41:43.760: --- Connection closed normally at 10 Mar 2014, 21:41:43.760. ---\r\n"), false },
    { STR("21:41:43.760: Connect to 'mx.example', timeout 30.\r\n"), false },
    { STR("21:41:43.760: << --- 10 Mar 2014, 21:41:43.760 ---\r\n"), false },
    { STR("--- 10 Mar 2014, 21:41:43.760 ---\r\n"), false },
    { STR("\n21:41:43.760: --- 10 Mar 2014, 21:41:43.760 ---\n"), false },
    { STR(""), false },
};

static void openings_are_found(void **state)
{
    (void)state;
    struct event event;
    for (size_t i = 0; i < COUNT(beginnings); i++) {
        char padded[256] = { 0 };
        memcpy(padded, beginnings[i].text.p, beginnings[i].text.n);
        if (grammar_opens(padded, beginnings[i].text.n, &event) != beginnings[i].opens)
            fail_msg("row %zu", i);
    }
}

static void an_opening_of_a_long_line_is_passed_over(void **state)
{
    (void)state;
    struct event event;
    char line[OPENING_MOST + LINES_PAD] = "21:41:43.760:Connection from ";
    size_t n = strlen(line);
    memset(line + n, 'x', OPENING_MOST - n);
    line[OPENING_MOST - 1] = '\n';
    assert_true(grammar_opens(line, OPENING_MOST, &event));
    line[OPENING_MOST - 1] = 'x';
    line[OPENING_MOST] = '\n';
    assert_false(grammar_opens(line, OPENING_MOST + 1, &event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_understood),    cmocka_unit_test(stamps_do_not_remember_wrongly),
        cmocka_unit_test(every_stamp_is_read),     cmocka_unit_test(remarks_have_a_class),
        cmocka_unit_test(openings_are_read),       cmocka_unit_test(an_opening_of_two_lines),
        cmocka_unit_test(endings_tell_their_date), cmocka_unit_test(session_logs_are_recognised),
        cmocka_unit_test(openings_are_found),      cmocka_unit_test(an_opening_of_a_long_line_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
