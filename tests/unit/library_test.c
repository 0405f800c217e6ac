/* The face of the library where its program does not go: inputs and exports that do not fit together, exports that are
 * shorter than they should be, a locale that spells otherwise. */
#include "tcplog.h"
#include "views.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static const char log_text[] = "21:37:28.507: --- 10 Feb 2014, 21:37:28.507 ---\r\n"
                               "21:37:28.507: Connect to 'pop.example.com', timeout 30.\r\n"
                               "21:37:28.600: >> +OK ready\r\n"
                               "21:37:28.601: << QUIT\r\n"
                               "21:37:28.700: >> +OK bye\r\n";
static char folder[] = "/tmp/tcplog-library-XXXXXX", path[128], export_path[128], index_path[160];

/* What was told. */
struct heard {
    char ids[256], texts[256];
    enum tcplog_status status;
    unsigned finished;
    char hash[33];
};

static void hear(void *context, const struct tcplog_problem *problem)
{
    struct heard *heard = context;
    size_t n = strlen(heard->ids), m = strlen(heard->texts);
    snprintf(heard->ids + n, sizeof(heard->ids) - n, "%s\n", problem->id);
    snprintf(heard->texts + m, sizeof(heard->texts) - m, "%s\n", problem->text);
}

static void finished(void *context, const struct tcplog_outcome *outcome)
{
    struct heard *heard = context;
    heard->finished++;
    heard->status = outcome->status;
    snprintf(heard->hash, sizeof(heard->hash), "%s", outcome->hash);
}

static void write_file(const char *name, struct str bytes)
{
    FILE *file = fopen(name, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
    assert_int_equal(fclose(file), 0);
}

static int64_t size_of(const char *name)
{
    struct stat about;
    return stat(name, &about) == 0 ? (int64_t)about.st_size : -1;
}

static struct tcplog *open_run(struct tcplog_options options, struct heard *heard)
{
    struct tcplog *log;
    memset(heard, 0, sizeof(*heard));
    options.report = hear;
    options.finished = finished;
    options.context = heard;
    options.force = true;
    assert_int_equal(tcplog_open(&options, &log), TCPLOG_OK);
    return log;
}

/* --- places of records ---------------------------------------------------------------------------------------- */

static void is_refused(struct tcplog_options options, const char *wrong, const char *right, const char *id)
{
    struct heard heard;
    for (options.jobs = 1; options.jobs <= 3; options.jobs++) {
        struct tcplog *log = open_run(options, &heard);
        struct tcplog_input input = { .path = path, .named = true, .exported_to = right };
        assert_true(tcplog_convert(log, &input));
        input.exported_to = wrong;
        assert_false(tcplog_convert(log, &input));
        assert_int_equal(heard.finished, 2);
        assert_int_equal(heard.status, TCPLOG_USAGE);
        assert_string_equal(heard.ids, id);
        input.exported_to = right;
        assert_false(tcplog_convert(log, &input));
        assert_int_equal(heard.finished, 2);
        /* the first failure sticks */
        assert_int_equal(tcplog_close(log, true, NULL), TCPLOG_USAGE);
        if (options.output)
            assert_int_equal(size_of(options.output), -1);
    }
}

static void no_value_is_taken_for_another(void **state)
{
    (void)state;
    const struct tcplog_options wrong[] = {
        { .kinds = 1u << KIND_COUNT },     { .redact = (enum tcplog_redact)9 },       { .output = "" },
        { .jobs = TCPLOG_MOST_JOBS + 1 },  { .limits.depth = TCPLOG_MOST_DEPTH + 1 }, { .verify = true },
        { .verify = true, .output = "-" }, { .verify = true, .output = folder },
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct heard heard = { .finished = 0 };
        struct tcplog_options options = wrong[i];
        struct tcplog *log;
        options.report = hear;
        options.context = &heard;
        assert_int_equal(tcplog_open(&options, &log), TCPLOG_USAGE);
        assert_null(log);
        assert_string_equal(heard.ids, wrong[i].verify ? "verify-without-file\n" : "bad-value\n");
    }
}

static bool put_none(void *context, struct str text, bool header)
{
    (void)context, (void)text, (void)header;
    return false;
}

static void a_query_names_what_is_wrong_with_it(void **state)
{
    (void)state;
    const struct tcplog_query wrong[] = { { .first = 9, .last = 2 },
                                          { .session = "zz" },
                                          { .since = "now" } };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        struct heard heard = { .finished = 0 };
        assert_int_equal(tcplog_cat(path, &wrong[i], put_none, hear, &heard), TCPLOG_USAGE);
        assert_string_equal(heard.ids, "bad-query\n");
    }
}

static void a_pipe_is_not_read_back(void **state)
{
    (void)state;
    char pipe_path[160], why[TCPLOG_WHY];
    const struct tcplog_summary summary = { .records = 1 };
    snprintf(pipe_path, sizeof(pipe_path), "%s/pipe", folder);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    alarm(30);
    assert_false(tcplog_agrees(pipe_path, &summary, why));
    alarm(0);
    assert_non_null(strstr(why, "no regular file"));
    unlink(pipe_path);
}

static void an_input_has_an_export_where_the_run_has_no_output(void **state)
{
    (void)state;
    char output[160];
    snprintf(output, sizeof(output), "%s/all.jsonl", folder);
    unlink(export_path);
    is_refused((struct tcplog_options){ .output = output }, export_path, NULL, "export-without-use\n");
    assert_int_equal(size_of(export_path), -1);
    is_refused((struct tcplog_options){ .exports = true }, NULL, export_path, "export-missing\n");
    assert_true(size_of(export_path) > 0);
    unlink(export_path);
    unlink(output);
}

/* --- exports that grow ---------------------------------------------------------------------------------------- */

#define RECORD \
    "{\"kind\":\"line\",\"session_id\":\"0123456789abcdef0123456789abcdef\",\"time\":\"2014-08-06T21:41:50.822\"}\n"

/* Nothing is added, and nothing filled up, where bytes are missing. */
static void lacks_bytes(const struct tcplog *log, uint64_t length, struct str records, bool gzip)
{
    struct tcplog_growth growth = { .length = length };
    int64_t before = size_of(export_path), index_before = size_of(index_path);
    assert_int_equal(tcplog_append(log, export_path, &growth, records), TCPLOG_UNREADABLE);
    assert_int_equal(size_of(export_path), before);
    if (gzip)
        assert_int_equal(size_of(index_path), index_before);
}

static void grows(const char *format, bool gzip)
{
    struct heard heard;
    struct tcplog_growth growth = { 0 };
    struct tcplog *log =
        open_run((struct tcplog_options){ .exports = true, .format = format, .gzip = gzip }, &heard);
    unlink(export_path);
    unlink(index_path);
    assert_int_equal(tcplog_append(log, export_path, &growth, STR(RECORD)), TCPLOG_OK);
    uint64_t first = growth.length;
    assert_int_equal(tcplog_append(log, export_path, &growth, STR(RECORD RECORD)), TCPLOG_OK);
    assert_int_equal(size_of(export_path), growth.length);
    lacks_bytes(log, growth.length + 500, STR(""), gzip);
    lacks_bytes(log, growth.length + 500, STR(RECORD), gzip);
    if (gzip)
        lacks_bytes(log, growth.length - 1, STR(RECORD), gzip);
    /* what is known counts no more than what is there */
    growth.length += 7;
    assert_int_equal(tcplog_append(log, export_path, &growth, STR(RECORD)), TCPLOG_UNREADABLE);
    struct tcplog_growth back = { .length = first };
    assert_int_equal(tcplog_append(log, export_path, &back, STR("")), TCPLOG_OK);
    assert_int_equal(size_of(export_path), first);
    assert_int_equal(tcplog_append(log, export_path, &back, STR(RECORD)), TCPLOG_OK);
    unlink(export_path);
    lacks_bytes(log, first, STR(""), gzip);
    lacks_bytes(log, first, STR(RECORD), gzip);
    unlink(index_path);
    assert_int_equal(tcplog_close(log, false, NULL), TCPLOG_OK);
}

static void what_is_too_short_does_not_grow(void **state)
{
    (void)state;
    grows("jsonl", false);
    grows("jsonl", true);
}

/* --- hashes --------------------------------------------------------------------------------------------------- */

static void is_hashed(const char *name, bool outcome_tells)
{
    struct heard heard;
    char digits[33];
    struct tcplog *log =
        open_run((struct tcplog_options){ .output = export_path, .fingerprint = true }, &heard);
    const struct tcplog_input input = { .path = name, .named = true };
    assert_true(tcplog_convert(log, &input));
    assert_true(tcplog_settle(log));
    assert_true(tcplog_fingerprint(&input, digits));
    assert_int_equal(strlen(digits), 32);
    assert_string_equal(heard.hash, outcome_tells ? digits : "");
    assert_int_equal(tcplog_close(log, false, NULL), TCPLOG_OK);
}

static void what_is_read_from_end_to_end_has_a_hash(void **state)
{
    (void)state;
    char packed[160];
    snprintf(packed, sizeof(packed), "%s/TCP0002.MD.gz", folder);
    gzFile file = gzopen(packed, "wb");
    assert_int_equal(gzwrite(file, log_text, sizeof(log_text) - 1), sizeof(log_text) - 1);
    assert_int_equal(gzclose(file), Z_OK);
    is_hashed(path, true);
    is_hashed(packed, false);
    unlink(packed);
}

/* --- the reader of the output --------------------------------------------------------------------------------- */

static void a_reader_that_goes_away_is_told_where_the_signal_is_ignored(void **state)
{
    (void)state;
    struct heard heard;
    int ends[2];
    char output[32];
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    snprintf(output, sizeof(output), "/dev/fd/%d", ends[1]);
    struct tcplog *log = open_run((struct tcplog_options){ .output = output, .jobs = 1 }, &heard);
    const struct tcplog_input input = { .path = path, .named = true };
    close(ends[0]);
    tcplog_convert(log, &input);
    assert_int_equal(tcplog_close(log, true, NULL), TCPLOG_PIPE);
    close(ends[1]);
    signal(SIGPIPE, before);
}

/* --- the language of the process ------------------------------------------------------------------------------ */

static void nothing_depends_on_the_letters_of_a_language(void **state)
{
    (void)state;
    char make[256], locales[160];
    struct tcplog_code code;
    snprintf(locales, sizeof(locales), "%s/tr_TR", folder);
    snprintf(make, sizeof(make), "localedef --no-archive -i tr_TR -f ISO-8859-9 %s >/dev/null 2>&1", locales);
    setenv("LOCPATH", folder, 1);
    bool there = system(make) == 0 && setlocale(LC_ALL, "tr_TR");
    snprintf(make, sizeof(make), "rm -rf %s", locales);
    assert_int_equal(system(make), 0);
    if (!there)
        skip();
    bool upper = tcplog_is_log_name("TCP0001.MI"), lower = tcplog_is_log_name("tcp0001.mi");
    bool none = tcplog_is_log_name("TCP0001.M\xfd");
    size_t i = 0, fits = 0;
    for (; tcplog_code(i, &code); i++)
        fits += strcmp(code.code, "[IN-USE]") == 0 && tcplog_code_fits(&code, "in-use") == TCPLOG_FIT_EXACT;
    setlocale(LC_ALL, "C");
    assert_true(upper && lower && !none);
    assert_int_equal(fits, 1);
}

static void a_problem_says_what_the_system_says(void **state)
{
    (void)state;
    struct heard heard;
    struct tcplog *log = open_run((struct tcplog_options){ .output = export_path }, &heard);
    const struct tcplog_input input = { .path = index_path, .named = true };
    tcplog_convert(log, &input);
    tcplog_settle(log);
    assert_string_equal(heard.texts, "No such file or directory\n");
    assert_int_equal(heard.status, TCPLOG_UNREADABLE);
    assert_int_equal(tcplog_close(log, false, NULL), TCPLOG_OK);
}

/* ----------------------------------------------------------------------------------------------------------------- */

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/TCP0001.MD", folder);
    snprintf(export_path, sizeof(export_path), "%s/own.jsonl", folder);
    snprintf(index_path, sizeof(index_path), "%s.idx", export_path);
    write_file(path, (struct str){ log_text, sizeof(log_text) - 1 });
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_input_has_an_export_where_the_run_has_no_output),
        cmocka_unit_test(no_value_is_taken_for_another),
        cmocka_unit_test(a_query_names_what_is_wrong_with_it),
        cmocka_unit_test(a_pipe_is_not_read_back),
        cmocka_unit_test(what_is_too_short_does_not_grow),
        cmocka_unit_test(what_is_read_from_end_to_end_has_a_hash),
        cmocka_unit_test(a_reader_that_goes_away_is_told_where_the_signal_is_ignored),
        cmocka_unit_test(nothing_depends_on_the_letters_of_a_language),
        cmocka_unit_test(a_problem_says_what_the_system_says),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
