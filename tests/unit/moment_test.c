/* How far a duration can be trusted, for every position of its ends within a second; and what follows from the field
 * table for a kind's columns. */
#include "model/columns.h"
#include "model/moment.h"
#include "views.h"

/* Phases from `from` up to, but not including, `to`. */
static struct phases phases_of(unsigned from, unsigned to)
{
    struct phases phases = { 0 };
    for (unsigned i = from; i < to; i++)
        phases.fits[i / 64] |= (uint64_t)1 << (i % 64);
    return phases;
}

static struct moment at(uint32_t stamp, int64_t shift)
{
    return (struct moment){ .at = (int64_t)stamp + shift, .stamp = stamp };
}

static void one_clock_is_exact(void **state)
{
    (void)state;
    const struct phases all = phases_of(0, 1000);
    struct moment a = at(5200, 0), b = at(7100, 0);
    assert_int_equal(moment_trust(&a, &b, &all, true), SPAN_EXACT);
    assert_int_equal(moment_trust(&a, &a, &all, true), SPAN_EXACT);
}

static void a_break_spoils_it(void **state)
{
    (void)state;
    const struct phases all = phases_of(0, 1000);
    struct moment a = at(5200, 0), b = at(7100, 0);
    b.breaks = 1;
    assert_int_equal(moment_trust(&a, &b, &all, true), SPAN_BROKEN);
    a.breaks = 1;
    assert_int_equal(moment_trust(&a, &b, &all, true), SPAN_EXACT);
}

static void midnight_is_no_repair(void **state)
{
    (void)state;
    const struct phases all = phases_of(0, 1000);
    enum { DAY = 86400000 };
    struct moment a = at(DAY - 100, 0), b = at(200, DAY);
    assert_int_equal(moment_trust(&a, &b, &all, true), SPAN_EXACT);
}

static void other_than_printed_is_repaired(void **state)
{
    (void)state;
    const struct phases known = phases_of(666, 667);
    struct moment a = at(28968, -666), b = at(28062, 334);
    assert_int_equal(moment_trust(&a, &b, &known, false), SPAN_REPAIRED);
    assert_int_equal(moment_trust(&a, &b, &known, true), SPAN_REPAIRED);
}

/* By the textbook: one phase after the other. The length differs between phases inside (from, to] and outside. */
static bool is_certain(const struct phases *phases, unsigned from, unsigned to)
{
    bool inside = false, outside = false;
    for (unsigned i = 0; i < 1000; i++) {
        if (!(phases->fits[i / 64] >> (i % 64) & 1))
            continue;
        bool within = from < to ? i > from && i <= to : i > from || i <= to;
        *(within ? &inside : &outside) = true;
    }
    return !(inside && outside);
}

static void every_pair_of_milliseconds(void **state)
{
    (void)state;
    const struct phases sets[] = { phases_of(0, 1000), phases_of(0, 1),    phases_of(999, 1000),
                                   phases_of(60, 70),  phases_of(1, 1000), phases_of(500, 640),
                                   phases_of(64, 128), phases_of(0, 0) };
    for (size_t set = 0; set < COUNT(sets); set++)
        for (uint32_t from = 0; from < 1000; from += 3)
            for (uint32_t to = 0; to < 1000; to += 7) {
                if (from == to)
                    continue;
                struct moment a = at(5000 + from, 0), b = at(9000 + to, 0);
                bool certain = moment_trust(&a, &b, &sets[set], false) != SPAN_UNCERTAIN;
                if (certain != is_certain(&sets[set], from, to))
                    fail_msg("set %zu, %u to %u", set, from, to);
            }
}

static void the_same_second_leaves_no_doubt(void **state)
{
    (void)state;
    const struct phases all = phases_of(0, 1000);
    struct moment a = at(5200, 0), b = at(5900, 0), c = at(6200, 0), d = at(6300, 0);
    assert_int_equal(moment_trust(&a, &b, &all, false), SPAN_EXACT);
    assert_int_equal(moment_trust(&a, &c, &all, false), SPAN_EXACT);
    assert_int_equal(moment_trust(&a, &d, &all, false), SPAN_UNCERTAIN);
}

static void columns_keep_the_order_of_the_table(void **state)
{
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        enum field_id columns[FIELD_count];
        size_t count = columns_of((enum kind)kind, columns), expected = 0;
        for (int id = 0; id < FIELD_count; id++)
            if (tcplog_fields[id].kinds >> kind & 1) {
                assert_true(expected < count);
                assert_int_equal(columns[expected++], id);
            }
        assert_int_equal(count, expected);
        assert_int_equal(columns[0], FIELD_kind);
    }
}

static void every_field_is_found_from_every_hint(void **state)
{
    (void)state;
    for (int id = 0; id < FIELD_count; id++)
        for (int hint = 0; hint < FIELD_count; hint++)
            assert_int_equal(column_find(str_of(tcplog_fields[id].name), (enum field_id)hint), id);
    assert_int_equal(column_find(STR(""), FIELD_kind), FIELD_count);
    assert_int_equal(column_find(STR("KIND"), FIELD_kind), FIELD_count);
}

static void sets_of_names(void **state)
{
    (void)state;
    struct names none = names_of("no such set"), nothing = names_of(""), kinds = names_of("kind");
    assert_int_equal(none.first + none.end + nothing.first + nothing.end, 0);
    assert_true(kinds.end - kinds.first >= KIND_COUNT);
    for (int i = 0; i < KIND_COUNT; i++) {
        bool found = false;
        for (int name = kinds.first; name < kinds.end; name++)
            found |= str_equal(tcplog_name_texts[name], str_of(tcplog_kind_names[i]));
        assert_true(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_clock_is_exact),
        cmocka_unit_test(a_break_spoils_it),
        cmocka_unit_test(midnight_is_no_repair),
        cmocka_unit_test(other_than_printed_is_repaired),
        cmocka_unit_test(every_pair_of_milliseconds),
        cmocka_unit_test(the_same_second_leaves_no_doubt),
        cmocka_unit_test(columns_keep_the_order_of_the_table),
        cmocka_unit_test(every_field_is_found_from_every_hint),
        cmocka_unit_test(sets_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
