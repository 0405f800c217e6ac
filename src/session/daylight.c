/* When the clocks go back, a stamp of the repeated hour may be of either pass. The first one is taken, unless
 *   - the stamps step back by about what the clock is put back: what follows is the second pass;
 *   - the session before it in the same log ended later than that;
 *   - the session leaves the hour at its end without a step back: whoever was in the first pass would have seen one. */
#include "session/daylight.h"

static bool is_second_pass(const struct daylight *daylight, int64_t time, const struct daylight_ahead *ahead)
{
    const struct zone_seam *seam = &daylight->seam;
    if (seam->back <= 0 || time < seam->wall - seam->back)
        return false;
    if (daylight->latest > daylight_instant(daylight, time))
        return true;
    return ahead->last >= seam->wall && ahead->back < seam->back / 2;
}

void daylight_begin(struct daylight *daylight, int64_t time, const struct daylight_ahead *ahead)
{
    daylight->crossed = INT64_MAX;
    daylight->ahead =
        daylight->zone && daylight->zone->count && zone_seam(daylight->zone, time, &daylight->seam);
    if (!daylight->ahead)
        return;
    daylight->later = is_second_pass(daylight, time, ahead);
    daylight->ahead = !daylight->later;
}

int64_t daylight_step(struct daylight *daylight, int64_t time, int64_t step)
{
    const struct zone_seam *seam = &daylight->seam;
    int64_t wall = time + step, real = step + seam->back;
    /* nobody waits for half an hour: a smaller step back is somebody's who set the clock */
    bool put_back = step < 0 && step <= -seam->back / 2 && time < seam->wall;
    if (!daylight->ahead || wall + seam->back < seam->wall || (wall < seam->wall && !put_back))
        return step;
    daylight->ahead = false;
    daylight->crossed = time + (real > 0 ? real : 0);
    return real;
}

int64_t daylight_instant(const struct daylight *daylight, int64_t time)
{
    int64_t wall = daylight_wall(daylight, time);
    bool later = daylight_later(daylight, time);
    return wall - (int64_t)zone_offset(daylight->zone, wall, later) * 1000;
}
