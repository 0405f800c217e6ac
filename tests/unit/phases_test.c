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
    const struct witness witness = {
        .proved = only(from, to), .began = began, .speaks = true, .application = NAMES_application_mercury
    };
    witnesses_hear(&witnesses, &witness);
}

static bool tell(enum tcplog_name application, int64_t began, struct phases *told)
{
    const struct witness self = { .began = began, .speaks = true, .application = application };
    return witnesses_tell(&witnesses, &self, 0, told);
}

static void near_sessions_of_a_run_share(void **state)
{
    (void)state;
    struct phases told;
    witnesses_come(&witnesses, (struct origin){ 1, 0 });
    hear(600, 700, noon);
    hear(650, 800, noon);
    witnesses_come(&witnesses, (struct origin){ 1, 100 });
    assert_true(tell(NAMES_application_mercury, noon + 60000, &told));
    assert_false(phases_has(&told, 650));
    assert_true(phases_has(&told, 651) && phases_has(&told, 700));
    assert_false(phases_has(&told, 701));
    assert_false(tell(NAMES_application_pegasus, noon, &told));
    assert_false(tell(NAMES_application_mercury, noon + hour, &told));
    assert_false(tell(NAMES_application_mercury, noon - hour, &told));
    witnesses_come(&witnesses, (struct origin){ 2, 0 });
    assert_false(tell(NAMES_application_mercury, noon, &told));
}

static void older_ones_that_contradict_are_not_heard(void **state)
{
    (void)state;
    struct phases told;
    witnesses_come(&witnesses, (struct origin){ 3, 0 });
    hear(600, 700, noon);
    hear(100, 200, noon);
    assert_true(tell(NAMES_application_mercury, noon, &told));
    assert_true(phases_has(&told, 150));
    assert_false(phases_has(&told, 650));
    for (int i = 0; i < WITNESSES; i++)
        hear(0, 0, noon); /* sessions with nothing to say take their places all the same */
    assert_false(tell(NAMES_application_mercury, noon, &told));
}

static void those_too_far_away_are_not_heard(void **state)
{
    (void)state;
    struct phases told;
    const struct witness self = { .began = noon, .speaks = true, .application = NAMES_application_mercury };
    witnesses_come(&witnesses, (struct origin){ 4, 0 });
    hear(600, 700, noon); /* at 0 */
    assert_true(witnesses_tell(&witnesses, &self, WITNESS_REACH, &told));
    assert_false(witnesses_tell(&witnesses, &self, WITNESS_REACH + 1, &told));
}

static void who_begins_in_the_middle_lacks_those_before(void **state)
{
    (void)state;
    struct phases told;
    struct witnesses older = { 0 };
    struct chronology chronology = { .dated = true };
    const struct session_facts facts = {
        .has_application = true, .application = NAMES_application_mercury, .line = 70, .offset = 1000
    };
    const struct event opening = { .class = NAMES_class_opening };
    witnesses_leap(&witnesses, (struct origin){ 5, 5000 }, 1000);
    witnesses_meet(&witnesses, &facts, &opening, &chronology);
    assert_int_equal(witnesses.at, 6000);
    assert_true(witnesses_lack(&witnesses));
    hear(600, 700, 0);
    const struct witness before = { .proved = only(650, 800),
                                    .speaks = true,
                                    .application = NAMES_application_mercury };
    witnesses_hear(&older, &before);
    witnesses_recall(&witnesses, &older);
    assert_false(witnesses_lack(&witnesses));
    assert_int_equal(witnesses.heard, 2);
    assert_true(tell(NAMES_application_mercury, 0, &told));
    assert_true(phases_has(&told, 651) && phases_has(&told, 700));
    assert_false(phases_has(&told, 650));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_round_the_circle),
        cmocka_unit_test(the_range_that_is_shown),
        cmocka_unit_test(near_sessions_of_a_run_share),
        cmocka_unit_test(older_ones_that_contradict_are_not_heard),
        cmocka_unit_test(those_too_far_away_are_not_heard),
        cmocka_unit_test(who_begins_in_the_middle_lacks_those_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
