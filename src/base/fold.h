/* Letters made small: those of ASCII, and those that UTF-8 writes in two bytes of which only the second differs (À to Þ, Ā to
 * Ž). All others stay as they are, and so does the length of a text. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/ascii.h"

/* U+00C0 to U+00DE, but for ×; of U+0100 to U+017E the capital comes before its small letter, and is even, or odd. */
static inline char fold_second(char first, char second)
{
    const unsigned c = (unsigned char)second;
    switch ((unsigned char)first) {
    case 0xC3: return (char)(c <= 0x9E && c != 0x97 ? c | 0x20 : c);
    case 0xC4: return (char)(c < 0xB8 ? c | 1 : c > 0xB8 && c < 0xBF ? c + (c & 1) : c);
    case 0xC5:
        return (char)(c <= 0x88 || (c > 0xB8 && c < 0xBF) ? c + (c & 1) : c < 0xB8 && c > 0x89 ? c | 1 : c);
    default: return second;
    }
}

/* The byte at p[i], of a text that begins at p with a whole letter. */
static inline char fold_at(const char *p, size_t i)
{
    if ((unsigned char)p[i] < 0x80)
        return ascii_lower(p[i]);
    return i > 0 ? fold_second(p[i - 1], p[i]) : p[i];
}

#endif
