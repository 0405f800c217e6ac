/* Ranges of Unicode in ascending order, searched by halves. */
#include "base/glyph.h"

#include <stdbool.h>

struct range {
    uint32_t first, last;
};

/* C0, DEL and C1, line and paragraph separators, and what sets the direction of writing. Tags and invisible
 * operators could hide text; what stands in the private areas is known to the font alone; surrogates are no
 * characters. */
static const struct range barred[] = {
    { 0x0000, 0x001F }, { 0x007F, 0x009F },   { 0x061C, 0x061C },    { 0x200E, 0x200F }, { 0x2028, 0x202E },
    { 0x2060, 0x206F }, { 0xD800, 0xDFFF },   { 0xE000, 0xF8FF },    { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB },
    { 0xFFFE, 0xFFFF }, { 0xE0000, 0xE0FFF }, { 0xF0000, 0x10FFFF },
};

/* Marks that stand on the character before them; zero-width joiners, and the skin colours of emoji, which change it. */
static const struct range combining[] = {
    { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x05BF, 0x05BF },   { 0x05C1, 0x05C2 },
    { 0x05C4, 0x05C5 }, { 0x0610, 0x061A }, { 0x064B, 0x065F }, { 0x0670, 0x0670 },   { 0x06D6, 0x06DC },
    { 0x06DF, 0x06E4 }, { 0x06E7, 0x06E8 }, { 0x06EA, 0x06ED }, { 0x0900, 0x0902 },   { 0x093C, 0x093C },
    { 0x0941, 0x0948 }, { 0x094D, 0x094D }, { 0x0E31, 0x0E31 }, { 0x0E34, 0x0E3A },   { 0x0E47, 0x0E4E },
    { 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x200B, 0x200D }, { 0x20D0, 0x20F0 },   { 0x302A, 0x302D },
    { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0x1F3FB, 0x1F3FF },
};

/* East Asian wide and full-width characters, and emoji (Unicode Standard Annex 11). */
static const struct range wide[] = {
    { 0x1100, 0x115F },   { 0x2E80, 0x303E },   { 0x3041, 0x4DBF },   { 0x4E00, 0xA4CF },
    { 0xA960, 0xA97F },   { 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },
    { 0xFF00, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x16FE0, 0x18AFF }, { 0x1B000, 0x1B2FF },
    { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF }, { 0x1F900, 0x1FAFF }, { 0x20000, 0x3FFFD },
};

/* Finds the first range that does not end before the character: it is in that one or in none. */
static bool is_in(const struct range *ranges, size_t count, uint32_t glyph)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (glyph > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && glyph >= ranges[low].first;
}

#define IS_IN(ranges, glyph) is_in(ranges, sizeof(ranges) / sizeof(*(ranges)), glyph)

int glyph_width(uint32_t glyph)
{
    if (glyph >= 0x20 && glyph < 0x7F)
        return 1;
    if (IS_IN(barred, glyph))
        return GLYPH_BARRED;
    if (IS_IN(combining, glyph))
        return 0;
    return IS_IN(wide, glyph) ? 2 : 1;
}

/* How many bytes the first one announces, by its upper four bits; 0: it cannot be a first one. F8 and above
 * announced five and more before RFC 3629. */
static size_t length_of(unsigned char first)
{
    static const unsigned char lengths[16] = { 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 3, 4 };
    return first < 0xF8 ? lengths[first >> 4] : 0;
}

size_t glyph_next(struct str text, uint32_t *glyph)
{
    /* the least character that needs so many bytes: a longer form of a smaller one could smuggle a control
     * character */
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = length_of((unsigned char)text.p[0]);
    *glyph = GLYPH_UNKNOWN;
    if (n == 0 || n > text.n)
        return 1;
    uint32_t value = (unsigned char)text.p[0] & (n == 1 ? 0x7Fu : 0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)text.p[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | ((unsigned char)text.p[i] & 0x3F);
    }
    /* longer than it need be, or past the last character? its bytes belong together all the same, and become one sign */
    if (value >= least[n] && value <= 0x10FFFF)
        *glyph = value;
    return n;
}
