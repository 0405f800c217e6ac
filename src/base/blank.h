/* Zeroes a struct of a few hundred bytes. What compilers make of `= { 0 }` for one of that size takes longer to start than
 * to do its work; this is stores and nothing else, where the size is known when it is compiled. */
#ifndef BASE_BLANK_H
#define BASE_BLANK_H

#include <stddef.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline void blank(void *to, size_t n)
{
    char *p = to;
#ifdef __SSE2__
    /* four stores at a time: of one alone the compiler would make what this is instead of */
    enum { BLOCK = 16, TWO = 32, THREE = 48, FOUR = 64 };
    const __m128i zero = _mm_setzero_si128();
    for (; n >= FOUR; n -= FOUR, p += FOUR) {
        _mm_storeu_si128((__m128i *)(void *)p, zero);
        _mm_storeu_si128((__m128i *)(void *)(p + BLOCK), zero);
        _mm_storeu_si128((__m128i *)(void *)(p + TWO), zero);
        _mm_storeu_si128((__m128i *)(void *)(p + THREE), zero);
    }
    if (n >= TWO) {
        _mm_storeu_si128((__m128i *)(void *)p, zero);
        _mm_storeu_si128((__m128i *)(void *)(p + BLOCK), zero);
        n -= TWO;
        p += TWO;
    }
    if (n >= BLOCK) {
        _mm_storeu_si128((__m128i *)(void *)p, zero);
        n -= BLOCK;
        p += BLOCK;
    }
#endif
    memset(p, 0, n);
}

/* The members of a struct from `from` up to `to`, and from `from` to its end: what stands in its arrays may stay, where a
 * count says that they are empty. */
#define BLANK_UP_TO(p, type, from, to) \
    blank((char *)(p) + offsetof(type, from), offsetof(type, to) - offsetof(type, from))
#define BLANK_FROM(p, type, from) \
    blank((char *)(p) + offsetof(type, from), sizeof(type) - offsetof(type, from))

#endif
