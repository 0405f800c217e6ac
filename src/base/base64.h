/* Base64 (RFC 4648 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "tcplog/str.h"

/* Characters that so many bytes become, padding included. */
static inline size_t base64_length(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

/* Writes base64_length(bytes.n) characters and answers their end. */
char *base64_encode(char *to, struct str bytes);

/* Decodes text, padded or not, into to, which has room for text.n bytes; answers how many, 0 if it is no base64. */
size_t base64_decode(char *to, struct str text);

#endif
