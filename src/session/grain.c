/* Steps of a clock that ticks are sums of its ticks. A few that are not (a clock that is being set, a rare hiccup) do
 * not count; three that agree by chance are one case in a thousand. */
#include "session/grain.h"

#include <stdbool.h>
#include <stddef.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { ENOUGH = 3, OUTLIERS = 8 /* one in so many */, RARE = 16 };

/* 15.625 ms are 125 eighths; a stamp shows whole ms, so a step is off by one at most. */
static bool on_windows_tick(uint32_t step)
{
    uint32_t over = step * 8 % 125;
    return over < 8 || over > 125 - 8;
}

static bool on_tenth(uint32_t step)
{
    return step % 10 == 0;
}

/* What the different steps say: how many there are, how many of them a clock of this tick can make. */
struct votes {
    uint32_t all, good;
    bool single; /* one of them is a tick alone */
};

static struct votes count(const struct grain *grain, bool (*fits)(uint32_t), uint32_t tick, uint32_t tick_end)
{
    struct votes votes = { 0 };
    uint64_t coarse = UINT64_MAX << GRAIN_FINE;
    for (uint32_t i = 0; i < GRAIN_LONGEST / 64; i++, coarse = UINT64_MAX)
        for (uint64_t word = grain->seen[i] & coarse; word; word &= word - 1) {
            uint32_t step = i * 64 + (uint32_t)__builtin_ctzll(word);
            votes.all++;
            votes.good += fits(step);
            votes.single |= step >= tick && step <= tick_end;
        }
    return votes;
}

static bool agree(const struct votes *votes)
{
    return (votes->all >= ENOUGH || votes->single) && votes->good * OUTLIERS >= votes->all * (OUTLIERS - 1);
}

/* One bit for each of sixteen numbers that is not 0. */
static uint64_t bits_of(const uint16_t *p)
{
#ifdef __SSE2__
    const __m128i zero = _mm_setzero_si128();
    __m128i low = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)(const void *)p), zero);
    __m128i high = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)(const void *)(p + 8)), zero);
    return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high)) ^ 0xFFFF;
#else
    uint64_t bits = 0;
    for (unsigned i = 0; i < 16; i++)
        bits |= (uint64_t)(p[i] != 0) << i;
    return bits;
#endif
}

void grain_add_all(struct grain *grain, const struct grain_steps *seen, uint32_t count)
{
    grain->steps += count - seen->of[0];
    for (size_t i = 1; i < GRAIN_FINE; i++)
        grain->fine += seen->of[i];
    for (size_t i = 0; i < GRAIN_LONGEST; i += 16)
        grain->seen[i / 64] |= bits_of(seen->of + i) << i % 64;
}

uint32_t grain_ms(const struct grain *grain)
{
    if (grain->steps < ENOUGH)
        return 0;
    if (grain->fine * RARE > grain->steps)
        return 1;
    struct votes tenths = count(grain, on_tenth, 10, 10);
    if (agree(&tenths))
        return 10;
    struct votes ticks = count(grain, on_windows_tick, 15, 16);
    if (agree(&ticks))
        return 16;
    return ticks.all >= ENOUGH ? 1 : 0;
}
