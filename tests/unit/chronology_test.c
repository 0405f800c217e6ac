/* Stamps placed in time: two clocks, midnight, clocks set back, the grain of a clock, and changes of a zone's offset. */
#include "session/chronology.h"
#include "views.h"

enum { MOST = 64 };

static struct chronology chronology;
static const uint32_t none = STAMP_NONE;

static uint32_t stamp_of(const char *text)
{
    struct {
        unsigned hour, minute, second, ms;
    } at;
    at.hour = (unsigned)(text[0] - '0') * 10 + (unsigned)(text[1] - '0');
    at.minute = (unsigned)(text[3] - '0') * 10 + (unsigned)(text[4] - '0');
    at.second = (unsigned)(text[6] - '0') * 10 + (unsigned)(text[7] - '0');
    at.ms = (unsigned)(text[9] - '0') * 100 + (unsigned)(text[10] - '0') * 10 + (unsigned)(text[11] - '0');
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + at.ms;
}

struct placed {
    const char *stamp;
    int64_t after; /* ms since the first stamp; -1: not looked at */
    enum tcplog_name repair;
};

#define NO NAMES_count

static void learn(const struct placed *rows, size_t count)
{
    struct event events[MOST] = { 0 };
    assert_true(count <= MOST);
    for (size_t i = 0; i < count; i++)
        events[i].stamp = rows[i].stamp ? stamp_of(rows[i].stamp) : none;
    chronology_learn(&chronology, events, count);
}

static void place(const struct placed *rows, size_t count)
{
    int64_t first = INT64_MIN;
    learn(rows, count);
    for (size_t i = 0; i < count; i++) {
        int64_t before = chronology.now.at;
        if (rows[i].stamp)
            chronology_place(&chronology, stamp_of(rows[i].stamp));
        first = first == INT64_MIN ? chronology.now.at : first;
        if (i && chronology.now.at < before)
            fail_msg("row %zu, %s: time runs back", i, rows[i].stamp);
        if (rows[i].after >= 0 && chronology.now.at - first != rows[i].after)
            fail_msg("row %zu, %s: after %lld ms", i, rows[i].stamp, (long long)(chronology.now.at - first));
        if (chronology_repair(&chronology) != rows[i].repair)
            fail_msg("row %zu, %s: repair %d", i, rows[i].stamp, (int)chronology_repair(&chronology));
        /* the same of a moment that is kept */
        const struct moment kept = chronology.now;
        assert_int_equal(chronology_repair_of(&chronology, &kept), rows[i].repair);
    }
}

static const int32_t day = 16288; /* 2014-08-06 */

static void one_clock(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "21:41:43.760", 0, NO },
                                          { "21:41:43.760", 0, NO },
                                          { "21:41:44.020", 260, NO },
                                          { NULL, 260, NO },
                                          { "21:42:00.000", 16240, NO } };
    chronology_begin(&chronology, day, true);
    place(rows, COUNT(rows));
    assert_true(chronology.now.at == (int64_t)day * DAY_MS + stamp_of("21:42:00.000"));
    assert_false(chronology.proven);
    assert_int_equal(chronology.now.breaks, 0);
}

/* FORMAT 4.1: the listing in which STAT's reply was printed 906 ms before STAT, and came 94 ms after it. */
static void two_clocks(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "21:37:28.968", 0, NAMES_repair_two_clock },
                                          { "21:37:28.062", 94, NAMES_repair_two_clock },
                                          { "21:37:29.000", -1, NAMES_repair_two_clock } };
    chronology_begin(&chronology, day, false);
    place(rows, COUNT(rows));
    assert_true(chronology.proven);
    assert_int_equal(chronology.now.breaks, 0);
    assert_in_range(chronology.phases.used, 63, 968);
}

/* What a computer prints at `real` whose milliseconds are `phase` ahead. */
static uint32_t printed(uint32_t real, uint32_t phase)
{
    return real / 1000 * 1000 + (real % 1000 + phase) % 1000;
}

/* Steps of a constant 1350 ms, as FORMAT 4.1 has them, under every phase of the tick counter. */
static void every_phase_is_found_by_the_pace(void **state)
{
    (void)state;
    enum { STEPS = 50, STEP = 1350, START = 36000000 };
    for (uint32_t phase = 0; phase < 1000; phase += 37) {
        struct event events[STEPS] = { 0 };
        for (uint32_t i = 0; i < STEPS; i++)
            events[i].stamp = printed(START + i * STEP, phase);
        chronology_begin(&chronology, day, false);
        chronology_learn(&chronology, events, STEPS);
        assert_true(phases_has(&chronology.phases, phase));
        assert_int_equal(chronology_evidence(&chronology), NAMES_phase_source_pace);
        int64_t before = 0;
        for (uint32_t i = 0; i < STEPS; i++) {
            chronology_place(&chronology, events[i].stamp);
            if (i)
                assert_int_equal(chronology.now.at - before, STEP);
            before = chronology.now.at;
        }
        assert_int_equal(chronology.now.breaks, 0);
    }
}

/* Waits of one and of two seconds and a bit, at random: no phase makes them one duration. */
static void different_durations_have_no_pace(void **state)
{
    (void)state;
    uint32_t real = 36000000;
    struct event events[MOST] = { 0 };
    for (uint32_t i = 0; i < MOST; i++) {
        events[i].stamp = printed(real, 666);
        real += i % 3 == 0 ? 2350 : 1350;
    }
    chronology_begin(&chronology, day, false);
    chronology_learn(&chronology, events, MOST);
    assert_int_equal(chronology_evidence(&chronology), NAMES_count);
    assert_true(phases_full(&chronology.phases));
}

/* Stamps of a body: most go on by a little, few by more, and hardly any goes back. */
static void many_stamps(struct event *events, uint32_t seed, uint32_t phase)
{
    static const uint32_t steps[] = { 0, 0, 0, 3, 16, 40, 99, 100, 450, 1001 };
    uint32_t real = 36000000;
    for (uint32_t i = 0; i < MOST; i++) {
        seed = seed * 1664525 + 1013904223;
        events[i].stamp = seed >> 25 == 0 ? none : printed(real, phase);
        real += steps[(seed >> 16) % (seed >> 28 < 3 ? COUNT(steps) : 6)];
    }
}

/* What is learned of many stamps at once is what is learned of one after the other. */
static void learned_at_once_or_not(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 2000; round++) {
        struct event events[MOST] = { 0 };
        many_stamps(events, round, round % 3 * 333);
        chronology_begin(&chronology, day, round % 4 == 0);
        chronology_learn(&chronology, events, MOST);
        struct chronology once = chronology;
        chronology_begin(&chronology, day, round % 4 == 0);
        for (size_t i = 0; i < MOST; i++)
            chronology_learn(&chronology, events + i, 1);
        assert_true(phases_equal(&once.ordered, &chronology.ordered));
        assert_int_equal(once.proven, chronology.proven);
        assert_int_equal(once.learned, chronology.learned);
        assert_int_equal(once.learned_back, chronology.learned_back);
        assert_int_equal(once.grain.steps, chronology.grain.steps);
        assert_int_equal(once.grain.fine, chronology.grain.fine);
        assert_int_equal(grain_ms(&once.grain), grain_ms(&chronology.grain));
        assert_int_equal(once.pace.count, chronology.pace.count);
        assert_memory_equal(once.pace.steps, chronology.pace.steps,
                            once.pace.count * sizeof(struct pace_step));
    }
}

/* A session that is told a phase uses it, until its own stamps speak against it. */
static void what_was_told_before(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "10:00:00.900", 0, NAMES_repair_two_clock },
                                          { "10:00:01.100", 1200, NAMES_repair_two_clock } };
    static const struct placed against[] = { { "10:00:00.700", 0, NO },
                                             { "10:00:00.500", -1, NAMES_repair_two_clock } };
    struct phases told;
    phases_all(&told);
    phases_keep(&told, 649, 680);
    chronology_begin(&chronology, day, false);
    chronology_prior(&chronology, &told);
    place(rows, 2);
    assert_int_equal(chronology_evidence(&chronology), NAMES_phase_source_earlier_session);
    assert_in_range(chronology.phases.used, 650, 680);
    assert_true(phases_full(&chronology.proved));
    chronology_begin(&chronology, day, false);
    chronology_prior(&chronology, &told);
    learn(against, 1);
    phases_all(&told);
    phases_keep(&told, 799, 820);
    chronology_prior(&chronology, &told);
    learn(against + 1, 1);
    assert_false(chronology.has_prior);
    assert_int_equal(chronology_evidence(&chronology), NAMES_phase_source_order);
}

static void stamps_that_no_phase_fits(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "10:00:00.500", 0, NO },
                                          { "10:00:00.100", 0, NAMES_repair_backward },
                                          { "10:00:00.900", 800, NAMES_repair_backward },
                                          { "10:00:00.400", 800, NAMES_repair_backward },
                                          { "10:00:00.000", 800, NAMES_repair_backward } };
    chronology_begin(&chronology, day, false);
    place(rows, COUNT(rows));
    assert_int_equal(chronology.phases.used, 0);
    assert_int_equal(chronology.now.breaks, 3);
}

static void midnight(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "23:59:59.900", 0, NO },
                                          { "00:00:00.100", 200, NAMES_repair_midnight },
                                          { "12:00:00.000", 43200100, NAMES_repair_midnight },
                                          { "23:59:59.999", 86400099, NAMES_repair_midnight },
                                          { "00:00:00.000", 86400100, NAMES_repair_midnight } };
    chronology_begin(&chronology, day, true);
    place(rows, COUNT(rows));
    assert_true(chronology.now.at == (int64_t)(day + 2) * DAY_MS);
    assert_true(chronology.past_midnight);
}

static void back_over_midnight(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "23:59:59.000", 0, NO },
                                          { "00:00:00.100", 1100, NAMES_repair_midnight },
                                          { "23:59:59.900", 1100, NAMES_repair_backward },
                                          { "00:00:01.000", -1, NO } };
    chronology_begin(&chronology, day, true);
    place(rows, 3);
    assert_int_equal(chronology.now.breaks, 1);
}

static void a_clock_set_back(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "10:00:05.000", 0, NO },
                                          { "09:30:00.000", 0, NAMES_repair_backward },
                                          { "09:30:00.500", 500, NAMES_repair_backward },
                                          { "09:00:00.000", 500, NAMES_repair_backward } };
    chronology_begin(&chronology, day, true);
    place(rows, COUNT(rows));
    assert_int_equal(chronology.now.breaks, 2);
    assert_true(chronology.set_back);
}

static void no_date(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "23:59:59.900", 0, NO },
                                          { "00:00:00.100", 200, NAMES_repair_midnight } };
    chronology_begin(&chronology, DAY_NONE, true);
    place(rows, COUNT(rows));
    assert_false(chronology.dated);
    chronology_begin(&chronology, DAY_LAST + 1, true);
    assert_false(chronology.dated);
    chronology_begin(&chronology, DAY_FIRST - 1, true);
    assert_false(chronology.dated);
}

static void the_last_day_of_all(void **state)
{
    (void)state;
    chronology_begin(&chronology, DAY_LAST, true);
    chronology_place(&chronology, stamp_of("23:59:59.999"));
    assert_true(chronology.dated);
    chronology_place(&chronology, 0);
    assert_false(chronology.dated);
}

static uint32_t grain(uint32_t step, uint32_t count)
{
    struct event events[MOST] = { 0 };
    for (uint32_t i = 0; i < count; i++)
        events[i].stamp = 36000000 + i * step / 10;
    chronology_begin(&chronology, day, true);
    chronology_learn(&chronology, events, count);
    return grain_ms(&chronology.grain);
}

/* One that the log began with is no step from nowhere, a moment after midnight least of all. */
static void a_first_stamp_is_no_step(void **state)
{
    (void)state;
    const struct placed rows[] = { { "00:00:00.005", -1, NO }, { "00:00:00.005", -1, NO } };
    chronology_begin(&chronology, 0, true);
    learn(rows, COUNT(rows));
    assert_int_equal(chronology.grain.steps, 0);
    assert_int_equal(chronology.grain.fine, 0);
}

static void the_grain_of_a_clock(void **state)
{
    (void)state;
    assert_int_equal(grain(156, 20), 16);
    assert_int_equal(grain(100, 20), 10);
    assert_int_equal(grain(10, 20), 1);
    assert_int_equal(grain(70, 20), 1);
    assert_int_equal(grain(156, 3), 0);
    assert_int_equal(grain(0, 20), 0);
    assert_int_equal(grain(10000, 20), 0);
}

/* What is learned in two parts is learned as in one. */
static void learning_goes_on(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "10:00:00.700", -1, NO }, { "10:00:00.300", -1, NO } };
    chronology_begin(&chronology, day, false);
    learn(rows, 1);
    learn(NULL, 0);
    learn(rows + 1, 1);
    assert_true(chronology.proven);
    struct phases phases = chronology.phases;
    chronology_begin(&chronology, day, false);
    learn(rows, 2);
    assert_memory_equal(&phases, &chronology.phases, sizeof(phases));
}

static struct zone amsterdam;

static void begin_in_zone(int year, unsigned month, unsigned of_month, int64_t latest)
{
    chronology_begin(&chronology, calendar_day(year, month, of_month), true);
    chronology_zone(&chronology, &amsterdam, latest);
}

static int32_t hours_now(void)
{
    const struct daylight *daylight = &chronology.daylight;
    int64_t wall = daylight_wall(daylight, chronology.now.at);
    return zone_offset(&amsterdam, wall, daylight_later(daylight, chronology.now.at)) / 3600;
}

static void the_end_of_summer(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "02:59:59.900", 0, NO },
                                          { "02:00:00.100", 200, NO },
                                          { "02:30:00.000", 1800100, NO },
                                          { "03:30:00.000", 5400100, NO } };
    begin_in_zone(2014, 10, 26, INT64_MIN);
    place(rows, 1);
    assert_int_equal(hours_now(), 2);
    begin_in_zone(2014, 10, 26, INT64_MIN);
    place(rows, COUNT(rows));
    assert_int_equal(hours_now(), 1);
    assert_int_equal(chronology.now.breaks, 0);
    assert_true(daylight_wall(&chronology.daylight, chronology.now.at) ==
                (int64_t)calendar_day(2014, 10, 26) * DAY_MS + stamp_of("03:30:00.000"));
}

static void the_start_of_summer(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "01:59:59.900", 0, NO },
                                          { "03:00:00.100", 200, NO },
                                          { "03:00:01.100", 1200, NO } };
    begin_in_zone(2014, 3, 30, INT64_MIN);
    place(rows, COUNT(rows));
    assert_int_equal(hours_now(), 2);
    assert_int_equal(chronology.now.breaks, 0);
}

/* A session of the day before the change, which goes on over midnight and the change. */
static void midnight_and_the_end_of_summer(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "23:00:00.000", 0, NO },
                                          { "00:30:00.000", 5400000, NAMES_repair_midnight },
                                          { "02:59:00.000", 14340000, NAMES_repair_midnight },
                                          { "02:10:00.000", 15000000, NAMES_repair_midnight },
                                          { "04:00:00.000", 21600000, NAMES_repair_midnight } };
    begin_in_zone(2014, 10, 25, INT64_MIN);
    place(rows, COUNT(rows));
    assert_int_equal(hours_now(), 1);
}

static void who_leaves_the_hour_was_in_its_second_pass(void **state)
{
    (void)state;
    static const struct placed leaves[] = { { "02:50:00.000", 0, NO }, { "03:00:10.000", 610000, NO } };
    static const struct placed stays[] = { { "02:50:00.000", 0, NO }, { "02:55:10.000", 310000, NO } };
    begin_in_zone(2014, 10, 26, INT64_MIN);
    place(leaves, 2);
    assert_int_equal(hours_now(), 1);
    begin_in_zone(2014, 10, 26, INT64_MIN);
    place(stays, 2);
    assert_int_equal(hours_now(), 2);
}

static void a_session_behind_another(void **state)
{
    (void)state;
    static const struct placed first[] = { { "02:40:00.000", 0, NO } },
                               second[] = { { "02:10:00.000", 0, NO } };
    begin_in_zone(2014, 10, 26, INT64_MIN);
    assert_true(chronology_end(&chronology) == INT64_MIN);
    place(first, 1);
    int64_t latest = chronology_end(&chronology);
    begin_in_zone(2014, 10, 26, latest);
    place(second, 1);
    assert_int_equal(hours_now(), 1);
    assert_true(chronology_end(&chronology) > latest);
    begin_in_zone(2014, 10, 26, chronology_end(&chronology));
    place(first, 1);
    assert_int_equal(hours_now(), 1);
}

static void without_a_zone_nothing_is_explained(void **state)
{
    (void)state;
    static const struct placed rows[] = { { "02:59:59.900", 0, NO },
                                          { "02:00:00.100", 0, NAMES_repair_backward } };
    const struct zone unknown = { 0 };
    chronology_begin(&chronology, calendar_day(2014, 10, 26), true);
    chronology_zone(&chronology, &unknown, INT64_MIN);
    place(rows, 2);
    assert_int_equal(chronology.now.breaks, 1);
    assert_true(chronology_end(&chronology) == INT64_MIN);
}

static int open_amsterdam(void **state)
{
    (void)state;
    return zone_open(&amsterdam, "Europe/Amsterdam") ? 0 : -1;
}

static int close_amsterdam(void **state)
{
    (void)state;
    zone_close(&amsterdam);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_clock),
        cmocka_unit_test(two_clocks),
        cmocka_unit_test(every_phase_is_found_by_the_pace),
        cmocka_unit_test(different_durations_have_no_pace),
        cmocka_unit_test(learned_at_once_or_not),
        cmocka_unit_test(what_was_told_before),
        cmocka_unit_test(stamps_that_no_phase_fits),
        cmocka_unit_test(midnight),
        cmocka_unit_test(back_over_midnight),
        cmocka_unit_test(a_clock_set_back),
        cmocka_unit_test(no_date),
        cmocka_unit_test(the_last_day_of_all),
        cmocka_unit_test(a_first_stamp_is_no_step),
        cmocka_unit_test(the_grain_of_a_clock),
        cmocka_unit_test(learning_goes_on),
        cmocka_unit_test(the_end_of_summer),
        cmocka_unit_test(the_start_of_summer),
        cmocka_unit_test(midnight_and_the_end_of_summer),
        cmocka_unit_test(who_leaves_the_hour_was_in_its_second_pass),
        cmocka_unit_test(a_session_behind_another),
        cmocka_unit_test(without_a_zone_nothing_is_explained),
    };
    return cmocka_run_group_tests(tests, open_amsterdam, close_amsterdam);
}
