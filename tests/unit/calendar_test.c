/* The calendar against the C library's timegm, the two shapes of a date, and what is neither. */
#include "base/calendar.h"
#include "views.h"

#include <stdio.h>
#include <time.h>

static int32_t day_by_library(int year, unsigned month, unsigned day)
{
    struct tm tm = { .tm_year = year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day };
    return (int32_t)(timegm(&tm) / 86400);
}

static void same_day(int year, unsigned month, unsigned day)
{
    char text[16], expected[32];
    int32_t number = calendar_day(year, month, day);
    assert_int_equal(number, day_by_library(year, month, day));
    snprintf(expected, sizeof(expected), "%04d-%02u-%02u", year, month, day);
    assert_int_equal(calendar_write(text, number) - text, DATE_TEXT);
    assert_str(((struct str){ text, DATE_TEXT }), str_of(expected));
}

static void days_come_back(void **state)
{
    (void)state;
    for (int year = 1583; year <= 9999; year += year > 1960 && year < 2110 ? 1 : 37)
        for (unsigned month = 1; month <= 12; month++)
            for (unsigned day = 1; day <= 31; day++)
                if (calendar_valid((unsigned)year, month, day))
                    same_day(year, month, day);
    same_day(0, 1, 1);
    same_day(0, 2, 29);
    same_day(1, 1, 1);
    same_day(9999, 12, 31);
}

static void leap_years(void **state)
{
    (void)state;
    assert_true(calendar_valid(2000, 2, 29));
    assert_true(calendar_valid(2024, 2, 29));
    assert_false(calendar_valid(1900, 2, 29));
    assert_false(calendar_valid(2100, 2, 29));
    assert_false(calendar_valid(2023, 2, 29));
    assert_false(calendar_valid(2024, 2, 30));
    assert_false(calendar_valid(2024, 4, 31));
    assert_false(calendar_valid(2024, 0, 1));
    assert_false(calendar_valid(2024, 13, 1));
    assert_false(calendar_valid(2024, 1, 0));
    assert_false(calendar_valid(2024, 1, 32));
}

static void days_that_can_be_written(void **state)
{
    (void)state;
    assert_int_equal(calendar_day(0, 1, 1), DAY_FIRST);
    assert_int_equal(calendar_day(9999, 12, 31), DAY_LAST);
}

static void stamps_are_written(void **state)
{
    (void)state;
    char text[STAMP_TEXT];
    assert_int_equal(calendar_write_stamp(text, 0) - text, STAMP_TEXT);
    assert_str(((struct str){ text, STAMP_TEXT }), STR("00:00:00.000"));
    calendar_write_stamp(text, DAY_MS - 1);
    assert_str(((struct str){ text, STAMP_TEXT }), STR("23:59:59.999"));
    calendar_write_stamp(text, ((21 * 60 + 41) * 60 + 43) * 1000 + 76);
    assert_str(((struct str){ text, STAMP_TEXT }), STR("21:41:43.076"));
}

struct shape {
    struct str text;
    size_t length; /* 0: no date */
    int year;
    unsigned month, day;
    int32_t ms;
};

static void read_shapes(size_t (*read)(struct str, struct date *), const struct shape *shapes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct shape *shape = &shapes[i];
        struct date date = { -77, -77 };
        struct str text = exactly(shape->text);
        size_t n = read(text, &date);
        if (n != shape->length)
            fail_msg("'%.*s': %zu bytes read", (int)text.n, text.p, n);
        if (n) {
            assert_int_equal(date.day, calendar_day(shape->year, shape->month, shape->day));
            assert_int_equal(date.ms, shape->ms);
        }
        free((char *)text.p);
    }
}

static int32_t at(int32_t hour, int32_t minute, int32_t second)
{
    return ((hour * 60 + minute) * 60 + second) * 1000;
}

static void dates_of_the_old_library(void **state)
{
    (void)state;
    const struct shape shapes[] = {
        { STR("Thu Apr 07 03:14:07 2011"), 24, 2011, 4, 7, at(3, 14, 7) },
        { STR("Thu Apr  7 03:14:07 2011"), 24, 2011, 4, 7, at(3, 14, 7) },
        { STR("Fri Dec 31 23:59:60 1999. ---"), 24, 1999, 12, 31, at(23, 59, 60) },
        { STR("xxx Feb 29 00:00:00 2012"), 24, 2012, 2, 29, 0 },
        { STR("Thu Feb 29 00:00:00 2013"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr 00 03:14:07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr    03:14:07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu APR 07 03:14:07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apx 07 03:14:07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr 07 24:14:07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr 07 03:60:07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr 07 03:14:61 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr 07 03.14.07 2011"), 0, 0, 0, 0, 0 },
        { STR("Thu Apr 07 03:14:07 201"), 0, 0, 0, 0, 0 },
        { STR("Thu,Apr 07 03:14:07 2011"), 0, 0, 0, 0, 0 },
        { STR(""), 0, 0, 0, 0, 0 },
    };
    read_shapes(calendar_read_ctime, shapes, COUNT(shapes));
}

static void dates_of_the_new_library(void **state)
{
    (void)state;
    const struct shape shapes[] = {
        { STR("6 Aug 2014, 21:41:43.760"), 24, 2014, 8, 6, at(21, 41, 43) + 760 },
        { STR("16 Aug 2014, 21:41:43.760 ---"), 25, 2014, 8, 16, at(21, 41, 43) + 760 },
        { STR("06 Aug 2014, 21:41:43.760"), 25, 2014, 8, 6, at(21, 41, 43) + 760 },
        { STR("31 Dec 9999, 23:59:59.999"), 25, 9999, 12, 31, DAY_MS - 1 },
        { STR("6 Aug 2014, 9:41:43.760 ---"), 23, 2014, 8, 6, at(9, 41, 43) + 760 },
        { STR("6 Aug 2014, 0:00:00.000"), 23, 2014, 8, 6, 0 },
        { STR("6 Aug 2014, 9:41:43.76"), 0, 0, 0, 0, 0 },
        { STR("6 Aug 2014, :41:43.7600"), 0, 0, 0, 0, 0 },
        { STR("30 Feb 2014, 21:41:43.760"), 0, 0, 0, 0, 0 },
        { STR("0 Aug 2014, 21:41:43.760"), 0, 0, 0, 0, 0 },
        { STR("6 Aug 2014, 21:41:43.76"), 0, 0, 0, 0, 0 },
        { STR("6 Aug 2014, 21:41:43,760"), 0, 0, 0, 0, 0 },
        { STR("6 Aug 2014 21:41:43.760 "), 0, 0, 0, 0, 0 },
        { STR("6 Aug 14, 21:41:43.760  "), 0, 0, 0, 0, 0 },
        { STR("6 Aug 2014, 24:41:43.760"), 0, 0, 0, 0, 0 },
        { STR("106 Aug 2014, 21:41:43.760"), 0, 0, 0, 0, 0 },
        { STR("Wed 6 Aug 2014, 21:41:43.760"), 0, 0, 0, 0, 0 },
        { STR("6"), 0, 0, 0, 0, 0 },
        { STR(""), 0, 0, 0, 0, 0 },
    };
    read_shapes(calendar_read_plain, shapes, COUNT(shapes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_come_back),           cmocka_unit_test(leap_years),
        cmocka_unit_test(days_that_can_be_written), cmocka_unit_test(stamps_are_written),
        cmocka_unit_test(dates_of_the_old_library), cmocka_unit_test(dates_of_the_new_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
