/* Texts that are the same but for the case of their letters, of ASCII: strncasecmp(3) would ask the locale, and in a Turkish
 * one "MI" is not "mi". */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include "tcplog/str.h"

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | ('a' ^ 'A')) : c;
}

static inline bool ascii_same(struct str a, struct str b)
{
    size_t i = 0;
    if (a.n != b.n)
        return false;
    while (i < a.n && ascii_lower(a.p[i]) == ascii_lower(b.p[i]))
        i++;
    return i == a.n;
}

static inline bool ascii_starts(struct str text, struct str prefix)
{
    return text.n >= prefix.n && ascii_same(str_upto(text, prefix.n), prefix);
}

#endif
