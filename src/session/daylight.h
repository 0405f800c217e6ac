/* The hour that comes twice and the hour that is skipped: where a zone's offset changes within a session, its stamps
 * jump, but its time does not. It owns one change a session; what zones there are is base/zone.h's.
 *
 *   time    the wall clock of the offset that the session began with, running on
 *   wall    what the stamps say: the same until the change is crossed, then `seam.back` behind it
 *
 * Zeroed: no zone is known, and wall is time. */
#ifndef SESSION_DAYLIGHT_H
#define SESSION_DAYLIGHT_H

#include "base/zone.h"

struct daylight {
    const struct zone *zone;
    struct zone_seam seam; /* the next change */
    bool ahead;            /* it is still to come */
    bool later;            /* the session began in the second pass through the repeated hour */
    int64_t crossed;       /* time from which stamps tell the new offset */
    int64_t latest;        /* UTC ms at the end of the session before it in the same log; INT64_MIN: none */
};

/* The stamps that are known when the first one is placed. */
struct daylight_ahead {
    int64_t last; /* wall time of the last of them */
    int64_t back; /* the largest step back between two of them, in ms */
};

/* The first stamp is placed at `time`: which change comes next? */
void daylight_begin(struct daylight *daylight, int64_t time, const struct daylight_ahead *ahead);
/* What really passed in a step of the wall clock from `time` on; less than 0 where no change explains a step back. */
int64_t daylight_step(struct daylight *daylight, int64_t time, int64_t step);
/* UTC ms of a time; the zone is known. */
int64_t daylight_instant(const struct daylight *daylight, int64_t time);

static inline int64_t daylight_wall(const struct daylight *daylight, int64_t time)
{
    return time < daylight->crossed ? time : time - daylight->seam.back;
}

/* Whether a time is of the second pass through an hour that comes twice, or behind it. */
static inline bool daylight_later(const struct daylight *daylight, int64_t time)
{
    return daylight->later || (daylight->seam.back > 0 && time >= daylight->crossed);
}

#endif
