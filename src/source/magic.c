/* Magic numbers, and the checksum of tar, whose oldest form has none. */
#include "source/magic.h"

enum { TAR_BLOCK = 512, TAR_SUM = 148, TAR_SUM_END = 156 };

static const struct {
    const char *text;
    size_t n;
    enum magic magic;
} beginnings[] = {
    { "\x1F\x8B\x08", 3, MAGIC_GZIP },
    { "BZh", 3, MAGIC_BZIP2 },
    { "\xFD\x37zXZ", 6, MAGIC_XZ },
    { "\x28\xB5\x2F\xFD", 4, MAGIC_ZSTD },
    { "PK\3\4", 4, MAGIC_ZIP },
    { "PK\5\6", 4, MAGIC_ZIP }, /* without entries */
    { "7z\xBC\xAF\x27\x1C", 6, MAGIC_SEVEN_ZIP },
};

/* bzip2 goes on with the size of its blocks, and then π, or √π where it is empty, which takes 14 bytes in all */
static bool is_bzip2(struct str head)
{
    return head.n >= 14 && head.p[3] >= '1' && head.p[3] <= '9' &&
           (memcmp(head.p + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
            memcmp(head.p + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* The sum of the header's bytes, its own eight counted as blanks, stands in it in octal. */
static bool is_tar(struct str head)
{
    if (head.n < TAR_BLOCK || head.p[0] == '\0')
        return false;
    unsigned told = 0, sum = 0;
    int i = TAR_SUM;
    while (i < TAR_SUM_END && head.p[i] == ' ')
        i++;
    for (; i < TAR_SUM_END && head.p[i] >= '0' && head.p[i] <= '7'; i++)
        told = told * 8 + (unsigned)(head.p[i] - '0');
    for (i = 0; told && i < TAR_BLOCK; i++)
        sum += i >= TAR_SUM && i < TAR_SUM_END ? ' ' : (unsigned char)head.p[i];
    return told && sum == told;
}

enum magic magic_of(struct str head)
{
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
        if (str_starts(head, (struct str){ beginnings[i].text, beginnings[i].n }))
            return beginnings[i].magic == MAGIC_BZIP2 && !is_bzip2(head) ? MAGIC_NONE : beginnings[i].magic;
    return is_tar(head) ? MAGIC_TAR : MAGIC_NONE;
}

bool magic_is_compression(enum magic magic)
{
    return magic >= MAGIC_GZIP && magic <= MAGIC_ZSTD;
}
