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

enum { NO_DIGIT = 64 };

static uint32_t value_of(char c)
{
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : NO_DIGIT;
}

size_t base64_decode(char *to, struct str text)
{
    size_t n = 0;
    uint32_t bits = 0;
    /* padding is lost in copying and says nothing: without it a response still is one */
    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    /* six bits alone are no byte */
    if (text.n % 4 == 1)
        return 0;
    for (size_t i = 0; i < text.n; i++) {
        uint32_t digit = value_of(text.p[i]);
        if (digit == NO_DIGIT)
            return 0;
        bits = bits << 6 | digit;
        /* of four digits the first completes no byte, each of the others one; what is older is shifted out */
        if (i % 4 != 0)
            to[n++] = (char)(bits >> (6 - i % 4 * 2));
    }
    return n;
}
