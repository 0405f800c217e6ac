/* How far bytes can be copied as they are: up to the first of two marks or a low control character. The inner loop of
 * every text that is written; SSE2, which every x86-64 has, and plain words elsewhere. Never reads past the end. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/wide.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The bytes to stop at: `a`, `b`, and all up to `upto`. */
struct stops {
    char a, b;
    unsigned char upto;
};

static inline bool scan_stops(struct stops stops, char c)
{
    return c == stops.a || c == stops.b || (unsigned char)c <= stops.upto;
}

#ifdef __SSE2__
/* Which bytes of a block are stops: unsigned v <= upto is no comparison of SSE2, but then the smaller of the two is v. */
static inline __m128i scan_low(struct stops stops, __m128i v)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8((char)stops.upto)), v);
}

static inline __m128i scan_marks(struct stops stops, __m128i v)
{
    return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(stops.a)), _mm_cmpeq_epi8(v, _mm_set1_epi8(stops.b)));
}

/* One bit a byte of a block that is a stop. */
static inline unsigned scan_block(struct stops stops, __m128i v)
{
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(scan_low(stops, v), scan_marks(stops, v)));
}

static inline __m128i scan_move(char *to, const char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    _mm_storeu_si128((__m128i *)(void *)to, v);
    return v;
}

/* Copies two blocks, wherever they lie; whether there is a stop in them. */
static inline bool scan_move_two(char *to, const char *p, size_t first, size_t second, struct stops stops)
{
    __m128i v = scan_move(to + first, p + first), w = scan_move(to + second, p + second);
    __m128i marks = _mm_or_si128(scan_marks(stops, v), scan_marks(stops, w));
    return _mm_movemask_epi8(_mm_or_si128(marks, scan_low(stops, _mm_min_epu8(v, w)))) != 0;
}

/* Likewise four: a question for all of them instead of one for each. */
static inline __attribute__((always_inline)) bool scan_move_four(char *to, const char *p, size_t first,
                                                                 size_t third, struct stops stops)
{
    __m128i a = scan_move(to + first, p + first), b = scan_move(to + first + 16, p + first + 16);
    __m128i c = scan_move(to + third, p + third), d = scan_move(to + third + 16, p + third + 16);
    __m128i least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, d));
    __m128i marks = _mm_or_si128(_mm_or_si128(scan_marks(stops, a), scan_marks(stops, b)),
                                 _mm_or_si128(scan_marks(stops, c), scan_marks(stops, d)));
    return _mm_movemask_epi8(_mm_or_si128(marks, scan_low(stops, least))) != 0;
}
#endif

/* Whether eight bytes may hold a stop. A borrow shows what is below upto + 1 or equal to a mark; a false alarm behind
 * a true one does no harm, for the bytes are then looked at one by one. */
static inline bool scan_word(struct stops stops, uint64_t w)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t a = w ^ (ones * (unsigned char)stops.a), b = w ^ (ones * (unsigned char)stops.b);
    return (((w - ones * (stops.upto + 1u)) & ~w) | ((a - ones) & ~a) | ((b - ones) & ~b)) & (ones << 7);
}

/* How many bytes stand before the first stop, one by one. */
static inline size_t scan_bytes(const char *p, size_t n, struct stops stops)
{
    size_t i = 0;
    while (i < n && !scan_stops(stops, p[i]))
        i++;
    return i;
}

/* The same, of a word at hand. */
static inline bool scan_eight(struct stops stops, uint64_t w)
{
#ifdef __SSE2__
    return (scan_block(stops, _mm_set_epi64x(0, (int64_t)w)) & 0xFF) != 0;
#else
    return scan_word(stops, w);
#endif
}

/* Copies up to three bytes; whether there is a stop in them. */
static inline bool scan_move_bytes(char *to, const char *p, size_t n, struct stops stops)
{
    if (n == 0)
        return false;
    char first = p[0], middle = p[n / 2], last = p[n - 1];
    to[0] = first;
    to[n / 2] = middle;
    to[n - 1] = last;
    /* the last one fills the word */
    return scan_eight(stops, (unsigned char)first | (uint64_t)(unsigned char)middle << 8 |
                                 0x0101010101010000u * (unsigned char)last);
}

/* Copies less than 16 bytes: the first and the last ones of them, which together are all. Whether there is a stop in
 * them. */
static inline __attribute__((always_inline)) bool scan_move_few(char *to, const char *p, size_t n,
                                                                struct stops stops)
{
    uint64_t first, last;
    uint32_t start, end;
    if (n < 4)
        return scan_move_bytes(to, p, n, stops);
    if (n < 8) {
        memcpy(&start, p, 4);
        memcpy(&end, p + n - 4, 4);
        memcpy(to, &start, 4);
        memcpy(to + n - 4, &end, 4);
        return scan_eight(stops, start | (uint64_t)end << 32);
    }
    memcpy(&first, p, 8);
    memcpy(&last, p + n - 8, 8);
    memcpy(to, &first, 8);
    memcpy(to + n - 8, &last, 8);
#ifdef __SSE2__
    return scan_block(stops, _mm_set_epi64x((int64_t)last, (int64_t)first)) != 0;
#else
    return scan_word(stops, first) || scan_word(stops, last);
#endif
}

/* Copies all bytes; whether there is no stop among them, as in most texts there is none. Blocks that overlap cover any
 * length, and are asked together. */
static inline __attribute__((always_inline)) bool scan_copy_all(char *to, const char *p, size_t n, char a,
                                                                char b, unsigned char upto)
{
    const struct stops stops = { a, b, upto };
    if (n < 16)
        return !scan_move_few(to, p, n, stops);
    bool stop = false;
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 64 < n; i += 64)
        stop |= scan_move_four(to, p, i, i + 32, stops);
    if (n - i > 32)
        return !(stop | scan_move_four(to, p, i, n - 32, stops));
    return !(stop | scan_move_two(to, p, n - i < 16 ? n - 16 : i, n - 16, stops));
#else
    for (; i + 8 < n; i += 8)
        stop |= scan_move_few(to + i, p + i, 8, stops);
    return !(stop | scan_move_few(to + n - 8, p + n - 8, 8, stops));
#endif
}

#ifdef __SSE2__
/* The bytes of a text of n < 64 are those of its first 64 for which these, from number 64 - n on, are not zero. */
extern const unsigned char scan_inside[128];
#endif

#ifdef __SSE2__
/* Copies 32 bytes; those of them that are stops are then not zero in *found. */
static inline __attribute__((always_inline)) void scan_move_wide(char *to, const char *p, struct stops stops,
                                                                 wide_bytes *found)
{
    const unsigned char a = (unsigned char)stops.a, b = (unsigned char)stops.b;
    wide_bytes v;
    memcpy(&v, p, sizeof(v));
    memcpy(to, &v, sizeof(v));
    *found = (wide_bytes)(v == a) | (wide_bytes)(v == b) | (wide_bytes)(v <= stops.upto);
}

/* Copies at least 64 bytes; *found: likewise of all of them together. */
static inline __attribute__((always_inline)) void scan_move_long(char *to, const char *p, size_t n,
                                                                 struct stops stops, wide_bytes *found)
{
    wide_bytes all, next;
    size_t i = 64;
    scan_move_wide(to, p, stops, &all);
    scan_move_wide(to + 32, p + 32, stops, &next);
    for (; i + 32 < n; i += 32) {
        all |= next;
        scan_move_wide(to + i, p + i, stops, &next);
    }
    all |= next;
    scan_move_wide(to + n - 32, p + n - 32, stops, &next);
    *found = all | next;
}

static inline bool scan_is_zero(const wide_bytes *bytes)
{
    __m128i half[2];
    memcpy(half, bytes, sizeof(half));
    half[0] = _mm_or_si128(half[0], half[1]);
    return _mm_movemask_epi8(_mm_cmpeq_epi8(half[0], _mm_setzero_si128())) == 0xFFFF;
}
#endif

/* The same of a text of which 64 bytes can be read and written, though it be shorter: as many as most have are copied without
 * a question for how many they are, which would be answered wrong every few lines. */
static inline __attribute__((always_inline)) bool scan_copy_readable(char *to, const char *p, size_t n,
                                                                     char a, char b, unsigned char upto)
{
#ifdef __SSE2__
    const struct stops stops = { a, b, upto };
    wide_bytes found, next, first, second;
    if (n >= 64) {
        scan_move_long(to, p, n, stops, &found);
        return scan_is_zero(&found);
    }
    const unsigned char *mask = scan_inside + 64 - n;
    memcpy(&first, mask, sizeof(first));
    memcpy(&second, mask + sizeof(first), sizeof(second));
    scan_move_wide(to, p, stops, &found);
    scan_move_wide(to + 32, p + 32, stops, &next);
    found = (first & found) | (second & next);
    return scan_is_zero(&found);
#else
    return scan_copy_all(to, p, n, a, b, upto);
#endif
}

/* Copies the bytes before the first stop, and maybe some behind it; answers how many stand before it. */
static inline size_t scan_copy(char *to, const char *p, size_t n, char a, char b, unsigned char upto)
{
    const struct stops stops = { a, b, upto };
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 16 <= n; i += 16) {
        unsigned mask = scan_block(stops, scan_move(to + i, p + i));
        if (mask)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    for (; i + 8 <= n; i += 8)
        if (scan_move_few(to + i, p + i, 8, stops))
            return i + scan_bytes(p + i, 8, stops);
    return i + (scan_move_few(to + i, p + i, n - i, stops) ? scan_bytes(p + i, n - i, stops) : n - i);
}

/* The same without the copy: how many bytes stand before the first stop. */
static inline size_t scan_plain(const char *p, size_t n, char a, char b, unsigned char upto)
{
    const struct stops stops = { a, b, upto };
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 16 <= n; i += 16) {
        unsigned mask = scan_block(stops, _mm_loadu_si128((const __m128i *)(const void *)(p + i)));
        if (mask)
            return i + (size_t)__builtin_ctz(mask);
    }
#endif
    return i + scan_bytes(p + i, n - i, stops);
}

/* Bytes in which the ends of lines are looked for together, and places for as many ends, and for those behind. */
enum { SCAN_ENDS_MOST = 4096, SCAN_ENDS_ROOM = SCAN_ENDS_MOST + 64 + 2 };

/* Where the line feeds of p[0..n) are, n up to SCAN_ENDS_MOST, and how many. May read 63 bytes past the end. *plain: all of
 * these bytes are known to be ASCII without NUL, as nearly all are: then nobody has to look at each line for it.
 * All ends are found before any line is looked at: a search for the end of each line could not begin before the line in
 * front of it has one, and would guess its length wrong every few lines. */
typedef size_t scan_ends(const char *p, size_t n, uint16_t *ends, bool *plain);
scan_ends scan_line_ends;
/* The same for any machine, where wide_is_here(), and where widest_is_here(). */
scan_ends scan_ends_narrow, scan_ends_wide, scan_ends_widest;

/* Where `word`, of at least one byte, first stands in p[0..n) from `from` on; n if nowhere. Looks for its first and its
 * last byte in blocks: better than memmem() on texts of a line. */
static inline size_t scan_find(const char *p, size_t n, size_t from, const char *word, size_t length)
{
    /* a word of no bytes would make `last` wrap */
    size_t last = length - 1, i = from;
    if (n < length)
        return n;
#ifdef __SSE2__
    __m128i head = _mm_set1_epi8(word[0]), tail = _mm_set1_epi8(word[last]);
    for (; n >= last + 16 && i + last < n; i += 16) {
        /* the last block reaches back, and is looked at from i on */
        size_t block = i + last + 16 <= n ? i : n - last - 16;
        const char *first = p + block;
        __m128i heads = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)first), head);
        __m128i tails = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(first + last)), tail);
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_and_si128(heads, tails)) & ~0u << (i - block);
        for (; mask; mask &= mask - 1) {
            size_t at = block + (size_t)__builtin_ctz(mask);
            if (memcmp(p + at, word, length) == 0)
                return at;
        }
    }
#endif
    for (; i + last < n; i++)
        if (p[i] == word[0] && memcmp(p + i, word, length) == 0)
            return i;
    return n;
}

#endif
