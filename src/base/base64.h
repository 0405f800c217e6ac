/* Base64 (RFC 4648 4), encoding only. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "tcplog/str.h"

static inline size_t base64_length(size_t bytes)
{
    return (bytes + 2) / 3 * 4;
}

/* Writes base64_length(bytes.n) characters and answers their end. */
char *base64_encode(char *to, struct str bytes);

#endif
