/* How far a duration can be trusted. The tick counter gives it modulo one second; the printed seconds leave two
 * candidates, and only the phase decides between them (FORMAT 4.1). */
#include "model/moment.h"

enum { SECOND = 1000 };

static bool fits(const struct phases *phases, unsigned phase)
{
    return phases->fits[phase / 64] >> (phase % 64) & 1;
}

/* Whether some phase in (from, from + length], round the circle, fits; and whether some phase outside does. */
static void sides(const struct phases *phases, unsigned from, unsigned length, bool *inside, bool *outside)
{
    *inside = *outside = false;
    for (unsigned i = 1; i <= SECOND && !(*inside && *outside); i++) {
        bool fit = fits(phases, (from + i) % SECOND);
        *(i <= length ? inside : outside) |= fit;
    }
}

enum span_trust moment_trust(const struct moment *a, const struct moment *b, const struct phases *phases, bool one_clock)
{
    if (a->breaks != b->breaks)
        return SPAN_BROKEN;
    int64_t printed = (int64_t)b->stamp - (int64_t)a->stamp, real = b->at - a->at;
    unsigned from = a->stamp % SECOND, to = b->stamp % SECOND;
    bool inside, outside, same_second = a->stamp / SECOND == b->stamp / SECOND;
    enum { DAY = 86400000 };
    bool as_printed = printed == real || printed + DAY == real;
    /* one clock, the same millisecond, or the same second: there is but one candidate */
    if (!one_clock && from != to && !(same_second && real < SECOND)) {
        sides(phases, from, (to + SECOND - from) % SECOND, &inside, &outside);
        if (inside && outside)
            return SPAN_UNCERTAIN;
    }
    return as_printed ? SPAN_EXACT : SPAN_REPAIRED;
}
