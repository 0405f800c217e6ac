/* tcplog_validate against exports made by hand: good ones pass, and each kind of damage is named with its line and
 * field. What our own writers make is held against it by the corpus tests. */
#include "readback/stream.h"
#include "readback/validate.h"
#include "tcplog/schema.h"
#include "tcplog/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SESSION "0123456789abcdef0123456789abcdef"
#define COMMON                                                                                           \
    "\"schema\":\"1.0\",\"session_id\":\"" SESSION "\",\"sequence\":1,\"time_zone_source\":\"unknown\"," \
    "\"source_file\":\"a.pop\",\"protocol\":\"pop3\",\"line\":3,\"line_end\":4,\"offset\":80"
#define EXCHANGE                                                                         \
    "{\"kind\":\"exchange\"," COMMON ",\"id\":\"" SESSION "-x1\",\"phase\":\"mailbox\"," \
    "\"status\":\"success\""
#define LINE "{\"kind\":\"line\"," COMMON ",\"id\":\"" SESSION "-l1\",\"class\":\"data\",\"eol\":\"crlf\""
/* the cells of an exchange up to `offset`, with the places of kind and protocol open */
#define CELLS_AT(kind, protocol, offset) \
    kind ",1.0," SESSION "," SESSION "-x1,1,,,,,unknown,a.pop,,,,," protocol ",,,,3,4," offset
#define CELLS(kind, protocol) CELLS_AT(kind, protocol, "80")
/* and from `phase` to `redacted` */
#define REST ",mailbox,STAT,,,+OK,,,\"0 0\",4,1,success,,,,94,94,94,,16,exact,1,,,,,,\n"

static char folder[] = "/tmp/tcplog-validate-XXXXXX";
static char path[64];

/* What the reports said: one row a problem, "line id field". */
static char said[4096];

static void hear(void *context, const struct tcplog_problem *problem)
{
    (void)context;
    size_t n = strlen(said);
    assert_string_equal(problem->file, path);
    assert_true(strlen(problem->text) > 10 && strlen(problem->text) < 120);
    snprintf(said + n, sizeof said - n, "%lu %s %s\n", (unsigned long)problem->line, problem->id,
             problem->field ? problem->field : "-");
}

static void put(const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static uint64_t run(enum tcplog_status wanted)
{
    uint64_t records = 99;
    said[0] = '\0';
    assert_int_equal(tcplog_validate(path, hear, NULL, &records), wanted);
    return records;
}

static void check(const char *text, const char *expected)
{
    put(text, strlen(text));
    run(expected[0] ? TCPLOG_INVALID : TCPLOG_OK);
    assert_string_equal(said, expected);
}

static char *header_of(enum kind kind)
{
    char *header = tcplog_schema("csv", kind);
    assert_non_null(header);
    return header;
}

/* A CSV of exchanges: the header, then rows. */
static void check_rows(const char *rows, const char *expected)
{
    char *header = header_of(KIND_EXCHANGE), *text = NULL;
    assert_true(asprintf(&text, "%s%s", header, rows) > 0);
    check(text, expected);
    free(text);
    free(header);
}

/* A CSV of exchanges whose header is changed: `old` by `new`, no rows. */
static void check_header(const char *old, const char *new, const char *expected)
{
    char *header = header_of(KIND_EXCHANGE), *at = strstr(header, old), *text = NULL;
    assert_non_null(at);
    assert_true(asprintf(&text, "%.*s%s%s", (int)(at - header), header, new, at + strlen(old)) > 0);
    check(text, expected);
    free(text);
    free(header);
}

static void good_lines_pass(void **state)
{
    (void)state;
    check(EXCHANGE ",\"rtt_ms\":94}\n" LINE ",\"text\":\"\"}\r\n" LINE ",\"text\":\"no end of line\"}", "");
    assert_int_equal(run(TCPLOG_OK), 3);
    check("", "");
    assert_int_equal(run(TCPLOG_OK), 0);
}

static void fields_are_checked(void **state)
{
    (void)state;
    check(EXCHANGE ",\"colour\":1}\n", "1 unknown-field colour\n");
    check(EXCHANGE ",\"arrow\":\">>\"}\n", "1 unknown-field arrow\n");
    check(EXCHANGE "}\n" LINE "}\n", "2 missing-field text\n");
    check("{\"schema\":\"1.0\"}\n", "1 missing-field kind\n");
    check("{\"kind\":\"mail\"}\n", "1 bad-name kind\n");
    check(EXCHANGE ",\"a\\u001b[2Jb\":1}\n", "1 unknown-field a?[2Jb\n");
}

static void types_are_checked(void **state)
{
    (void)state;
    check(EXCHANGE ",\"rtt_ms\":\"94\"}\n", "1 wrong-type rtt_ms\n");
    check(EXCHANGE ",\"rtt_ms\":9.5}\n", "1 wrong-type rtt_ms\n");
    check(EXCHANGE ",\"rtt_ms\":1e300}\n", "1 bad-number rtt_ms\n");
    /* integers to JSON Schema */
    check(EXCHANGE ",\"rtt_ms\":94.0,\"total_ms\":1e3,\"think_ms\":9007199254740992.0}\n", "");
    check(EXCHANGE ",\"rtt_ms\":1e16,\"total_ms\":9223372036854774784.0}\n", "");
    check(EXCHANGE ",\"rtt_ms\":9223372036854775808.0}\n", "1 bad-number rtt_ms\n");
    check(EXCHANGE ",\"rtt_ms\":-1.0}\n", "1 bad-number rtt_ms\n");
    check(EXCHANGE ",\"rtt_ms\":-1e300}\n", "1 bad-number rtt_ms\n");
    check(EXCHANGE ",\"command\":1e300}\n", "1 wrong-type command\n");
    check(EXCHANGE ",\"rtt_ms\":null}\n", "1 wrong-type rtt_ms\n");
    check(EXCHANGE ",\"redacted\":1}\n", "1 wrong-type redacted\n");
    check(EXCHANGE ",\"command\":[]}\n", "1 wrong-type command\n");
    check("{\"kind\":7}\n", "1 wrong-type kind\n");
}

static void values_are_checked(void **state)
{
    (void)state;
    check(EXCHANGE ",\"rtt_ms\":-906}\n", "1 bad-number rtt_ms\n");
    check(EXCHANGE ",\"reply_line\":0}\n", "1 bad-number reply_line\n");
    check(EXCHANGE ",\"steps\":0,\"reply_lines\":0}\n", "1 bad-number steps\n1 bad-number reply_lines\n");
    check(EXCHANGE ",\"timing\":\"rough\"}\n", "1 bad-name timing\n");
    check(EXCHANGE ",\"time\":\"10 Feb 2014\"}\n", "1 bad-pattern time\n");
    check(EXCHANGE ",\"time\":\"2014-02-10T21:37:28.968\"}\n", "");
    check(EXCHANGE ",\"time\":\"2014-13-10T21:37:28.968\"}\n", "1 bad-pattern time\n");
    check(EXCHANGE ",\"time\":\"2014-12-10T24:37:28.968\"}\n", "1 bad-pattern time\n");
    check(EXCHANGE ",\"time_logged\":\"21:60:28.968\"}\n", "1 bad-pattern time_logged\n");
    check(EXCHANGE ",\"time\":\"2014-02-10T21:37:28.968+01:00\"}\n", "");
    check(LINE ",\"text\":\"\",\"text_base64\":\"a b\"}\n", "1 bad-pattern text_base64\n");
}

static void broken_json_is_named(void **state)
{
    (void)state;
    check(EXCHANGE "}\n" EXCHANGE, "2 broken-json -\n");
    check(EXCHANGE "}\n\n" EXCHANGE "}\n", "2 broken-json -\n");
    check(EXCHANGE "}\n[1]\n", "2 broken-json -\n");
    check(EXCHANGE ",\"command\":\"a\\u0000b\"}\n", "1 broken-json -\n");
    check(EXCHANGE ",\"command\":\"\xff\"}\n", "1 not-utf8 -\n");
    check(EXCHANGE ",\"rtt_ms\":99999999999999999999}\n", "1 bad-number rtt_ms\n");
    check(EXCHANGE ",\"rtt_ms\": 99999999999999999999 , \"steps\":1}\n", "1 bad-number rtt_ms\n");
    check(EXCHANGE ",\"x\":[1,99999999999999999999]}\n", "1 bad-number -\n");
    check(EXCHANGE ",\"rtt_ms\":1,\"rtt_ms\":2}\n", "1 duplicate-key rtt_ms\n");
    check(EXCHANGE ",\"x\\\"y\":1,\"x\\\"y\":2}\n", "1 duplicate-key -\n");
}

/* As a blank between two others, jansson would let it pass. */
static void nul_is_no_blank(void **state)
{
    (void)state;
    static const char *const places[] = { ",\"rtt_ms\":1@}\n", ",\"rtt_ms\":1@ ,\"steps\":1}\n",
                                          ",\"redacted\":true@}\n", "}\n@" };
    char text[1024];
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        size_t n = (size_t)snprintf(text, sizeof text, EXCHANGE "%s", places[i]);
        *strchr(text, '@') = '\0';
        put(text, n);
        run(TCPLOG_INVALID);
        assert_string_equal(said, i == 3 ? "2 broken-json -\n" : "1 broken-json -\n");
    }
}

static void lists_hold_texts(void **state)
{
    (void)state;
    const char *session =
        "{\"kind\":\"session\"," COMMON ",\"id\":\"" SESSION "-s1\",\"ending\":\"normal\",\"tls\":%s,"
        "\"exchanges\":1,\"failures\":0,\"unanswered\":0,\"messages_sent\":0,\"messages_fetched\":0,"
        "\"client_bytes\":6,\"server_bytes\":9,\"lines\":2,\"lines_unparsed\":0,"
        "\"outcome\":\"success\",\"capabilities\":%s}\n";
    char text[2048];
    snprintf(text, sizeof text, session, "true", "[\"STLS\",\"UIDL\"]");
    check(text, "");
    snprintf(text, sizeof text, session, "\"yes\"", "[\"STLS\",7]");
    check(text, "1 wrong-type tls\n1 wrong-type capabilities\n");
}

static void good_rows_pass(void **state)
{
    (void)state;
    check_rows(CELLS("exchange", "pop3") REST CELLS("exchange", "smtp") REST, "");
    assert_int_equal(run(TCPLOG_OK), 2);
    check_rows("", "");
    assert_int_equal(run(TCPLOG_OK), 0);
}

static void cells_are_checked(void **state)
{
    (void)state;
    check_rows(CELLS("exchange", "ftp") REST, "2 bad-name protocol\n");
    check_rows(CELLS("exchange", "") REST, "2 missing-field protocol\n");
    check_rows(CELLS("exchange", "\"\"") REST, "2 bad-name protocol\n");
    check_rows(CELLS("line", "pop3") REST, "2 wrong-kind kind\n");
    check_rows(CELLS("exchange",
                     "pop3") ",mailbox,STAT,,,+OK,,,\xff,4,1,success,,,,94,-5,09,,1e3,exact,1,,,,,yes,\n",
               "2 not-utf8 reply_text\n2 bad-number final_rtt_ms\n2 wrong-type total_ms\n"
               "2 wrong-type resolution_ms\n2 wrong-type redacted\n");
    check_rows(CELLS("exchange", "pop3") ",mailbox\n", "2 wrong-column -\n");
    check_rows(CELLS("exchange", " pop3") REST, "2 bad-name protocol\n");
}

/* A quoted cell may hold line feeds; the line named is the one on which the record begins. */
static void rows_know_their_lines(void **state)
{
    (void)state;
    check_rows(
        CELLS("exchange",
              "pop3") ",mailbox,CAPA,,,+OK,,,\"a\r\nb\n\nc\",4,3,success,,,,94,94,94,,16,exact,1,,,,,,\r\n"
                      "\r\n" CELLS("exchange", "ftp") REST,
        "7 bad-name protocol\n");
    check_rows(CELLS("exchange", "pop3") ",\"mail\nbox\"\n" CELLS("exchange", "ftp") REST,
               "2 bad-name phase\n2 wrong-column -\n4 bad-name protocol\n");
}

static void broken_csv_is_named(void **state)
{
    (void)state;
    check_rows(CELLS("exchange", "po\"p3") REST CELLS("exchange", "ftp") REST,
               "2 broken-csv -\n3 bad-name protocol\n");
    check_rows(CELLS("exchange", "pop3") REST CELLS("exchange", "\"pop3") "\n\n", "3 broken-csv -\n");
    assert_int_equal(run(TCPLOG_INVALID), 2);
}

/* As in JSON Lines. */
static void integers_of_csv_have_64_bits(void **state)
{
    (void)state;
    check_rows(CELLS_AT("exchange", "pop3", "1000000000000000000") REST, "");
    check_rows(CELLS_AT("exchange", "pop3", "9223372036854775807") REST, "");
    check_rows(CELLS_AT("exchange", "pop3", "9223372036854775808") REST, "2 bad-number offset\n");
    check_rows(CELLS_AT("exchange", "pop3", "-9223372036854775808") REST, "2 bad-number offset\n");
    check_rows(CELLS_AT("exchange", "pop3", "-9223372036854775809") REST, "2 bad-number offset\n");
}

static void line_ends_alone_are_no_export(void **state)
{
    (void)state;
    static const char *const ends[] = { "\n", "\n\n", "\r\n", "\n\r\n\n" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        check(ends[i], "0 unknown-format -\n");
}

static void headers_are_checked(void **state)
{
    (void)state;
    check_header(",rtt_ms,", ",", "1 missing-column rtt_ms\n");
    check_header(",rtt_ms,", ",rtt,", "1 unknown-column rtt\n1 missing-column rtt_ms\n");
    check_header(",redacted", ",redacted,new_one", "1 unknown-column new_one\n");
    check_header(",redacted", ",redacted,arrow", "1 unknown-column arrow\n");
    check_header(",rtt_ms,final_rtt_ms", ",final_rtt_ms,rtt_ms", "1 wrong-column rtt_ms\n");
    check_header(",redacted", ",redacted,tag", "1 duplicate-column tag\n");
    check("name,colour\nTom,red\n", "1 unknown-format -\n");
    /* of JSON RFC 8259 allows none, of CSV spreadsheets write it, with or without quotes */
    check("\xef\xbb\xbf" EXCHANGE "}\n", "1 broken-json -\n");
    check("\xef\xbb\xbf" EXCHANGE ",\"x\":1}\n" EXCHANGE "}\n", "1 broken-json -\n1 unknown-field x\n");
    check("\n\r\n" EXCHANGE "}\n", "1 broken-json -\n2 broken-json -\n");
    check_header("kind,", "\xef\xbb\xbfkind,", "");
    check_header("kind,", "\xef\xbb\xbf\"kind\",", "");
    check_header("kind,", "\"\xef\xbb\xbfkind\",", "1 unknown-column ???kind\n1 missing-column kind\n");
    check("21:37:28.968: >> +OK\r\n", "1 unknown-format -\n");
}

/* A member of a gzip file with `text` in it, behind the n bytes at `to`; answers the new n. */
static size_t add_member(unsigned char *to, size_t n, const char *text)
{
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)strlen(text);
    z.next_out = to + n;
    z.avail_out = 4096;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    n += z.total_out;
    deflateEnd(&z);
    return n;
}

static void gzip_is_read(void **state)
{
    (void)state;
    unsigned char bytes[16384];
    size_t one = add_member(bytes, 0, EXCHANGE "}\n");
    size_t all = add_member(bytes, add_member(bytes, one, ""), EXCHANGE ",\"rtt_ms\":-1}\n");
    put(bytes, all);
    assert_int_equal(run(TCPLOG_INVALID), 2);
    assert_string_equal(said, "2 bad-number rtt_ms\n");

    memset(bytes + one, 0, 512); /* padding */
    put(bytes, one + 512);
    assert_int_equal(run(TCPLOG_OK), 1);

    bytes[one + 3] = 'x';
    put(bytes, one + 512);
    assert_int_equal(run(TCPLOG_INVALID), 1);
    assert_string_equal(said, "1 trailing-bytes -\n");
}

static void damaged_gzip_is_named(void **state)
{
    (void)state;
    unsigned char bytes[16384];
    size_t one = add_member(bytes, 0, EXCHANGE ",\"rtt_ms\":-1}\n"),
           all = add_member(bytes, one, EXCHANGE "}\n");
    /* cut anywhere: never a crash, never a pass, and the first member is still checked */
    for (size_t cut = one + 1; cut < all; cut++) {
        put(bytes, cut);
        run(TCPLOG_INVALID);
        assert_memory_equal(said, "1 bad-number rtt_ms\n", 20);
        assert_non_null(strstr(said, " truncated-gzip -\n"));
        assert_null(strstr(said, "broken-json"));
    }
    bytes[one - 8] ^= 1; /* its checksum */
    put(bytes, one);
    run(TCPLOG_INVALID);
    assert_string_equal(said, "1 bad-number rtt_ms\n1 truncated-gzip -\n");
}

static void long_lines_are_passed_over(void **state)
{
    (void)state;
    size_t n = (size_t)STREAM_LINE_MOST + 3 * STREAM_BLOCK;
    char *text = malloc(n + sizeof LINE + 32);
    assert_non_null(text);
    memset(text, ' ', n);
    text[0] = '{';
    strcpy(text + n, "\n" LINE "}\n");
    put(text, strlen(text));
    free(text);
    assert_int_equal(run(TCPLOG_INVALID), 2);
    assert_string_equal(said, "1 line-too-long -\n2 missing-field text\n");
}

static void unreadable_is_said(void **state)
{
    (void)state;
    unlink(path);
    assert_int_equal(run(TCPLOG_UNREADABLE), 0);
    assert_string_equal(said, "0 unreadable -\n");
    assert_int_equal(mkdir(path, 0700), 0);
    run(TCPLOG_UNREADABLE);
    assert_int_equal(rmdir(path), 0);
    /* nobody need listen */
    assert_int_equal(tcplog_validate(path, NULL, NULL, NULL), TCPLOG_UNREADABLE);
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/export", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static bool agrees(uint64_t records, uint64_t lines)
{
    const struct tcplog_summary summary = { .records = records, .lines_recorded = lines };
    char why[TCPLOG_WHY];
    return tcplog_agrees(path, &summary, why);
}

static void exports_add_up(void **state)
{
    (void)state;
    static const char line[] = LINE ",\"text\":\"\"}\n",
                      text[] = LINE ",\"text\":\"\"}\n" LINE ",\"text\":\"\"}\n" EXCHANGE "}\n";
    put(text, strlen(text));
    assert_true(agrees(3, 2));
    assert_false(agrees(4, 2)); /* a record is missing */
    assert_false(agrees(3, 3)); /* a line is */
    put(text, strlen(text) - 2);
    assert_false(agrees(3, 2));
    put(text, 2 * strlen(line));
    assert_true(agrees(2, 2));
    put(EXCHANGE "}\n", strlen(EXCHANGE "}\n"));
    assert_true(agrees(1, 40)); /* where lines are not asked for, nothing is known of them */
    put("", 0);
    assert_true(agrees(0, 0));
    assert_false(agrees(1, 1));
    unlink(path);
    assert_false(agrees(0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_lines_pass),
        cmocka_unit_test(fields_are_checked),
        cmocka_unit_test(types_are_checked),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(broken_json_is_named),
        cmocka_unit_test(nul_is_no_blank),
        cmocka_unit_test(lists_hold_texts),
        cmocka_unit_test(good_rows_pass),
        cmocka_unit_test(cells_are_checked),
        cmocka_unit_test(rows_know_their_lines),
        cmocka_unit_test(broken_csv_is_named),
        cmocka_unit_test(integers_of_csv_have_64_bits),
        cmocka_unit_test(line_ends_alone_are_no_export),
        cmocka_unit_test(headers_are_checked),
        cmocka_unit_test(gzip_is_read),
        cmocka_unit_test(damaged_gzip_is_named),
        cmocka_unit_test(long_lines_are_passed_over),
        cmocka_unit_test(unreadable_is_said),
        cmocka_unit_test(exports_add_up),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
