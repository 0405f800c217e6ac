/* The set of phases, a word of 64 at a time. The bits beyond 999 are always 0. */
#include "model/phases.h"

#include <string.h>

enum { WORDS = 16 };
static const uint64_t all = ~(uint64_t)0, last_word = ((uint64_t)1 << (PHASES % 64)) - 1;

void phases_all(struct phases *phases)
{
    memset(phases->fits, 0xFF, sizeof(phases->fits));
    phases->fits[WORDS - 1] = last_word;
    phases->used = 0;
}

bool phases_empty(const struct phases *phases)
{
    uint64_t any = 0;
    for (size_t i = 0; i < WORDS; i++)
        any |= phases->fits[i];
    return any == 0;
}

bool phases_full(const struct phases *phases)
{
    uint64_t every = phases->fits[WORDS - 1] | ~last_word;
    for (size_t i = 0; i < WORDS - 1; i++)
        every &= phases->fits[i];
    return every == all;
}

bool phases_equal(const struct phases *a, const struct phases *b)
{
    return memcmp(a->fits, b->fits, sizeof(a->fits)) == 0;
}

/* Rules out [from, to), from < to; of the words at both ends only a part. */
static void clear(struct phases *phases, uint32_t from, uint32_t to)
{
    for (uint32_t word = from / 64; word <= (to - 1) / 64; word++) {
        uint64_t mask = all;
        if (word == from / 64)
            mask &= all << (from % 64);
        if (word == (to - 1) / 64)
            mask &= all >> (63 - (to - 1) % 64);
        phases->fits[word] &= ~mask;
    }
}

void phases_rule_out(struct phases *phases, uint32_t from, uint32_t to)
{
    if (from < to) {
        clear(phases, from + 1, to + 1);
    } else if (from > to) {
        clear(phases, 0, to + 1);
        if (from + 1 < PHASES)
            clear(phases, from + 1, PHASES);
    }
}

void phases_keep(struct phases *phases, uint32_t from, uint32_t to)
{
    /* outside of (from, to] is (to, from] */
    if (from != to)
        phases_rule_out(phases, to, from);
}

void phases_meet(struct phases *phases, const struct phases *other)
{
    for (size_t i = 0; i < WORDS; i++)
        phases->fits[i] &= other->fits[i];
}

bool phases_any(const struct phases *phases, uint32_t from, uint32_t to)
{
    uint64_t found = 0;
    for (uint32_t i = from; i < to;) {
        uint32_t bit = i % 64, width = 64 - bit < to - i ? 64 - bit : to - i;
        /* the bits beyond `to` fall off at the top */
        found |= (phases->fits[i / 64] >> bit) << (64 - width);
        i += width;
    }
    return found != 0;
}

/* The first phase from `from` on that fits, or that does not; PHASES: none. */
static uint32_t next_phase(const struct phases *phases, uint32_t from, bool fitting)
{
    while (from < PHASES) {
        uint64_t word = phases->fits[from / 64], bits = (fitting ? word : ~word) >> (from % 64);
        if (bits) {
            uint32_t found = from + (uint32_t)__builtin_ctzll(bits);
            return found < PHASES ? found : PHASES;
        }
        from += 64 - from % 64;
    }
    return PHASES;
}

/* The longest run of phases that fit (or that do not), round the circle: where it begins, and its length. The one
 * that ends at 999 goes on at 0. */
static uint32_t longest_run(const struct phases *phases, bool fitting, uint32_t *begins)
{
    uint32_t best = 0, first_end = next_phase(phases, 0, !fitting), end;
    *begins = 0;
    for (uint32_t begin = next_phase(phases, 0, fitting); begin < PHASES;
         begin = next_phase(phases, end, fitting)) {
        end = next_phase(phases, begin, !fitting);
        uint32_t length = end - begin + (end == PHASES && begin > 0 ? first_end : 0);
        if (length > best) {
            best = length;
            *begins = begin;
        }
    }
    return best;
}

uint32_t phases_middle(const struct phases *phases)
{
    uint32_t begin, length = longest_run(phases, true, &begin);
    return (begin + length / 2) % PHASES;
}

void phases_range(const struct phases *phases, uint32_t *from, uint32_t *to)
{
    uint32_t gap, length = longest_run(phases, false, &gap);
    /* what is left beside the longest gap */
    *from = length ? (gap + length) % PHASES : 0;
    *to = length ? (gap + PHASES - 1) % PHASES : PHASES - 1;
}
