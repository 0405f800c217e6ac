/* How far a duration can be trusted. The tick counter gives it modulo one second; the printed seconds leave two
 * candidates, and only the phase decides between them (FORMAT 4.1). */
#include "model/moment.h"

enum { SECOND = 1000 };

/* A stamp s.ms is the time s * 1000 + (ms - phase) mod 1000. Of two stamps the second terms wrap alike, unless the
 * phase lies between their milliseconds; then the length differs by a second from what it would be otherwise:
 *
 *    0           from            to            999
 *    |──outside───|····inside·····|───outside───|      from > to: the same with the names changed */
/* Whether any phase in (from, to], round the circle, fits; and whether any phase outside does. */
static void sides(const struct phases *phases, unsigned from, unsigned to, bool *inside, bool *outside)
{
    bool turned = from > to;
    unsigned low = turned ? to : from, high = turned ? from : to;
    bool within = phases_any(phases, low + 1, high + 1);
    bool without = phases_any(phases, 0, low + 1) || phases_any(phases, high + 1, SECOND);
    *inside = turned ? without : within;
    *outside = turned ? within : without;
}

enum span_trust moment_trust(const struct moment *a, const struct moment *b, const struct phases *phases,
                             bool one_clock)
{
    if (a->breaks != b->breaks)
        return SPAN_BROKEN;
    int64_t printed = (int64_t)b->stamp - (int64_t)a->stamp, real = b->at - a->at;
    unsigned from = a->stamp % SECOND, to = b->stamp % SECOND;
    bool inside, outside, same_second = a->stamp / SECOND == b->stamp / SECOND;
    enum { DAY = 86400000 };
    /* past midnight the stamps begin anew */
    bool as_printed = printed == real || printed + DAY == real;
    /* one clock, the same millisecond, or the same second: there is but one candidate */
    if (!one_clock && from != to && !(same_second && real < SECOND)) {
        sides(phases, from, to, &inside, &outside);
        if (inside && outside)
            return SPAN_UNCERTAIN;
        /* of two candidates the repair took one: it may be the one that is printed, but the log alone does not say so */
        if (phases->used != 0)
            return SPAN_REPAIRED;
    }
    return as_printed ? SPAN_EXACT : SPAN_REPAIRED;
}
