/* Quoted strings of mail (RFC 5322 3.2.4, RFC 9051 9). */
#ifndef BASE_QUOTED_H
#define BASE_QUOTED_H

#include "tcplog/str.h"

/* Bytes of the quoted string that text begins with, its quotes among them, where a backslash takes the next byte as it is; 0 if
 * it has no end. */
static inline size_t quoted_end(struct str text)
{
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] == '"')
            return i + 1;
        i += text.p[i] == '\\';
    }
    return 0;
}

/* "DOM\\\\ann", without the quotes around it: a backslash stands in front of itself and of quotes. Writes what is meant, text.n
 * bytes at most, to `to`, which may be where the text is; answers how many. */
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
