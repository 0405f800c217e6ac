/* How far bytes can be copied as they are: up to the first of two marks or a low control character. The inner loop of
 * every text that is written; SSE2, which every x86-64 has, and plain words elsewhere. Never reads past the end. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes before the first that is `a`, `b` or <= upto; n if there is none. */
static inline size_t scan_plain(const char *p, size_t n, char a, char b, unsigned char upto)
{
    size_t i = 0;
#ifdef __SSE2__
    const __m128i as = _mm_set1_epi8(a), bs = _mm_set1_epi8(b), most = _mm_set1_epi8((char)upto);
    for (; i + 16 <= n; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, most), v);
        __m128i hit = _mm_or_si128(low, _mm_or_si128(_mm_cmpeq_epi8(v, as), _mm_cmpeq_epi8(v, bs)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);
        if (mask)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
    for (uint64_t w; i + 8 <= n; i += 8) {
        memcpy(&w, p + i, 8);
        uint64_t xa = w ^ (ones * (unsigned char)a), xb = w ^ (ones * (unsigned char)b);
        /* a byte that borrows: below upto + 1, or equal to a mark. False alarms only send us to the byte loop. */
        if (((w - ones * (upto + 1u)) | (xa - ones) | (xb - ones)) & ~w & tops)
            break;
    }
    for (; i < n; i++)
        if (p[i] == a || p[i] == b || (unsigned char)p[i] <= upto)
            break;
    return i;
}

#endif
