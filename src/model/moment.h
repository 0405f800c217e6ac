/* A point in a session's time, as far as its log can tell. */
#ifndef MODEL_MOMENT_H
#define MODEL_MOMENT_H

#include "model/phases.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct moment {
    int64_t at;      /* ms of local wall time since 1970-01-01, repaired; of day 0 if no date is known */
    uint32_t stamp;  /* ms of the day as logged; STAMP_NONE: nothing happened */
    uint32_t breaks; /* how often the clock was set back before it: no duration spans a break */
};

/* Stored in one go: whoever copies it soon, as each line does, would wait for stores that are narrower than the copy. */
static inline void moment_set(struct moment *moment, int64_t at, uint32_t stamp, uint32_t breaks)
{
#ifdef __SSE2__
    _Static_assert(sizeof(*moment) == sizeof(__m128i), "it is one register");
    __m128i all = _mm_set_epi64x((int64_t)((uint64_t)breaks << 32 | stamp), at);
    _mm_storeu_si128((__m128i *)(void *)moment, all);
#else
    *moment = (struct moment){ at, stamp, breaks };
#endif
}

/* It did not come, so far. */
static inline void moment_never(struct moment *moment)
{
    moment_set(moment, 0, UINT32_MAX, 0);
}

/* In the order of doubt, so that the worst of several is the greatest. EXACT: the stamps themselves show it.
 * REPAIRED: the stamps print another length, or the phase chose between two. UNCERTAIN: a second more or less is
 * as good. BROKEN: the clock was set back in between. */
enum span_trust { SPAN_EXACT, SPAN_REPAIRED, SPAN_UNCERTAIN, SPAN_BROKEN };

/* Whether moment a to b is the same length for every phase that fits, and whether the stamps alone show it. */
enum span_trust moment_trust(const struct moment *a, const struct moment *b, const struct phases *phases,
                             bool one_clock);

/* The commonest case of SPAN_EXACT, told without a look at phases: the stamps print that length, and come from one clock or
 * show the same second. */
static inline bool moment_is_exact(const struct moment *a, const struct moment *b, bool one_clock)
{
    enum { SECOND = 1000 };
    int64_t length = b->at - a->at;
    return a->breaks == b->breaks && length == (int64_t)b->stamp - (int64_t)a->stamp &&
           (one_clock || (uint64_t)(a->stamp % SECOND + length) < SECOND);
}

#endif
