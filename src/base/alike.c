/* Looks at a block of bytes at once, as scan_find() does, for the first byte of the word and one that tells it from a row of
 * that: "aaaa-b" is not compared with each place of a line of "aaaa". */
#include "base/alike.h"

#include "base/ascii.h"
#include "base/copy.h"
#include "base/scan.h"

/* What makes a small letter of a capital; of other bytes, what as few are. */
enum { SMALL = 0x20 };

void alike_set(struct alike *word, struct str text)
{
    /* nothing is left of a longer one */
    if (word->n > text.n)
        memset(word->text + text.n, 0, word->n - text.n);
    /* what compilers make of memcpy() where they know how long it is at most takes long to start */
    copy_short(word->text, text.p, text.n);
    word->n = text.n;
    word->tell = text.n - 1;
    const char first = ascii_lower(text.p[0]);
    while (word->tell > 0 && ascii_lower(text.p[word->tell]) == first)
        word->tell--;
    word->tell = word->tell ? word->tell : text.n - 1;
}

void alike_forget(struct alike *word)
{
    memset(word->text, 0, word->n);
    word->n = word->tell = 0;
}

/* All letters are small, or all are capitals. */
static bool is_of_one_case(struct str text)
{
    bool small = false, capital = false;
    for (size_t i = 0; i < text.n; i++) {
        small |= text.p[i] >= 'a' && text.p[i] <= 'z';
        capital |= text.p[i] >= 'A' && text.p[i] <= 'Z';
    }
    return !(small && capital);
}

static bool is_here(const struct alike *word, const char *p)
{
    const struct str here = { p, word->n }, text = alike_text(word);
    return ascii_same(here, text) && (is_of_one_case(here) || str_equal(here, text));
}

#ifdef __SSE2__
/* Which bytes of a block are this one, or may be its other letter. */
static __m128i like(const char *p, char c)
{
    const __m128i small = _mm_set1_epi8(SMALL);
    return _mm_cmpeq_epi8(_mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)p), small),
                          _mm_or_si128(_mm_set1_epi8(c), small));
}
#endif

size_t alike_find(const struct alike *word, struct str line, size_t from)
{
    const char first = ascii_lower(word->text[0]);
    size_t at = from;
#ifdef __SSE2__
    enum { BLOCK = 16 };
    const size_t most = word->n + BLOCK - 1;
    for (; line.n >= most && at + word->n <= line.n; at += BLOCK) {
        /* the last block reaches back, and is looked at from `at` on */
        const size_t block = at + most <= line.n ? at : line.n - most;
        const char *p = line.p + block;
        const __m128i found = _mm_and_si128(like(p, first), like(p + word->tell, word->text[word->tell]));
        unsigned mask = (unsigned)_mm_movemask_epi8(found) & ~0u << (at - block);
        for (; mask; mask &= mask - 1)
            if (is_here(word, p + __builtin_ctz(mask)))
                return block + (size_t)__builtin_ctz(mask);
    }
#endif
    for (; at + word->n <= line.n; at++)
        if (ascii_lower(line.p[at]) == first && is_here(word, line.p + at))
            return at;
    return line.n;
}
