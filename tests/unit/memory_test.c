/* The two places where bytes are kept: the arena of fixed size, and the buffer that grows and remembers its failure. */
#include "base/arena.h"
#include "tcplog/buf.h"
#include "views.h"

static void copies_follow_each_other(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 16));
    struct str a = arena_copy(&arena, STR("abc")), b = arena_copy(&arena, STR("de"));
    assert_view(a, "abc");
    assert_view(b, "de");
    assert_int_equal(arena.n, 5);
    assert_view(arena_copy(&arena, STR("")), "");
    assert_int_equal(arena.cut, 0);
    arena_rewind(&arena);
    assert_int_equal(arena.n, 0);
    assert_true(arena_copy(&arena, STR("xyz")).p == a.p);
    arena_free(&arena);
    assert_null(arena.p);
}

static void what_does_not_fit_is_cut_and_counted(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 8));
    assert_view(arena_copy(&arena, STR("12345678")), "12345678");
    assert_int_equal(arena.cut, 0);
    assert_view(arena_copy(&arena, STR("9")), "");
    assert_view(arena_copy(&arena, STR("")), "");
    assert_int_equal(arena.cut, 1);
    arena_rewind(&arena);
    assert_view(arena_copy(&arena, STR("123456789")), "12345678");
    assert_int_equal(arena.cut, 2);
    arena_free(&arena);
}

static void the_latest_piece_grows_where_it_stands(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 64));
    struct str text = arena_copy(&arena, STR("one"));
    struct str longer = arena_extend(&arena, text, STR(" two"));
    assert_true(longer.p == text.p);
    assert_view(longer, "one two");
    assert_int_equal(arena.n, 7);
    arena_free(&arena);
}

static void an_older_piece_moves_before_it_grows(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 64));
    struct str old = arena_copy(&arena, STR("old")), other = arena_copy(&arena, STR("other"));
    struct str longer = arena_extend(&arena, old, STR("er"));
    assert_view(longer, "older");
    assert_view(other, "other");
    assert_view(old, "old");
    arena_free(&arena);
}

static void growing_stops_at_the_end(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 8));
    struct str text = arena_extend(&arena, arena_copy(&arena, STR("12345")), STR("6789"));
    assert_view(text, "12345678");
    assert_view(arena_extend(&arena, text, STR("x")), "12345678");
    assert_int_equal(arena.cut, 2);
    arena_free(&arena);
}

static void what_was_given_back_in_front_is_used_again(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 16));
    struct str first = arena_copy(&arena, STR("0123456789"));
    const size_t second_from = arena.n;
    struct str second = arena_copy(&arena, STR("abcde"));
    arena_release(&arena, second_from);
    assert_int_equal(arena_room(&arena), 11);
    const size_t third_from = arena.n;
    struct str third = arena_copy(&arena, STR("ABCDEFGHI"));
    assert_true(third.p == first.p);
    /* one byte stays free before what is older */
    assert_view(arena_copy(&arena, STR("x")), "");
    assert_view(second, "abcde");
    assert_int_equal(arena.cut, 1);
    arena_release(&arena, third_from);
    assert_view(arena_copy(&arena, STR("x")), "x");
    assert_view(third, "ABCDEFGHI");
    arena_rewind(&arena);
    assert_view(arena_copy(&arena, STR("0123456789abcdef")), "0123456789abcdef");
    arena_free(&arena);
}

static void a_piece_that_grows_past_the_end_moves_to_the_front(void **state)
{
    (void)state;
    struct arena arena;
    assert_true(arena_make(&arena, 16));
    struct str first = arena_copy(&arena, STR("0123456789"));
    const size_t from = arena.n;
    struct str text = arena_copy(&arena, STR("abcd"));
    arena_release(&arena, from);
    text = arena_extend_line(&arena, text, STR("efg"));
    assert_view(text, "abcd\nefg");
    assert_true(text.p == first.p);
    assert_view(arena_extend(&arena, text, STR("hijk")), "abcd\nefgh");
    assert_int_equal(arena.cut, 1);
    arena_free(&arena);
}

/* A queue of pieces, against copies of them: each holds what was put in for as long as it waits. */
static void pieces_leave_in_their_order(void **state)
{
    (void)state;
    enum { WAITING = 16, LONGEST = 40, ROUNDS = 20000 };
    struct {
        struct str text;
        size_t from;
        char first;
    } queue[WAITING];
    struct arena arena;
    unsigned seed = 1, oldest = 0, wrong = 0;
    assert_true(arena_make(&arena, 300));
    for (unsigned i = 0; i < ROUNDS; i++) {
        char bytes[LONGEST];
        seed = seed * 1103515245u + 12345u;
        size_t n = seed >> 16 & 31, more = seed >> 24 & 7;
        memset(bytes, 'a' + (int)(i % 26), sizeof(bytes));
        unsigned at = i % WAITING;
        queue[at].from = arena.n;
        queue[at].first = bytes[0];
        queue[at].text =
            arena_extend(&arena, arena_copy(&arena, (struct str){ bytes, n }), (struct str){ bytes, more });
        for (; i - oldest >= WAITING - 1 || arena_room(&arena) < 2 * LONGEST; oldest++) {
            struct str text = queue[oldest % WAITING].text;
            for (size_t k = 0; k < text.n; k++)
                wrong += text.p[k] != queue[oldest % WAITING].first;
            arena_release(&arena, oldest < i ? queue[(oldest + 1) % WAITING].from : arena.n);
        }
    }
    assert_int_equal(wrong, 0);
    arena_free(&arena);
}

static void what_is_replaced_takes_no_more_room(void **state)
{
    (void)state;
    struct arena arena;
    size_t room = 0;
    struct str text = { 0 };
    assert_true(arena_make(&arena, 32));
    for (int i = 0; i < 100; i++) {
        struct str who = i % 2 ? STR("bob") : STR("alice");
        text = arena_replace(&arena, text, &room, arena_copy(&arena, who));
        assert_true(str_equal(text, who));
    }
    assert_int_equal(arena.n, 5);
    assert_int_equal(arena.cut, 0);
    arena_free(&arena);
}

static void a_buffer_grows_and_keeps_its_bytes(void **state)
{
    (void)state;
    struct buf buf = { 0 };
    tcplog_buf_add(&buf, STR(""));
    assert_null(buf.p);
    for (int i = 0; i < 5000; i++)
        tcplog_buf_number(&buf, i % 10);
    assert_int_equal(buf.n, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(buf.p[i], '0' + i % 10);
    assert_int_equal(buf.status, TCPLOG_OK);
    tcplog_buf_free(&buf);
    assert_null(buf.p);
    assert_int_equal(buf.n + buf.capacity, 0);
}

static void room_is_as_large_as_asked_for(void **state)
{
    (void)state;
    struct buf buf = { 0 };
    tcplog_buf_add(&buf, STR("ab"));
    char *room = tcplog_buf_room(&buf, 100000);
    assert_true(room == buf.p + 2);
    assert_true(buf.capacity >= 100002);
    memset(room, 'x', 100000);
    assert_int_equal(buf.n, 2);
    /* room that is there already costs nothing */
    assert_true(tcplog_buf_room(&buf, 100000) == room);
    tcplog_buf_free(&buf);
}

static void numbers_are_written_whole(void **state)
{
    (void)state;
    struct buf buf = { 0 };
    tcplog_buf_number(&buf, INT64_MIN);
    tcplog_buf_add(&buf, STR(" "));
    tcplog_buf_number(&buf, INT64_MAX);
    assert_view(buf_str(&buf), "-9223372036854775808 9223372036854775807");
    tcplog_buf_free(&buf);
}

static void the_first_failure_sticks(void **state)
{
    (void)state;
    struct buf buf = { 0 };
    tcplog_buf_add(&buf, STR("kept"));
    buf.status = TCPLOG_MEMORY;
    assert_null(tcplog_buf_room(&buf, 1));
    tcplog_buf_add(&buf, STR("lost"));
    tcplog_buf_number(&buf, 7);
    assert_view(buf_str(&buf), "kept");
    tcplog_buf_free(&buf);
    assert_int_equal(buf.status, TCPLOG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_follow_each_other),
        cmocka_unit_test(what_does_not_fit_is_cut_and_counted),
        cmocka_unit_test(the_latest_piece_grows_where_it_stands),
        cmocka_unit_test(an_older_piece_moves_before_it_grows),
        cmocka_unit_test(growing_stops_at_the_end),
        cmocka_unit_test(what_was_given_back_in_front_is_used_again),
        cmocka_unit_test(a_piece_that_grows_past_the_end_moves_to_the_front),
        cmocka_unit_test(pieces_leave_in_their_order),
        cmocka_unit_test(what_is_replaced_takes_no_more_room),
        cmocka_unit_test(a_buffer_grows_and_keeps_its_bytes),
        cmocka_unit_test(room_is_as_large_as_asked_for),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(the_first_failure_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
