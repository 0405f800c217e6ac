/* What is packed is known by its beginning, and no log is taken for packed. */
#include "source/magic.h"
#include "views.h"

#include <stdio.h>

enum { BLOCK = 512 };

static const struct {
    struct str head;
    enum magic magic;
} heads[] = {
    { { "\x1F\x8B\x08\0", 4 }, MAGIC_GZIP },
    { { "\x1F\x8B\x07\0", 4 }, MAGIC_NONE },
    { { "BZh91AY&SY\0\0\0\0", 14 }, MAGIC_BZIP2 },
    { { "BZh9\x17rE8P\x90\0\0\0\0", 14 }, MAGIC_BZIP2 },
    { { "BZh9\x17rE8P\x90\0\0\0", 13 }, MAGIC_NONE }, /* even of nothing there is more */
    { { "BZh9 is a word", 14 }, MAGIC_NONE },
    { { "BZh91AY", 7 }, MAGIC_NONE },
    { { "\xFD\x37zXZ\0", 6 }, MAGIC_XZ },
    { { "\xFD\x37zXZ", 5 }, MAGIC_NONE },
    { { "\x28\xB5\x2F\xFD", 4 }, MAGIC_ZSTD },
    { { "P*M\x18", 4 }, MAGIC_ZSTD }, /* what may be skipped, in front of it */
    { { "_*M\x18", 4 }, MAGIC_ZSTD },
    { { "`*M\x18", 4 }, MAGIC_NONE },
    { { "P*M", 3 }, MAGIC_NONE },
    { { "PK\3\4", 4 }, MAGIC_ZIP },
    { { "PK\5\6", 4 }, MAGIC_ZIP },
    { { "PK\1\2", 4 }, MAGIC_NONE },
    { { "7z\xBC\xAF\x27\x1C", 6 }, MAGIC_SEVEN_ZIP },
    { { "21:41:43.760: >> 220 hi", 23 }, MAGIC_NONE },
    { { "", 0 }, MAGIC_NONE },
};

static void beginnings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct str head = exactly(heads[i].head);
        assert_int_equal(magic_of(head), heads[i].magic);
        free((char *)head.p);
    }
}

/* The oldest tar has nothing but its checksum. */
static void the_sum_of_tar(void **state)
{
    (void)state;
    char head[BLOCK] = "TCP0001.MS";
    unsigned sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++)
        sum += (unsigned char)head[i];
    snprintf(head + 148, 8, "%06o", sum);
    assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_TAR);
    snprintf(head + 148, 8, "%6o", sum);
    assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_TAR);
    struct str cut = exactly((struct str){ head, BLOCK - 1 });
    assert_int_equal(magic_of(cut), MAGIC_NONE);
    free((char *)cut.p);
    head[300] = 1;
    assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_NONE);
}

/* Some took the bytes for signed. */
static void the_signed_sum_of_tar(void **state)
{
    (void)state;
    char head[BLOCK] = "\xE4/TCP0001.MS";
    int sum = 8 * ' ';
    for (int i = 0; i < BLOCK; i++)
        sum += (signed char)head[i];
    snprintf(head + 148, 8, "%06o", (unsigned)sum);
    assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_TAR);
    snprintf(head + 148, 8, "%06o", (unsigned)sum + 256);
    assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_TAR);
    snprintf(head + 148, 8, "%06o", (unsigned)sum + 255);
    assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_NONE);
}

static void text_and_zeros(void **state)
{
    (void)state;
    char head[BLOCK];
    for (int c = 0; c < 256; c++) {
        memset(head, c, sizeof(head));
        assert_int_equal(magic_of((struct str){ head, BLOCK }), MAGIC_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beginnings),
        cmocka_unit_test(the_sum_of_tar),
        cmocka_unit_test(the_signed_sum_of_tar),
        cmocka_unit_test(text_and_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
