/* The ends of many lines at once, and which bytes of a text's first blocks are its own. */
#include "base/scan.h"

#ifdef __SSE2__
#define EIGHT 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
const unsigned char scan_inside[128] = { EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT };

/* One bit a byte of p[0..64) that is a line feed. *other gets a top bit set where one is not ASCII, or NUL. */
static inline uint64_t line_feeds(const char *p, wide_bytes *other)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < 64; i += 32) {
        __m128i half[2];
        wide_bytes v;
        memcpy(half, p + i, sizeof(half));
        memcpy(&v, p + i, sizeof(v));
        for (unsigned j = 0; j < 2; j++)
            found |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(half[j], _mm_set1_epi8('\n')))
                     << (i + 16 * j);
        *other |= v | (wide_bytes)(v == 0);
    }
    return found;
}

static bool has_tops(const wide_bytes *bytes)
{
    __m128i half[2];
    memcpy(half, bytes, sizeof(half));
    return _mm_movemask_epi8(_mm_or_si128(half[0], half[1])) != 0;
}

/* What the last 64 bytes held past the end is none. */
static size_t within(const uint16_t *ends, size_t count, size_t n)
{
    while (count && ends[count - 1] >= n)
        count--;
    return count;
}

/* Two places are written whether that many line feeds are there or not, and only three in 64 bytes, which is rare, are a
 * branch. */
size_t scan_ends_narrow(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    const uint64_t top = (uint64_t)1 << 63;
    wide_bytes other = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < n; i += 64) {
        uint64_t found = line_feeds(p + i, &other);
        for (int twice = 0; twice < 2; twice++) {
            ends[count] = (uint16_t)(i + (size_t)__builtin_ctzll(found | top));
            count += found != 0;
            found &= found - 1;
        }
        for (; found; found &= found - 1)
            ends[count++] = (uint16_t)(i + (size_t)__builtin_ctzll(found));
    }
    *plain = !has_tops(&other);
    return within(ends, count, n);
}
#else
size_t scan_ends_narrow(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    size_t count = 0;
    for (const char *at = p, *lf; (lf = memchr(at, '\n', n - (size_t)(at - p))) != NULL; at = lf + 1)
        ends[count++] = (uint16_t)(lf - p);
    *plain = false;
    return count;
}
#endif

#ifdef WIDE_IS_AVX2
WIDE size_t scan_ends_wide(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    const __m256i feed = _mm256_set1_epi8('\n');
    /* as a number with a sign, the least is above zero if all are ASCII, and none NUL */
    __m256i least = _mm256_set1_epi8(1);
    uint16_t *to = ends;
    for (size_t i = 0; i < n; i += 64) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + i + 32));
        uint64_t high = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, feed));
        uint64_t found = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, feed)) | high << 32;
        uint64_t but_one = found & (found - 1), left = but_one & (but_one - 1);
        uint16_t *next = to + _mm_popcnt_u64(found);
        /* of nothing, 64 */
        to[0] = (uint16_t)(i + _tzcnt_u64(found));
        to[1] = (uint16_t)(i + _tzcnt_u64(but_one));
        for (to += 2; left; left &= left - 1)
            *to++ = (uint16_t)(i + _tzcnt_u64(left));
        to = next;
        least = _mm256_min_epi8(least, _mm256_min_epi8(a, b));
    }
    *plain = _mm256_movemask_epi8(_mm256_cmpgt_epi8(least, _mm256_setzero_si256())) == -1;
    return within(ends, (size_t)(to - ends), n);
}

/* The numbers of a block's bytes, of which those that are line feeds are moved together: eight are enough but where lines
 * have few bytes. */
WIDEST static void put_places(uint16_t *to, __m512i places, size_t count, size_t from)
{
    __m512i add = _mm512_set1_epi16((short)from);
    __m512i first = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(places));
    _mm_storeu_si128((__m128i *)(void *)to, _mm512_castsi512_si128(_mm512_add_epi16(add, first)));
    if (count <= 8)
        return;
    __m512i last = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(places, 1));
    _mm512_storeu_si512(to, _mm512_add_epi16(add, first));
    _mm512_storeu_si512(to + 32, _mm512_add_epi16(add, last));
}

WIDEST size_t scan_ends_widest(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    static const unsigned char numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
    };
    const __m512i feed = _mm512_set1_epi8('\n'), all = _mm512_loadu_si512(numbers);
    __m512i least = _mm512_set1_epi8(1);
    uint16_t *to = ends;
    for (size_t i = 0; i < n; i += 64) {
        __m512i block = _mm512_loadu_si512(p + i);
        uint64_t found = _mm512_cmpeq_epi8_mask(block, feed);
        size_t count = (size_t)_mm_popcnt_u64(found);
        put_places(to, _mm512_maskz_compress_epi8(found, all), count, i);
        to += count;
        least = _mm512_min_epi8(least, block);
    }
    *plain = _mm512_cmpgt_epi8_mask(least, _mm512_setzero_si512()) == UINT64_MAX;
    return within(ends, (size_t)(to - ends), n);
}
#else
size_t scan_ends_wide(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    return scan_ends_narrow(p, n, ends, plain);
}

size_t scan_ends_widest(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    return scan_ends_narrow(p, n, ends, plain);
}
#endif

size_t scan_line_ends(const char *p, size_t n, uint16_t *ends, bool *plain)
{
    scan_ends *find = widest_is_here() ? scan_ends_widest
                      : wide_is_here() ? scan_ends_wide
                                       : scan_ends_narrow;
    return find(p, n, ends, plain);
}
