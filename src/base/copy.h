/* A copy without a call, for texts of a few words: they stand in every record. */
#ifndef BASE_COPY_H
#define BASE_COPY_H

#include "base/wide.h"

#include <stddef.h>
#include <string.h>

/* Answers the end of it. Words that overlap cover any length without a branch on each; nothing is read or written past
 * the ends. */
static inline __attribute__((always_inline)) char *copy_short(char *to, const char *from, size_t n)
{
    char *end = to + n;
    if (n > 16) {
        memcpy(to, from, 16);
        for (size_t i = 16; i + 16 < n; i += 16)
            memcpy(to + i, from + i, 16);
        memcpy(end - 16, from + n - 16, 16);
    } else if (n >= 8) {
        memcpy(to, from, 8);
        memcpy(end - 8, from + n - 8, 8);
    } else if (n >= 4) {
        memcpy(to, from, 4);
        memcpy(end - 4, from + n - 4, 4);
    } else if (n) {
        to[0] = from[0];
        to[n / 2] = from[n / 2];
        end[-1] = from[n - 1];
    }
    return end;
}

/* Copies n bytes, and up to COPY_PAST more, which can be read and written. */
enum { COPY_PAST = 127 };
static inline __attribute__((always_inline)) void copy_blocks(char *to, const char *from, size_t n)
{
    for (size_t i = 0; i < n; i += 64) {
        half_bytes a, b, c, d;
        memcpy(&a, from + i, sizeof(a));
        memcpy(&b, from + i + 16, sizeof(b));
        memcpy(&c, from + i + 32, sizeof(c));
        memcpy(&d, from + i + 48, sizeof(d));
        memcpy(to + i, &a, sizeof(a));
        memcpy(to + i + 16, &b, sizeof(b));
        memcpy(to + i + 32, &c, sizeof(c));
        memcpy(to + i + 48, &d, sizeof(d));
    }
}

/* The same in a function that is WIDE; elsewhere its registers would lie in memory. For much that is copied into a buffer
 * that no longer fits into the nearest cache: what is written next is called for. */
enum { COPY_AHEAD = 1024 };
static inline __attribute__((always_inline)) void copy_long(char *to, const char *from, size_t n)
{
    for (const char *end = from + n; from < end; from += 128, to += 128) {
        __builtin_prefetch(to + COPY_AHEAD, 1);
        __builtin_prefetch(to + COPY_AHEAD + 64, 1);
        wide_bytes a, b, c, d;
        memcpy(&a, from, sizeof(a));
        memcpy(&b, from + 32, sizeof(b));
        memcpy(&c, from + 64, sizeof(c));
        memcpy(&d, from + 96, sizeof(d));
        memcpy(to, &a, sizeof(a));
        memcpy(to + 32, &b, sizeof(b));
        memcpy(to + 64, &c, sizeof(c));
        memcpy(to + 96, &d, sizeof(d));
    }
}

#endif
