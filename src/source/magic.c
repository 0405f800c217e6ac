/* Magic numbers, and the checksum of tar, whose oldest form has none. */
#include "source/magic.h"

#include "source/tar.h"

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

static bool is_tar(struct str head)
{
    return head.n >= TAR_BLOCK && head.p[0] != '\0' && tar_sum_is_right(head.p);
}

/* What zstd passes over, which may stand in front of the rest (RFC 8878, 3.1.2). */
static bool is_skippable(struct str head)
{
    return head.n >= 4 && (head.p[0] & 0xF0) == 0x50 && memcmp(head.p + 1, "\x2A\x4D\x18", 3) == 0;
}

enum magic magic_of(struct str head)
{
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
        if (str_starts(head, (struct str){ beginnings[i].text, beginnings[i].n }))
            return beginnings[i].magic == MAGIC_BZIP2 && !is_bzip2(head) ? MAGIC_NONE : beginnings[i].magic;
    if (is_skippable(head))
        return MAGIC_ZSTD;
    return is_tar(head) ? MAGIC_TAR : MAGIC_NONE;
}

bool magic_is_compression(enum magic magic)
{
    return magic >= MAGIC_GZIP && magic <= MAGIC_ZSTD;
}
