/* Zones: offsets of local times around every change of two zones that observe summer time, fixed offsets, names that
 * are no zones; and that the process's own zone is left alone. */
#include "base/calendar.h"
#include "base/zone.h"
#include "views.h"

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t local(int year, unsigned month, unsigned day, int hour, int minute, int second)
{
    return (int64_t)calendar_day(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
}

static struct zone open_zone(const char *name)
{
    struct zone zone;
    if (!zone_open(&zone, name))
        fail_msg("%s is not known", name);
    assert_str(zone.name, str_of(name));
    return zone;
}

struct offset {
    int64_t local;
    bool later;
    int32_t hours;
};

static void same_offsets(const char *name, const struct offset *offsets, size_t count)
{
    struct zone zone = open_zone(name);
    for (size_t i = 0; i < count; i++)
        if (zone_offset(&zone, offsets[i].local, offsets[i].later) != offsets[i].hours * 3600)
            fail_msg("%s, row %zu: %d", name, i, zone_offset(&zone, offsets[i].local, offsets[i].later));
    zone_close(&zone);
}

static void amsterdam(void **state)
{
    (void)state;
    const struct offset offsets[] = {
        { local(2014, 1, 1, 0, 0, 0), false, 1 },          { local(2014, 3, 30, 1, 59, 59), false, 1 },
        { local(2014, 3, 30, 2, 0, 0), false, 1 },         { local(2014, 3, 30, 2, 59, 59), false, 1 },
        { local(2014, 3, 30, 2, 59, 59), true, 1 },        { local(2014, 3, 30, 3, 0, 0), false, 2 },
        { local(2014, 3, 30, 3, 0, 0), true, 2 },          { local(2014, 7, 1, 12, 0, 0), false, 2 },
        { local(2014, 10, 26, 1, 59, 59), true, 2 },       { local(2014, 10, 26, 2, 0, 0), false, 2 },
        { local(2014, 10, 26, 2, 0, 0), true, 1 },         { local(2014, 10, 26, 2, 59, 59) + 999, false, 2 },
        { local(2014, 10, 26, 2, 59, 59) + 999, true, 1 }, { local(2014, 10, 26, 3, 0, 0), false, 1 },
        { local(2014, 10, 26, 3, 0, 0), true, 1 },         { local(2014, 12, 31, 23, 59, 59), false, 1 },
    };
    same_offsets("Europe/Amsterdam", offsets, COUNT(offsets));
}

static void new_york(void **state)
{
    (void)state;
    const struct offset offsets[] = {
        { local(2009, 3, 8, 1, 59, 59), false, -5 },
        { local(2009, 3, 8, 2, 30, 0), false, -5 },
        { local(2009, 3, 8, 3, 0, 0), false, -4 },
        { local(2009, 11, 1, 0, 59, 59), true, -4 },
        { local(2009, 11, 1, 1, 0, 0), false, -4 },
        { local(2009, 11, 1, 1, 0, 0), true, -5 },
        { local(2009, 11, 1, 1, 59, 59), false, -4 },
        { local(2009, 11, 1, 2, 0, 0), false, -5 },
        /* the rules of before 2007 */
        { local(2006, 4, 2, 3, 0, 0), false, -4 },
        { local(2006, 3, 12, 3, 0, 0), false, -5 },
    };
    same_offsets("America/New_York", offsets, COUNT(offsets));
}

/* Before 1970 and behind 2100 the nearest offset holds; nothing wraps. */
static void far_years(void **state)
{
    (void)state;
    const struct offset offsets[] = {
        { local(0, 1, 1, 0, 0, 0), false, 1 },
        { local(1969, 7, 1, 0, 0, 0), true, 1 },
        { local(2099, 7, 1, 0, 0, 0), false, 2 },
        { local(2100, 7, 1, 0, 0, 0), false, 1 },
        { local(9999, 12, 31, 23, 59, 59), true, 1 },
        { INT64_MIN / 2, false, 1 },
        { INT64_MAX / 2, false, 1 },
    };
    same_offsets("Europe/Amsterdam", offsets, COUNT(offsets));
}

static void one_change(const struct zone *zone, int64_t at, int64_t wall, int64_t back)
{
    struct zone_seam seam;
    assert_true(zone_seam(zone, at, &seam));
    assert_true(seam.wall == wall);
    assert_true(seam.back == back);
}

static void changes_that_are_not_over(void **state)
{
    (void)state;
    enum { HOUR = 3600000 };
    struct zone zone = open_zone("Europe/Amsterdam");
    int64_t spring = local(2014, 3, 30, 2, 0, 0), autumn = local(2014, 10, 26, 3, 0, 0);
    one_change(&zone, local(2014, 1, 1, 0, 0, 0), spring, -HOUR);
    one_change(&zone, spring + HOUR - 1, spring, -HOUR);
    one_change(&zone, spring + HOUR, autumn, HOUR);
    one_change(&zone, autumn - HOUR, autumn, HOUR);
    one_change(&zone, autumn - 1, autumn, HOUR);
    one_change(&zone, autumn, local(2015, 3, 29, 2, 0, 0), -HOUR);
    struct zone_seam seam;
    assert_false(zone_seam(&zone, local(2100, 1, 1, 0, 0, 0), &seam));
    zone_close(&zone);
}

/* Changes of half an hour, and of a whole day: Lord Howe, and Samoa, which left out a Friday. */
static void odd_changes(void **state)
{
    (void)state;
    struct zone zone = open_zone("Australia/Lord_Howe");
    assert_int_equal(zone_offset(&zone, local(2014, 1, 1, 0, 0, 0), false), 39600);
    assert_int_equal(zone_offset(&zone, local(2014, 7, 1, 0, 0, 0), false), 37800);
    one_change(&zone, local(2014, 3, 1, 0, 0, 0), local(2014, 4, 6, 2, 0, 0), 1800000);
    zone_close(&zone);
    zone = open_zone("Pacific/Apia");
    assert_int_equal(zone_offset(&zone, local(2011, 12, 29, 23, 59, 59), false), -36000);
    assert_int_equal(zone_offset(&zone, local(2011, 12, 31, 0, 0, 0), false), 50400);
    zone_close(&zone);
}

static void fixed_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t offset;
    } rows[] = { { "+00:00", 0 },     { "-00:00", 0 },      { "+05:45", 20700 }, { "-03:30", -12600 },
                 { "+14:00", 50400 }, { "-12:00", -43200 }, { "+18:59", 68340 }, { "UTC", 0 } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone zone = open_zone(rows[i].name);
        struct zone_seam seam;
        assert_int_equal(zone_offset(&zone, local(2014, 7, 1, 0, 0, 0), false), rows[i].offset);
        assert_int_equal(zone_offset(&zone, -1, true), rows[i].offset);
        assert_false(zone_seam(&zone, 0, &seam));
        zone_close(&zone);
    }
}

static void names_that_are_no_zones(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "Europe",
        "Europe/",
        "Europe/Nowhere",
        "europe/amsterdam/x",
        "/etc/localtime",
        "localtime",
        "posixrules",
        "zone.tab",
        "tzdata.zi",
        "../zoneinfo/UTC",
        "Europe/../UTC",
        "+1:00",
        "+01:0",
        "+01-00",
        "+19:00",
        "+01:60",
        "01:00",
        "+01:000",
        "UTC+1",
        "CET-1CEST",
        ":UTC",
        "+aa:00",
        "Europe/Amsterdam ",
        " UTC",
        "+01:",
        "Amsterdam",
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        struct zone zone = { 0 };
        if (zone_open(&zone, names[i]))
            fail_msg("'%s' is a zone", names[i]);
    }
}

/* --- held against the C library ------------------------------------------------------------------------------- */

static int32_t offset_of_the_library(int64_t second)
{
    time_t moment = (time_t)second;
    struct tm tm;
    assert_non_null(localtime_r(&moment, &tm));
    return (int32_t)tm.tm_gmtoff;
}

/* Around each change, and every twenty days between. */
static void same_as_the_library(const char *name)
{
    enum { STEP = 20 * 86400 };
    struct zone zone = open_zone(name);
    setenv("TZ", name, 1);
    tzset();
    for (size_t i = 0; i < zone.count; i++) {
        const struct zone_change *change = &zone.changes[i];
        int64_t from = i ? change->from : 0, end = i + 1 < zone.count ? change[1].from : 4102444800;
        for (int64_t at = from; at < end; at += STEP)
            if (offset_of_the_library(at) != change->offset)
                fail_msg("%s, %ld: %d", name, (long)at, change->offset);
        if (offset_of_the_library(end - 1) != change->offset)
            fail_msg("%s, %ld: %d", name, (long)end - 1, change->offset);
    }
    unsetenv("TZ");
    zone_close(&zone);
}

static const char *zones_in;
static int zones_met;

static int meet_file(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about;
    const char *name = path + strlen(zones_in) + 1;
    struct zone zone;
    /* seconds that the library counts are no seconds of a clock's */
    if (type != FTW_F || strncmp(name, "right/", 6) == 0 || !zone_open(&zone, name))
        return 0;
    (void)walk;
    zone_close(&zone);
    same_as_the_library(name);
    zones_met++;
    return 0;
}

static void all_zones_there_are(void **state)
{
    (void)state;
    zones_in = "/usr/share/zoneinfo";
    assert_int_equal(nftw(zones_in, meet_file, 16, FTW_PHYS), 0);
    assert_true(zones_met > 300);
}

/* A zone of our own: one type, +01:00; in the long block one change to it, in 1960, and from there on the rule holds. */
static void write_zone(const char *path, const char *rule)
{
    enum { HEADER = 44, CHANGES_AT = 35, TYPES_AT = 39, LETTERS_AT = 43 };
    static const char change[] = "\xff\xff\xff\xff\xed\x30\x60\x80", type[] = "\0\0\x0e\x10\0\0CET";
    char header[HEADER] = "TZif2";
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    header[TYPES_AT] = 1;
    header[LETTERS_AT] = 4;
    fwrite(header, 1, HEADER, file);
    fwrite(type, 1, sizeof(type), file);
    header[CHANGES_AT] = 1;
    fwrite(header, 1, HEADER, file);
    fwrite(change, 1, sizeof(change), file);
    fwrite(type, 1, sizeof(type), file);
    fprintf(file, "\n%s\n", rule);
    assert_int_equal(fclose(file), 0);
}

static void rules_of_every_form(void **state)
{
    (void)state;
    static const char *const good[] = {
        "CET-1",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "CET-1CEST,J60,J300",
        "CET-1CEST,59/0,J365/25",
        "CET-1CEST,J59/12:30:15,J301/-5",
        "<+01>-1<+03>-3,M2.4.6/50,M11.1.0",
        "CET-1GMT0,M3.5.0,M10.5.0/1",
        "CET-1CEST-1:30,M4.2.3/0,M12.5.5",
    };
    static const char *const bad[] = {
        "CET",
        "CET-1CEST",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "<+01-1",
        "CET-1CEST,J366,J1",
        "CET-1CEST,M3.5.0,M10.5.0/168",
        "CET-1CEST,M3.5.0,M10.5.0x",
        "-1",
        "CET-1CEST,M3.5.0;M10.5.0",
    };
    char folder[] = "/tmp/tcplog-zones-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/Ours", folder);
    setenv("TZDIR", folder, 1);
    for (size_t i = 0; i < COUNT(good); i++) {
        write_zone(path, good[i]);
        /* the library keeps what it has read last */
        setenv("TZ", "UTC", 1);
        tzset();
        same_as_the_library("Ours");
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct zone zone;
        write_zone(path, bad[i]);
        if (zone_open(&zone, "Ours"))
            fail_msg("%s is a rule", bad[i]);
        assert_int_equal(errno, ENOENT);
    }
    /* cut anywhere, it is no zone */
    write_zone(path, good[1]);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    for (off_t n = about.st_size - 1; n >= 0; n--) {
        struct zone zone;
        assert_int_equal(truncate(path, n), 0);
        assert_false(zone_open(&zone, "Ours"));
    }
    unsetenv("TZDIR");
    unlink(path);
    rmdir(folder);
}

/* --- nothing of the process's --------------------------------------------------------------------------------- */

static void the_zone_of_the_process_stays(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    struct zone zone = open_zone("America/New_York");
    zone_close(&zone);
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    assert_int_equal(timezone, -9 * 3600);
    unsetenv("TZ");
    zone = open_zone("America/New_York");
    assert_null(getenv("TZ"));
    zone_close(&zone);
    assert_int_equal(zone.count, 0);
}

static void *open_often(void *context)
{
    const struct zone_change *wanted = context;
    for (int i = 0; i < 300; i++) {
        struct zone zone = open_zone(wanted->offset > 0 ? "Europe/Amsterdam" : "America/New_York");
        bool same = zone_offset(&zone, local(2014, 1, 1, 0, 0, 0), false) == wanted->offset;
        zone_close(&zone);
        if (!same)
            return context;
    }
    return NULL;
}

static void two_zones_at_a_time(void **state)
{
    (void)state;
    struct zone_change wanted[] = { { 0, 3600 }, { 0, -5 * 3600 } };
    pthread_t threads[COUNT(wanted)];
    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_often, &wanted[i]), 0);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        void *wrong;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amsterdam),
        cmocka_unit_test(new_york),
        cmocka_unit_test(far_years),
        cmocka_unit_test(changes_that_are_not_over),
        cmocka_unit_test(odd_changes),
        cmocka_unit_test(fixed_offsets),
        cmocka_unit_test(names_that_are_no_zones),
        cmocka_unit_test(all_zones_there_are),
        cmocka_unit_test(rules_of_every_form),
        cmocka_unit_test(the_zone_of_the_process_stays),
        cmocka_unit_test(two_zones_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
