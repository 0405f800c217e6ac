/* The line reader over a source that gives its bytes in pieces of any size: the lines must be the same. */
#include "source/lines.h"
#include "views.h"

#include <errno.h>

/* The memory source, with reads cut short; and, where wanted, a failure at the end. */
static size_t step;
static int failure;

static ptrdiff_t read_slowly(struct source *source, void *to, size_t n)
{
    size_t want = step && step < n ? step : n, got = want < source->rest.n ? want : source->rest.n;
    if (got == 0 && failure) {
        errno = failure;
        return -1;
    }
    if (got)
        memcpy(to, source->rest.p, got);
    source->rest = str_from(source->rest, got);
    return (ptrdiff_t)got;
}

static void close_nothing(struct source *source)
{
    source->rest = (struct str){ 0 };
}

static const struct source_class slow_class = { .name = "slow", .read = read_slowly, .close = close_nothing };

struct expected {
    struct str text;
    unsigned end;
    bool cut;
};

static struct lines lines;

static void open_bytes(struct str bytes)
{
    struct source source;
    source_open_memory(&source, bytes);
    if (step)
        source.class = &slow_class;
    lines_open(&lines, source);
}

/* All lines, with what a caller may count on: numbers, offsets, sums. */
static void read_all(struct str bytes, const struct expected *expected, size_t count)
{
    size_t found = 0;
    uint64_t total = 0;
    struct line line;
    open_bytes(bytes);
    while (lines_refill(&lines))
        while (lines_next(&lines, &line)) {
            assert_true(found < count);
            assert_str(((struct str){ line.p, line.n }), expected[found].text);
            assert_int_equal(line.end, expected[found].end);
            assert_int_equal(line.cut, expected[found].cut);
            total += line.n + line.end;
            assert_int_equal(lines.number, ++found);
            if (line.cut)
                break;
        }
    assert_int_equal(found, count);
    assert_int_equal(total + lines.skipped, bytes.n);
    assert_int_equal(lines.offset + lines.at, bytes.n);
    assert_int_equal(lines.error, 0);
    lines_close(&lines);
}

static void read_in_steps(struct str bytes, const struct expected *expected, size_t count)
{
    static const size_t steps[] = { 0, 1, 2, 3, 7, 4096 };
    for (size_t i = 0; i < COUNT(steps); i++) {
        step = steps[i];
        read_all(bytes, expected, count);
    }
    step = 0;
}

static void ends_of_lines(void **state)
{
    (void)state;
    const struct expected rows[] = { { STR("crlf"), 2, false },   { STR("lf"), 1, false },
                                     { STR(""), 1, false },       { STR(""), 2, false },
                                     { STR("cr\rin"), 1, false }, { STR("two\r"), 2, false },
                                     { STR("none"), 0, false } };
    read_in_steps(STR("crlf\r\nlf\n\n\r\ncr\rin\ntwo\r\r\nnone"), rows, COUNT(rows));
}

static void the_last_line(void **state)
{
    (void)state;
    const struct expected ended[] = { { STR("a"), 1, false } }, bare[] = { { STR("a\r"), 0, false } };
    const struct expected nul[] = { { STR("\0"), 2, false }, { STR("a\0b"), 0, false } };
    read_in_steps(STR("a\n"), ended, 1);
    read_in_steps(STR("a\r"), bare, 1);
    read_in_steps(STR("\0\r\na\0b"), nul, 2);
    read_in_steps(STR(""), NULL, 0);
}

/* A mark at the start is the batch's affair. */
static void marks_and_other_bytes_stay(void **state)
{
    (void)state;
    const struct expected rows[] = { { STR("\xEF\xBB\xBFx"), 1, false }, { STR("\xFF\x1A\x0C"), 0, false } };
    read_in_steps(STR("\xEF\xBB\xBFx\n\xFF\x1A\x0C"), rows, COUNT(rows));
}

/* One line of n bytes between two short ones. */
static void around_the_limit(size_t n, bool ended)
{
    char *text = malloc(n + 16);
    assert_non_null(text);
    memcpy(text, "a\n", 2);
    memset(text + 2, 'x', n);
    memcpy(text + 2 + n, "\nb\n", 3);
    bool cut = n > LINES_LONGEST;
    const struct expected rows[] = { { STR("a"), 1, false },
                                     { { text + 2, cut ? LINES_LONGEST : n }, cut ? 0 : ended, cut },
                                     { STR("b"), 1, false } };
    read_all((struct str){ text, ended ? n + 5 : n + 2 }, rows, ended ? 3 : 2);
    free(text);
}

/* The CR of its end is no part of the longest line. */
static void the_longest_line_may_end_on_crlf(void **state)
{
    (void)state;
    char *text = malloc(LINES_LONGEST + 8);
    assert_non_null(text);
    memset(text, 'x', LINES_LONGEST);
    memcpy(text + LINES_LONGEST, "\r\nb\n", 5);
    const struct expected rows[] = { { { text, LINES_LONGEST }, 2, false }, { STR("b"), 1, false } };
    read_all((struct str){ text, LINES_LONGEST + 4 }, rows, 2);
    free(text);
}

static void overlong_lines_are_cut(void **state)
{
    (void)state;
    static const size_t lengths[] = { LINES_LONGEST - 1, LINES_LONGEST,   LINES_LONGEST + 1, LINES_AHEAD,
                                      LINES_BLOCK - 1,   LINES_BLOCK + 1, 3 * LINES_BLOCK };
    static const size_t steps[] = { 0, 4095, 100000 };
    for (size_t i = 0; i < COUNT(lengths); i++)
        for (size_t k = 0; k < COUNT(steps); k++) {
            step = steps[k];
            around_the_limit(lengths[i], true);
            around_the_limit(lengths[i], false);
        }
    step = 0;
}

/* More lines than a block holds; number and offset of each say where it stands. */
static void many_lines(void **state)
{
    (void)state;
    enum { LINES = 70000, EACH = 17 };
    char *text = malloc((size_t)LINES * EACH);
    assert_non_null(text);
    for (size_t i = 0; i < LINES; i++)
        memcpy(text + i * EACH, "0123456789abcde\r\n", EACH);
    struct line line;
    uint64_t number = 0;
    open_bytes((struct str){ text, (size_t)LINES * EACH });
    while (lines_refill(&lines))
        while (lines_next(&lines, &line)) {
            assert_int_equal(line.n, EACH - 2);
            assert_int_equal(lines.offset + (uint64_t)(line.p - lines.block), number * EACH);
            assert_int_equal(lines.number, ++number);
        }
    assert_int_equal(number, LINES);
    lines_close(&lines);
    free(text);
}

static void a_line_taken_back_comes_again(void **state)
{
    (void)state;
    struct line line, again;
    open_bytes(STR("one\r\ntwo\nthree"));
    assert_true(lines_refill(&lines));
    assert_true(lines_next(&lines, &line));
    lines_unread(&lines, &line);
    assert_int_equal(lines.number, 0);
    assert_true(lines_next(&lines, &again));
    assert_true(again.p == line.p && again.n == 3 && again.end == 2);
    assert_true(lines_next(&lines, &line) && lines_next(&lines, &line));
    assert_str(((struct str){ line.p, line.n }), STR("three"));
    lines_unread(&lines, &line);
    assert_view(lines_ready(&lines), "three");
    assert_true(lines_next(&lines, &again));
    assert_int_equal(lines.number, 3);
    assert_false(lines_next(&lines, &again));
    assert_false(lines_refill(&lines));
}

/* Lines of any length, some of which are not ASCII. */
static void add_any(char *text, size_t n, uint32_t seed)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++, left--) {
        seed = seed * 1664525 + 1013904223;
        text[i] = left == 0 ? '\n' : (char)('a' + (seed >> 24) % 20);
        if (left == 0)
            left = 1 + (seed >> 8) % (seed >> 28 == 0 ? 3 * SCAN_ENDS_MOST : 100);
        else if (seed >> 20 == 0)
            text[i] = seed >> 19 & 1 ? '\0' : '\xE9';
    }
}

static void is_whole(const struct line *line, const char *at)
{
    const char *lf = memchr(at, '\n', LINES_LONGEST);
    assert_memory_equal(line->p, at, line->n + line->end);
    assert_int_equal(line->n + 1, lf - at + 1);
    for (size_t i = 0; lines.ends.plain && i < line->n; i++)
        assert_true((signed char)at[i] > 0);
}

/* Whoever goes back, near or far, gets the same lines again, and is told the truth of their bytes. */
static void gone_back_and_on(void **state)
{
    (void)state;
    enum { ALL = 300000 };
    static char text[ALL + 1];
    struct line line, earlier = { 0 };
    add_any(text, ALL, 5);
    text[ALL] = '\n';
    open_bytes((struct str){ text, ALL + 1 });
    for (size_t i = 0, back = 0; lines_refill(&lines);)
        for (earlier.p = NULL; lines_next(&lines, &line); i++) {
            is_whole(&line, text + lines.offset + (line.p - lines.block));
            if (i % 7 == 0)
                earlier = line;
            if (i % 3 == 0 && back++ % 2 == 0)
                lines_unread(&lines, &line);
            else if (i % 50 == 49 && back++ % 2 == 0 && earlier.p)
                lines_go_back(&lines, earlier.p, 0);
        }
    assert_int_equal(lines.offset + lines.at, ALL + 1);
    lines_close(&lines);
}

static void enough_is_ready_to_look_ahead(void **state)
{
    (void)state;
    enum { ALL = LINES_AHEAD + 5000 };
    char *text = malloc(ALL);
    assert_non_null(text);
    memset(text, '\n', ALL);
    step = 1000;
    open_bytes((struct str){ text, ALL });
    assert_true(lines_refill(&lines));
    assert_true(lines_ready(&lines).n >= LINES_AHEAD);
    step = 0;
    free(text);
}

static void what_came_before_a_failure_is_handed_out(void **state)
{
    (void)state;
    struct line line;
    step = 2;
    failure = EIO;
    open_bytes(STR("one\nhalf"));
    assert_true(lines_refill(&lines));
    assert_true(lines_next(&lines, &line) && line.end == 1);
    assert_true(lines_next(&lines, &line) && line.end == 0);
    assert_str(((struct str){ line.p, line.n }), STR("half"));
    assert_false(lines_refill(&lines));
    assert_int_equal(lines.error, EIO);
    step = 0;
    failure = 0;
}

static int make(void **state)
{
    (void)state;
    return lines_make(&lines) ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    lines_free(&lines);
    return lines.block != NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_lines),
        cmocka_unit_test(the_last_line),
        cmocka_unit_test(marks_and_other_bytes_stay),
        cmocka_unit_test(the_longest_line_may_end_on_crlf),
        cmocka_unit_test(overlong_lines_are_cut),
        cmocka_unit_test(many_lines),
        cmocka_unit_test(a_line_taken_back_comes_again),
        cmocka_unit_test(gone_back_and_on),
        cmocka_unit_test(enough_is_ready_to_look_ahead),
        cmocka_unit_test(what_came_before_a_failure_is_handed_out),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
