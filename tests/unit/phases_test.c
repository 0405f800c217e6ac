/* The set of phases on its circle, phase by phase; and which sessions tell others of it. */
#include "model/phases.h"
#include "session/witness.h"
#include "views.h"

static bool within(uint32_t phase, uint32_t from, uint32_t to)
{
    return from <= to ? phase > from && phase <= to : phase > from || phase <= to;
}

static struct phases only(uint32_t from, uint32_t to)
{
    struct phases phases;
    phases_all(&phases);
    phases_keep(&phases, from, to);
    return phases;
}

static void ranges_round_the_circle(void **state)
{
    (void)state;
    static const uint32_t ends[] = { 0, 1, 62, 63, 64, 65, 127, 500, 937, 959, 960, 998, 999 };
    for (size_t i = 0; i < COUNT(ends); i++)
        for (size_t j = 0; j < COUNT(ends); j++) {
            struct phases out, kept = only(ends[i], ends[j]);
            phases_all(&out);
            phases_rule_out(&out, ends[i], ends[j]);
            for (uint32_t phase = 0; phase < PHASES && i != j; phase++) {
                assert_int_equal(phases_has(&out, phase), !within(phase, ends[i], ends[j]));
                assert_int_equal(phases_has(&kept, phase), within(phase, ends[i], ends[j]));
            }
            assert_true(i != j || (phases_full(&out) && phases_full(&kept)));
            phases_meet(&kept, &out);
            assert_true(i == j || phases_empty(&kept));
        }
}

static void the_range_that_is_shown(void **state)
{
    (void)state;
    uint32_t from, to;
    struct phases phases = only(649, 680);
    phases_range(&phases, &from, &to);
    assert_int_equal(from, 650);
    assert_int_equal(to, 680);
    assert_int_equal(phases_middle(&phases), 665);
    phases = only(989, 9);
    phases_range(&phases, &from, &to);
    assert_int_equal(from, 990);
    assert_int_equal(to, 9);
    assert_int_equal(phases_middle(&phases), 0);
    phases_rule_out(&phases, 991, 3); /* 990, 991, and 4 to 9 are left */
    phases_range(&phases, &from, &to);
    assert_int_equal(from, 990);
    assert_int_equal(to, 9);
    assert_int_equal(phases_middle(&phases), 7);
    phases_all(&phases);
    phases_range(&phases, &from, &to);
    assert_int_equal(from, 0);
    assert_int_equal(to, 999);
}

static struct witnesses witnesses;
static const int64_t noon = 43200000, hour = 3600000;

static void hear(uint32_t from, uint32_t to, int64_t began)
{
    const struct witness witness = { only(from, to), began, true, NAMES_application_mercury };
    witnesses_hear(&witnesses, &witness);
}

static void near_sessions_of_a_folder_share(void **state)
{
    (void)state;
    struct phases told;
    witnesses_come(&witnesses, STR("LOGS/TCP0000.MC"));
    hear(600, 700, noon);
    hear(650, 800, noon);
    witnesses_come(&witnesses, STR("LOGS/TCP0001.MC"));
    assert_true(witnesses_tell(&witnesses, NAMES_application_mercury, noon + 60000, &told));
    assert_false(phases_has(&told, 650));
    assert_true(phases_has(&told, 651) && phases_has(&told, 700));
    assert_false(phases_has(&told, 701));
    assert_false(witnesses_tell(&witnesses, NAMES_application_pegasus, noon, &told));
    assert_false(witnesses_tell(&witnesses, NAMES_application_mercury, noon + hour, &told));
    assert_false(witnesses_tell(&witnesses, NAMES_application_mercury, noon - hour, &told));
    witnesses_come(&witnesses, STR("OTHER/TCP0001.MC"));
    assert_false(witnesses_tell(&witnesses, NAMES_application_mercury, noon, &told));
}

static void older_ones_that_contradict_are_not_heard(void **state)
{
    (void)state;
    struct phases told;
    witnesses_come(&witnesses, STR("again/TCP0000.MC"));
    hear(600, 700, noon);
    hear(100, 200, noon);
    assert_true(witnesses_tell(&witnesses, NAMES_application_mercury, noon, &told));
    assert_true(phases_has(&told, 150));
    assert_false(phases_has(&told, 650));
    for (int i = 0; i < WITNESSES; i++)
        hear(0, 0, noon); /* sessions with nothing to say take their places all the same */
    assert_false(witnesses_tell(&witnesses, NAMES_application_mercury, noon, &told));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_round_the_circle),
        cmocka_unit_test(the_range_that_is_shown),
        cmocka_unit_test(near_sessions_of_a_folder_share),
        cmocka_unit_test(older_ones_that_contradict_are_not_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
