/* Valid UTF-8 out of any bytes. What is not UTF-8 is read as Latin-1, the likeliest truth in these logs; NUL becomes
 * U+FFFD. The caller keeps the exact bytes beside it where that happened. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "tcplog/buf.h"

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What some programs put in front of a file, and others want there, to know it for UTF-8. */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static inline bool utf8_word_is_plain(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    /* a top bit set, or a zero byte (which borrows into its top bit) */
    return ((word | (word - ones)) & tops) == 0;
}

/* Less than 16 bytes: the first and the last of them, which together are all. */
static inline bool utf8_few_are_plain(struct str text)
{
    uint64_t first, last;
    uint32_t start, end;
    if (text.n >= sizeof(first)) {
        memcpy(&first, text.p, sizeof(first));
        memcpy(&last, text.p + text.n - sizeof(last), sizeof(last));
        return utf8_word_is_plain(first) && utf8_word_is_plain(last);
    }
    if (text.n >= sizeof(start)) {
        memcpy(&start, text.p, sizeof(start));
        memcpy(&end, text.p + text.n - sizeof(end), sizeof(end));
        return utf8_word_is_plain(start | (uint64_t)end << 32);
    }
    const signed char *p = (const signed char *)text.p;
    return text.n == 0 || (p[0] > 0 && p[text.n / 2] > 0 && p[text.n - 1] > 0);
}

/* No byte >= 0x80 and no NUL: can be passed on as it is. Reads nothing past the end. Every text is asked this; nearly all
 * are ASCII. */
static inline bool utf8_plain(struct str text)
{
    if (text.n < 16)
        return utf8_few_are_plain(text);
#ifdef __SSE2__
    /* the rest stands at the end of the last block, with what is before it */
    const char *p = text.p, *last = p + text.n - 16;
    __m128i least = _mm_loadu_si128((const __m128i *)(const void *)last), any = least;
    for (; p < last; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        least = _mm_min_epu8(least, v);
        any = _mm_or_si128(any, v);
    }
    return _mm_movemask_epi8(_mm_or_si128(any, _mm_cmpeq_epi8(least, _mm_setzero_si128()))) == 0;
#else
    const char *p = text.p, *last = p + text.n - 8;
    bool plain = utf8_few_are_plain((struct str){ last, 8 });
    for (; plain && p < last; p += 8)
        plain = utf8_few_are_plain((struct str){ p, 8 });
    return plain;
#endif
}

/* Valid UTF-8 without NUL: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool utf8_valid(struct str text);
/* As below, of a text that is not plain. */
struct str utf8_decode_rest(struct str text, struct buf *scratch);
/* Text as valid UTF-8: itself if it is, else decoded into *scratch (overwritten). */
static inline struct str utf8_decode(struct str text, struct buf *scratch)
{
    return utf8_plain(text) ? text : utf8_decode_rest(text, scratch);
}

/* The same as a copy in an arena; what no longer fits is cut between two characters. */
struct str utf8_keep_other(struct arena *arena, struct str text);
static inline struct str utf8_keep(struct arena *arena, struct str text)
{
    bool plain = text.n <= arena->capacity - arena->n && utf8_plain(text);
    return plain ? arena_copy(arena, text) : utf8_keep_other(arena, text);
}

#endif
