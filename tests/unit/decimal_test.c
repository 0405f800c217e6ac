/* Digits against the C library's, the scans against a byte at a time, the search against memmem(). */
#include "base/decimal.h"
#include "base/scan.h"
#include "views.h"

#include <inttypes.h>
#include <stdio.h>

static void same_digits(int64_t number)
{
    char to[DECIMAL_ROOM], expected[32];
    size_t n = (size_t)(decimal(to, number) - to);
    snprintf(expected, sizeof(expected), "%" PRId64, number);
    assert_true(n <= DECIMAL_MOST);
    assert_str(((struct str){ to, n }), str_of(expected));
}

static void numbers_around_every_power(void **state)
{
    (void)state;
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10)
        for (int64_t near = -2; near <= 2; near++) {
            same_digits(power + near);
            same_digits(-power + near);
        }
    for (int64_t i = -1100; i <= 1100; i++)
        same_digits(i);
    same_digits(INT64_MAX);
    same_digits(INT64_MIN);
    same_digits(INT64_MIN + 1);
}

static void fields_of_stamps(void **state)
{
    (void)state;
    char to[8], expected[8];
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(expected, sizeof(expected), "%03u", i);
        assert_str(((struct str){ to, (size_t)(decimal_three(to, i) - to) }), str_of(expected));
        snprintf(expected, sizeof(expected), "%02u", i % 100);
        assert_str(((struct str){ to, (size_t)(decimal_two(to, i % 100) - to) }), str_of(expected));
    }
}

static void digits_are_read_up_to_a_limit(void **state)
{
    (void)state;
    uint32_t number;
    uint64_t large;
    assert_int_equal(decimal_read(STR(""), &number), 0);
    assert_int_equal(decimal_read(STR("x1"), &number), 0);
    assert_int_equal(number, 0);
    assert_int_equal(decimal_read(STR("0042 "), &number), 4);
    assert_int_equal(number, 42);
    assert_int_equal(decimal_read(STR("9999999999"), &number), 9);
    assert_int_equal(number, 999999999);
    assert_int_equal(decimal_read(STR("-1"), &number), 0);
    assert_int_equal(decimal_read(STR("1\xB2"), &number), 1);
    assert_int_equal(decimal_read_long(STR("99999999999999999999"), &large), 18);
    assert_true(large == 999999999999999999u);
    assert_int_equal(decimal_read_long(STR("4294967296,"), &large), 10);
    assert_true(large == 4294967296u);
}

/* All stops of a scan at every place of every length, near the ends most of all. */
static void scan_at(size_t n, size_t at, char stop, char a, char b, unsigned char upto)
{
    char text[100], to[200];
    memset(text, 'x', n);
    if (at < n)
        text[at] = stop;
    struct str whole = exactly((struct str){ text, n });
    size_t expected = at < n ? at : n;
    size_t found = scan_plain(whole.p, n, a, b, upto), copied = scan_copy(to, whole.p, n, a, b, upto);
    if (found != expected || copied != expected || memcmp(to, whole.p, copied) != 0)
        fail_msg("stop %d at %zu of %zu: found %zu, copied %zu", stop, at, n, found, copied);
    memset(to, 0, sizeof(to));
    if (scan_copy_all(to, whole.p, n, a, b, upto) != (at >= n) || memcmp(to, whole.p, n) != 0 || to[n])
        fail_msg("stop %d at %zu of %zu, all", stop, at, n);
    free((char *)whole.p);
    /* what stands behind it is nothing but stops */
    memset(text + n, '"', sizeof(text) - n);
    whole = exactly((struct str){ text, n < 64 ? 64 : n });
    if (scan_copy_readable(to, whole.p, n, a, b, upto) != (at >= n) || memcmp(to, whole.p, n) != 0)
        fail_msg("stop %d at %zu of %zu, readable", stop, at, n);
    free((char *)whole.p);
}

static void scans_stop_where_they_should(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 70; n++)
        for (size_t at = 0; at <= n; at++) {
            scan_at(n, at, '"', '"', '\\', 0x1F);
            scan_at(n, at, '\\', '"', '\\', 0x1F);
            scan_at(n, at, '\0', '"', '\\', 0x1F);
            scan_at(n, at, '\x1F', '"', '\\', 0x1F);
            scan_at(n, at, '\r', '"', ',', '\r');
        }
}

static void scans_pass_what_is_no_stop(void **state)
{
    (void)state;
    char text[64], to[128];
    for (int byte = 0x20; byte < 256; byte++) {
        if (byte == '"' || byte == '\\')
            continue;
        memset(text, byte, sizeof(text));
        for (size_t n = 0; n <= sizeof(text); n += 7) {
            assert_int_equal(scan_plain(text, n, '"', '\\', 0x1F), n);
            assert_int_equal(scan_copy(to, text, n, '"', '\\', 0x1F), n);
            assert_memory_equal(to, text, n);
            memset(to, 0, sizeof(to));
            assert_true(scan_copy_all(to, text, n, '"', '\\', 0x1F));
            assert_memory_equal(to, text, n);
        }
    }
}

static void ends_are(scan_ends *find, const char *text, size_t n)
{
    uint16_t ends[SCAN_ENDS_ROOM];
    bool plain, other = false;
    size_t expected = 0, count = find(text, n, ends, &plain);
    for (size_t i = 0; i < n; i++) {
        other |= (signed char)text[i] <= 0;
        if (text[i] == '\n')
            assert_int_equal(ends[expected++], i);
    }
    assert_int_equal(count, expected);
    assert_false(plain && other);
#ifdef __SSE2__
    if (n % 64 == 0)
        assert_int_equal(plain, !other);
#endif
}

/* Many, few, and next to one another; behind the last byte of interest stands another one. */
static void ends_of_lines_are_found(void **state)
{
    (void)state;
    static char text[SCAN_ENDS_MOST + 64];
    uint32_t seed = 3;
    for (unsigned round = 0; round < 4000; round++) {
        const size_t n = round % 2 ? round % 17 * 64 : round % (SCAN_ENDS_MOST + 1);
        memset(text, '\n', sizeof(text));
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = seed >> 24 < round % 128 ? '\n' : (char)('a' + (seed >> 20) % 20);
        }
        if (round % 3 == 0 && n)
            text[(seed >> 8) % n] = round % 2 ? '\0' : '\xE9';
        ends_are(scan_line_ends, text, n);
        ends_are(scan_ends_narrow, text, n);
        if (wide_is_here())
            ends_are(scan_ends_wide, text, n);
        if (widest_is_here())
            ends_are(scan_ends_widest, text, n);
    }
}

/* Few different letters, so that first and last bytes often fit where the word does not. */
static void words_are_found(void **state)
{
    (void)state;
    char text[120];
    uint32_t seed = 7;
    for (unsigned round = 0; round < 20000; round++) {
        seed = seed * 1664525 + 1013904223;
        size_t n = seed >> 8 & 63, length = 1 + (seed >> 16 & 7), from = n ? (seed >> 20) % n : 0;
        for (size_t i = 0; i < n; i++)
            text[i] = (char)('a' + ((seed * 2654435761u) >> (i % 29) & 1));
        const char *word = text + (n > length ? (seed >> 24) % (n - length) : 0);
        if (n < length)
            continue;
        const char *expected = memmem(text + from, n - from, word, length);
        assert_int_equal(scan_find(text, n, from, word, length), expected ? (size_t)(expected - text) : n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_around_every_power),    cmocka_unit_test(fields_of_stamps),
        cmocka_unit_test(digits_are_read_up_to_a_limit), cmocka_unit_test(scans_stop_where_they_should),
        cmocka_unit_test(scans_pass_what_is_no_stop),    cmocka_unit_test(words_are_found),
        cmocka_unit_test(ends_of_lines_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
