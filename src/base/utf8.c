/* UTF-8 by the table of RFC 3629 section 4. */
#include "base/utf8.h"

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The length of the valid sequence at the start of p[0..n), 0 if there is none (RFC 3629 4):
 *
 *   C2..DF 80..BF                       C0 and C1 could only begin overlong forms
 *   E0     A0..BF 80..BF                below A0: overlong
 *   ED     80..9F 80..BF                above 9F: surrogates
 *   F0     90..BF 80..BF 80..BF         below 90: overlong
 *   F4     80..8F 80..BF 80..BF         above 8F: past U+10FFFF */
static size_t sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return p[0] != 0;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        return n >= 2 && continues(p[1]) ? 2 : 0;
    if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        unsigned char low = p[0] == 0xE0 ? 0xA0 : 0x80, high = p[0] == 0xED ? 0x9F : 0xBF;
        return n >= 3 && p[1] >= low && p[1] <= high && continues(p[2]) ? 3 : 0;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        unsigned char low = p[0] == 0xF0 ? 0x90 : 0x80, high = p[0] == 0xF4 ? 0x8F : 0xBF;
        return n >= 4 && p[1] >= low && p[1] <= high && continues(p[2]) && continues(p[3]) ? 4 : 0;
    }
    return 0;
}

bool utf8_valid(struct str text)
{
    size_t step;
    for (size_t i = 0; i < text.n; i += step) {
        step = sequence((const unsigned char *)text.p + i, text.n - i);
        if (step == 0)
            return false;
    }
    return true;
}

/* The bytes of Latin-1 are the first 256 characters of Unicode. */
static struct str latin1(unsigned char byte, char room[2])
{
    if (byte == 0)
        return STR("\xEF\xBF\xBD");
    room[0] = (char)(0xC0 | byte >> 6);
    room[1] = (char)(0x80 | (byte & 0x3F));
    return (struct str){ room, 2 };
}

struct str utf8_decode_rest(struct str text, struct buf *scratch)
{
    if (utf8_valid(text))
        return text;
    scratch->n = 0;
    /* NUL becomes three bytes, any other byte two at most */
    tcplog_buf_room(scratch, text.n * 3);
    for (size_t i = 0; i < text.n;) {
        const unsigned char *p = (const unsigned char *)text.p + i;
        size_t step = sequence(p, text.n - i);
        char room[2];
        tcplog_buf_add(scratch, step ? (struct str){ text.p + i, step } : latin1(*p, room));
        i += step ? step : 1;
    }
    return buf_str(scratch);
}

/* Text that was cut where an arena ended, without the part of a character at its end. */
static struct str whole_characters(struct str text)
{
    size_t n = text.n;
    while (n > 0 && continues((unsigned char)text.p[n - 1]))
        n--;
    if (n > 0 && sequence((const unsigned char *)text.p + n - 1, text.n - n + 1) == 0)
        text.n = n - 1;
    return text;
}

struct str utf8_keep_other(struct arena *arena, struct str text)
{
    if (utf8_valid(text))
        return whole_characters(arena_copy(arena, text));
    /* an empty piece at the end of the arena, for the rest to grow behind */
    struct str kept = arena_copy(arena, (struct str){ text.p, 0 });
    for (size_t i = 0; i < text.n;) {
        const unsigned char *p = (const unsigned char *)text.p + i;
        size_t step = sequence(p, text.n - i);
        char room[2];
        kept = arena_extend(arena, kept, step ? (struct str){ text.p + i, step } : latin1(*p, room));
        i += step ? step : 1;
    }
    return whole_characters(kept);
}
