/* Quoted strings of mail (RFC 5322 3.2.4, RFC 9051 9), without the quotes around them. */
#ifndef BASE_QUOTED_H
#define BASE_QUOTED_H

#include "tcplog/str.h"

/* "DOM\\\\ann": a backslash stands in front of itself and of quotes. Writes what is meant, text.n bytes at most, to `to`, which
 * may be where the text is; answers how many. */
static inline size_t quoted_plain(char *to, struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        i += text.p[i] == '\\' && i + 1 < text.n;
        to[n++] = text.p[i];
    }
    return n;
}

#endif
