/* Names of hosts as they stand in prose: where one ends, and whether it looks like one. */
#ifndef BASE_HOSTNAME_H
#define BASE_HOSTNAME_H

#include "tcplog/str.h"

/* What words are made of: letters (0xDF takes away the bit by which lower case differs), digits, and all that is not
 * ASCII. */
static inline bool hostname_letter(char c)
{
    return (unsigned char)((c & 0xDF) - 'A') <= 'Z' - 'A' || (unsigned char)(c - '0') < 10 ||
           (unsigned char)c >= 0x80;
}

/* Bytes of the domain that text begins with, whatever it looks like; a full stop behind it ends a sentence. */
size_t hostname_domain(struct str text);
/* Bytes of the host that text begins with; 0: nothing with a dot in it that looks like one. *looked: so far it looked; where there is
 * none, none begins before that either. */
size_t hostname_length(struct str text, size_t *looked);

#endif
