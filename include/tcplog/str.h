/* A view of bytes: pointer and length, no terminator, no ownership.
 * It lives as long as what it points into; whoever hands one out says how long that is. */
#ifndef TCPLOG_STR_H
#define TCPLOG_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

/* The view of a string literal. */
#ifdef __cplusplus
#define STR(literal) (str{ "" literal, sizeof(literal) - 1 })
#else
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#endif

/* Of a C string; NULL is empty. */
static inline struct str str_of(const char *text)
{
    const struct str view = { text, text ? strlen(text) : 0 };
    return view;
}

/* What stands behind the first `start` bytes, and the first `length` bytes: neither may be more than there are. */
static inline struct str str_from(struct str text, size_t start)
{
    const struct str rest = { text.p + start, text.n - start };
    return rest;
}

static inline struct str str_upto(struct str text, size_t length)
{
    const struct str beginning = { text.p, length };
    return beginning;
}

/* Byte by byte; empty texts are equal wherever they point. */
static inline bool str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Whether text begins, or ends, with these bytes. */
static inline bool str_starts(struct str text, struct str prefix)
{
    return text.n >= prefix.n && memcmp(text.p, prefix.p, prefix.n) == 0;
}

static inline bool str_ends(struct str text, struct str suffix)
{
    return text.n >= suffix.n && memcmp(text.p + text.n - suffix.n, suffix.p, suffix.n) == 0;
}

#endif
