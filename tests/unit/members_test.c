/* What becomes of an archive when reading the file fails, or is interrupted: neither is a damage of the archive. */
#include "source/members.h"
#include "views.h"

#include <errno.h>
#include <stdio.h>
#include <zlib.h>

enum { SIZE = 60000, HEAD = 1000, BLOCK = 512 };

static char text[SIZE], packed[2 * SIZE];
static int reason; /* errno of the read that fails */

/* As memory, but its end is a failure. */
static ptrdiff_t failing_read(struct source *source, void *to, size_t n)
{
    size_t step = n < source->rest.n ? n : source->rest.n;
    memcpy(to, source->rest.p, step);
    source->rest = str_from(source->rest, step);
    errno = reason;
    return step ? (ptrdiff_t)step : -1;
}

static void failing_close(struct source *source)
{
    source->rest = (struct str){ 0 };
}

static const struct source_class failing = { .name = "failing",
                                             .read = failing_read,
                                             .close = failing_close };

static size_t make_gzip(void)
{
    z_stream stream = { 0 };
    uint32_t seed = 7;
    for (size_t i = 0; i < SIZE; i++)
        text[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)text;
    stream.avail_in = SIZE;
    stream.next_out = (Bytef *)packed;
    stream.avail_out = sizeof(packed);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return stream.total_out;
}

static size_t make_tar(void)
{
    unsigned sum = 0;
    memset(packed, 0, BLOCK);
    strcpy(packed, "TCP0001.MS");
    strcpy(packed + 100, "0000644");
    snprintf(packed + 124, 12, "%011o", SIZE);
    memset(packed + 148, ' ', 8);
    packed[156] = '0';
    for (int i = 0; i < BLOCK; i++)
        sum += (unsigned char)packed[i];
    snprintf(packed + 148, 8, "%06o", sum);
    memset(packed + BLOCK, 'x', SIZE);
    return BLOCK + SIZE;
}

/* Reads what comes before the failure, which is behind n bytes; answers how much that was. */
static size_t read_until(struct members *members, size_t n)
{
    const struct tcplog_limits limits = { 0 };
    struct source source = { .class = &failing, .rest = { packed + HEAD, n - HEAD } };
    size_t all = 0;
    static char came[4096];
    members_begin(members, &limits, "a");
    assert_int_equal(members_enter(members, &source, (struct str){ packed, HEAD }), ENTERED);
    while (members_next(members, &source))
        for (ptrdiff_t got; (got = source.class->read(&source, came, sizeof(came))) != 0; all += (size_t)got)
            assert_true(got > 0);
    members_end(members);
    return all;
}

static void told_once(size_t n)
{
    struct members *members = calloc(1, sizeof(*members));
    assert_non_null(members);
    reason = EIO;
    assert_true(read_until(members, n / 2) > 0);
    for (int i = 1; i < TROUBLE_COUNT; i++)
        assert_int_equal(members->notes[i] ? members->notes[i]->count : 0, i == TROUBLE_UNREADABLE);
    reason = EINTR;
    assert_true(read_until(members, n / 2) > 0);
    for (int i = 1; i < TROUBLE_COUNT; i++)
        assert_null(members->notes[i]);
    members_free(members);
    free(members);
}

static void a_failure_in_gzip(void **state)
{
    (void)state;
    told_once(make_gzip());
}

static void a_failure_in_tar(void **state)
{
    (void)state;
    told_once(make_tar());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_in_gzip),
        cmocka_unit_test(a_failure_in_tar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
