/* Where lines end they are counted, 64 bytes at a time; only where a line may open a session it is looked at. */
#include "jobs/openings.h"

#include "base/wide.h"
#include "dialect/grammar.h"

#include <string.h>

/* In lanes of a byte, which a compiler knows to count together, and before any of them is full. */
enum { LANES = 64, GROUP = 255 * LANES };

static inline __attribute__((always_inline)) uint64_t count_in(const char *p, size_t n)
{
    uint64_t lines = 0;
    while (n >= LANES) {
        uint8_t lanes[LANES] = { 0 };
        for (int i = 0; i < GROUP && n >= LANES; i += LANES, p += LANES, n -= LANES)
            for (int lane = 0; lane < LANES; lane++)
                lanes[lane] = (uint8_t)(lanes[lane] + (p[lane] == '\n'));
        for (int lane = 0; lane < LANES; lane++)
            lines += lanes[lane];
    }
    while (n > 0)
        lines += p[--n] == '\n';
    return lines;
}

/* Whether a line that begins behind one of n bytes, at most a group, is no talk, whose arrow stands where no opening has one; and
 * adds up the lines. All are asked at once. There is a pad behind them. */
static inline __attribute__((always_inline)) bool look_at(const char *p, size_t n, uint64_t *lines)
{
    enum { ARROW = 15 };
    uint8_t counts[LANES] = { 0 }, others[LANES] = { 0 }, any = n % LANES != 0;
    const char *end = p + (n - n % LANES);
    for (; p < end; p += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            bool ends = p[lane] == '\n';
            counts[lane] = (uint8_t)(counts[lane] + ends);
            others[lane] |= (uint8_t)(ends & ((p[lane + ARROW] | ('<' ^ '>')) != ('<' | '>')));
        }
    for (int lane = 0; lane < LANES; lane++) {
        *lines += counts[lane];
        any |= others[lane];
    }
    *lines += count_in(end, n % LANES);
    return any;
}

WIDE static uint64_t count_wide(const char *p, size_t n)
{
    return count_in(p, n);
}

WIDE static bool may_open_wide(const char *p, size_t n, uint64_t *lines)
{
    return look_at(p, n, lines);
}

uint64_t openings_count(const char *p, size_t n)
{
    return wide_is_here() ? count_wide(p, n) : count_in(p, n);
}

static bool may_open(const char *p, size_t n, uint64_t *lines)
{
    return wide_is_here() ? may_open_wide(p, n, lines) : look_at(p, n, lines);
}

/* In the hour that comes twice a session's time depends on the one before it (daylight.h). A second's grace, for the
 * milliseconds are not repaired yet. */
static bool is_repeated(const struct zone *zone, struct str text, uint32_t stamp)
{
    enum { GRACE = 1000 };
    struct opening opening = { 0 };
    struct zone_seam seam;
    if (zone->count == 0)
        return false;
    grammar_opening(text, &opening);
    if (!opening.dated)
        return true;
    int64_t wall = (int64_t)opening.date.day * DAY_MS + stamp, apart = (int64_t)stamp - opening.date.ms;
    bool other_day = apart > DAY_MS / 2 || apart < -DAY_MS / 2;
    return other_day ||
           (zone_seam(zone, wall, &seam) && seam.back > 0 && wall + GRACE >= seam.wall - seam.back);
}

static bool opens(const struct zone *zone, const char *p, size_t n)
{
    struct event event;
    return grammar_opens(p, n, &event) && !is_repeated(zone, event_payload(&event), event.stamp);
}

/* The first line that opens a session behind a line end from p on and before `stop`; NULL: there is none. */
static const char *find_in_group(const struct zone *zone, const char *p, const char *stop, const char *end)
{
    while (p < stop && (p = memchr(p, '\n', (size_t)(stop - p))) != NULL) {
        p++;
        if (opens(zone, p, (size_t)(end - p)))
            return p;
    }
    return NULL;
}

/* Likewise, in many groups; adds up the lines that end before it, or before `stop`. */
const char *openings_find(const struct zone *zone, const char *p, const char *stop, const char *end,
                          uint64_t *lines)
{
    for (size_t n; p < stop; p += n) {
        uint64_t here = 0;
        n = stop - p < GROUP ? (size_t)(stop - p) : GROUP;
        const char *found = may_open(p, n, &here) ? find_in_group(zone, p, p + n, end) : NULL;
        *lines += found ? openings_count(p, (size_t)(found - p)) : here;
        if (found)
            return found;
    }
    return NULL;
}
