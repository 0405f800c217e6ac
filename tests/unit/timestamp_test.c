/* Times as records and people write them, and what is none. */
#include "base/timestamp.h"
#include "views.h"

static void same_time(const char *text, int64_t wall, int32_t offset, bool zoned)
{
    struct timestamp time;
    struct str copy = exactly(str_of(text));
    assert_true(timestamp_read(copy, &time));
    free((char *)(uintptr_t)copy.p);
    assert_true(time.wall == wall);
    assert_int_equal(time.offset, offset);
    assert_int_equal(time.zoned, zoned);
    assert_true(timestamp_instant(&time) == wall - (int64_t)offset * 60000);
}

static void whole_ones(void **state)
{
    (void)state;
    same_time("1970-01-01T00:00:00.000", 0, 0, false);
    same_time("1970-01-02T03:04:05.678Z", 86400000 + 11045678, 0, true);
    same_time("2014-02-10T21:37:28.507+01:00", 1392068248507, 60, true);
    same_time("2014-02-10T21:37:28.507-09:30", 1392068248507, -570, true);
    same_time("1969-12-31T23:59:59.999", -1, 0, false);
    same_time("2016-02-29 00:00:00.000", 1456704000000, 0, false);
}

static void short_ones(void **state)
{
    (void)state;
    same_time("1970-01-02", 86400000, 0, false);
    same_time("1970-01-02+02:00", 86400000, 120, true);
    same_time("1970-01-01T01:02", 3720000, 0, false);
    same_time("1970-01-01T01:02Z", 3720000, 0, true);
    same_time("1970-01-01T00:00:01", 1000, 0, false);
    same_time("1970-01-01T00:00:00.5", 500, 0, false);
    same_time("1970-01-01T00:00:00.507999+00:01", 507, 1, true);
}

static void no_times(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "1970",
        "1970-1-1",
        "1970-01-00",
        "1970-02-29",
        "70-01-01",
        "1970-01-01T",
        "1970-01-01T1:00",
        "1970-01-01T24:00",
        "1970-01-01T00:60",
        "1970/01/01",
        "1970-01-01T00",
        "1970-01-01T00:00:61",
        "1970-01-01T00:00:",
        "1970-01-01T00:00:00.",
        "yesterday",
        "1970-01-01z",
        "1970-01-01T00:00+1",
        "1970-01-01T00:00+24:00",
        "1970-01-01T00:00:00.0 ",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct timestamp time;
        struct str copy = exactly(str_of(texts[i]));
        assert_false(timestamp_read(copy, &time));
        free((char *)(uintptr_t)copy.p);
    }
}

static void written_as_they_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = { "0000-01-01T00:00:00.000", "1969-12-31T23:59:59.999",
                                         "1970-01-01T00:00:00.000", "2014-02-10T21:37:28.507",
                                         "9999-12-31T23:59:59.999" };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char text[TIMESTAMP_TEXT];
        struct timestamp time;
        assert_true(timestamp_read(str_of(texts[i]), &time));
        assert_ptr_equal(timestamp_write(text, time.wall), text + TIMESTAMP_TEXT);
        assert_str(((struct str){ text, TIMESTAMP_TEXT }), str_of(texts[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_ones),
        cmocka_unit_test(short_ones),
        cmocka_unit_test(no_times),
        cmocka_unit_test(written_as_they_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
