/* Base64 by the table of RFC 4648 section 4, with padding. */
#include "base/base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Up to three bytes, of which n are left, as four digits of six bits:
 *    byte   11111122 22223333 33444444
 *    digit  1     2      3      4
 * What no byte reaches is written as `=`. */
static char *encode_three(char *to, const unsigned char *p, size_t n)
{
    uint32_t group = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);
    to[0] = digits[group >> 18];
    to[1] = digits[group >> 12 & 63];
    to[2] = n > 1 ? digits[group >> 6 & 63] : '=';
    to[3] = n > 2 ? digits[group & 63] : '=';
    return to + 4;
}

char *base64_encode(char *to, struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n; i += 3)
        to = encode_three(to, p + i, bytes.n - i);
    return to;
}

/* Of each byte its value + 1; 0: it is no digit. */
static const unsigned char values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* Up to four digits, of which n are left, as the bytes that they complete, one less; false: one is none. */
static bool decode_four(char *to, const unsigned char *p, size_t n)
{
    uint32_t group = 0, all = 0;
    for (size_t i = 0; i < 4; i++) {
        /* what is none has all bits */
        uint32_t value = i < n ? values[p[i]] - 1u : 0;
        all |= value;
        group = group << 6 | value;
    }
    for (size_t i = 0; i < 3 && i + 1 < n; i++)
        to[i] = (char)(group >> (16 - 8 * i));
    return all < 64;
}

size_t base64_decode(char *to, struct str text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    size_t i = 0;
    /* padding is lost in copying and says nothing: without it a response still is one */
    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    /* six bits alone are no byte */
    if (text.n % 4 == 1)
        return 0;
    for (; i + 4 <= text.n; i += 4)
        if (!decode_four(to + i / 4 * 3, p + i, 4))
            return 0;
    if (i < text.n && !decode_four(to + i / 4 * 3, p + i, text.n - i))
        return 0;
    return text.n / 4 * 3 + (text.n % 4 ? text.n % 4 - 1 : 0);
}
