/* Both inflaters give the same text in whatever steps they are fed, and of a member that breaks off all that is in it. */
#include "source/inflate.h"
#include "views.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { TEXT = 40000, PACKED = 60000 };

static char text[TEXT], came[TEXT + 1];
static unsigned char packed[PACKED];
static size_t untaken; /* of what was fed last, but for what is told to be behind the text */

/* Words that come again, and some that never do. */
static void make_text(void)
{
    uint32_t seed = 7;
    for (size_t i = 0; i < TEXT; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = i > 900 && i % 1000 > 200 ? text[i - 900] : (char)(seed >> 24);
    }
}

static size_t pack(int level)
{
    z_stream stream = { 0 };
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)text;
    stream.avail_in = TEXT;
    stream.next_out = packed;
    stream.avail_out = PACKED;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return stream.total_out;
}

/* Feeds n bytes, in_step at a time, into rooms of out_step; answers what came of it, and the text in *got. */
static enum inflated feed(const struct inflater *inflater, size_t n, size_t in_step, size_t out_step,
                          size_t *got)
{
    void *state = inflater->make();
    assert_non_null(state);
    inflater->begin(state);
    enum inflated result = INFLATED_ON;
    size_t at = 0, behind = 0;
    for (bool moved = true; result == INFLATED_ON && moved;) {
        struct flow flow = { .in = (const char *)packed + at,
                             .in_n = n - at < in_step ? n - at : in_step,
                             .out = came + *got,
                             .out_n = TEXT + 1 - *got < out_step ? TEXT + 1 - *got : out_step };
        const struct flow before = flow;
        result = inflater->step(state, &flow);
        moved = flow.in_n != before.in_n || flow.out_n != before.out_n;
        at += before.in_n - flow.in_n;
        *got += before.out_n - flow.out_n;
        behind = flow.behind;
    }
    inflater->unmake(state);
    untaken = n - at - behind;
    return result;
}

static void whole_in_steps(void **state)
{
    (void)state;
    static const size_t steps[] = { 1, 7, 1000, PACKED };
    static const struct inflater *const inflaters[] = { &inflater_zlib, &inflater_isal };
    for (int level = 0; level <= 9; level += 3)
        for (size_t i = 0, n = pack(level); i < 2 * 16; i++) {
            size_t got = 0;
            if (!inflaters[i / 16]->make)
                continue;
            assert_int_equal(feed(inflaters[i / 16], n, steps[i % 4], steps[i / 4 % 4], &got),
                             INFLATED_MEMBER);
            assert_int_equal(got, TEXT);
            assert_memory_equal(came, text, TEXT);
        }
}

static void broken_off(void **state)
{
    (void)state;
    for (int level = 0; level <= 9; level += 3)
        for (size_t n = pack(level), cut = 1; cut < n; cut += 97) {
            size_t by_zlib = 0, by_isal = 0;
            assert_int_equal(feed(&inflater_zlib, cut, 4096, 4096, &by_zlib), INFLATED_ON);
            assert_memory_equal(came, text, by_zlib);
            if (!inflater_isal.make)
                continue;
            assert_int_equal(feed(&inflater_isal, cut, 4096, 4096, &by_isal), INFLATED_ON);
            assert_int_equal(by_isal, by_zlib);
            assert_memory_equal(came, text, by_isal);
        }
}

/* All of the text is there then, and what stands behind the member is found. */
static void wrong_trailer(void **state)
{
    (void)state;
    static const struct inflater *const inflaters[] = { &inflater_zlib, &inflater_isal };
    for (size_t i = 0; i < 2 * 8; i++) {
        size_t n = pack(6), got = 0;
        if (!inflaters[i / 8]->make)
            continue;
        packed[n - 1 - i % 8] ^= 1;
        for (size_t step = 1; step <= n; step += n - 1) {
            got = 0;
            assert_int_equal(feed(inflaters[i / 8], n, step, TEXT, &got), INFLATED_WRONG);
            assert_int_equal(got, TEXT);
            assert_int_equal(untaken, 0);
        }
    }
}

/* A flag that is reserved may mean anything. */
static void reserved_flags(void **state)
{
    (void)state;
    static const struct inflater *const inflaters[] = { &inflater_zlib, &inflater_isal };
    for (size_t i = 0; i < 2 * 3; i++) {
        size_t n = pack(6), got = 0;
        packed[3] |= (unsigned char)(0x20 << i % 3);
        if (!inflaters[i / 3]->make)
            continue;
        assert_int_equal(feed(inflaters[i / 3], n, n, TEXT, &got), INFLATED_BROKEN);
        assert_int_equal(feed(inflaters[i / 3], n, 1, TEXT, &got), INFLATED_BROKEN);
        assert_int_equal(got, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_in_steps),
        cmocka_unit_test(broken_off),
        cmocka_unit_test(wrong_trailer),
        cmocka_unit_test(reserved_flags),
    };
    make_text();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
