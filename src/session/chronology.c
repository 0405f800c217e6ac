/* The two-clock repair: hours to seconds come from the system, milliseconds from a tick counter of unknown phase.
 *
 *   time = second * 1000 + ((ms - phase) mod 1000)
 *
 * Within one printed second time cannot run backwards, so each pair of neighbouring stamps there rules out phases:
 * ms rising from a to b: none in (a, b]; falling from a to b: only those in (b, a]. What is left fits. */
#include "session/chronology.h"

enum { SECOND = 1000, HALF_DAY = DAY_MS / 2, STEPS_TO_TELL = 3 };

void chronology_begin(struct chronology *chronology, int32_t day, bool one_clock)
{
    bool dated = day >= DAY_FIRST && day <= DAY_LAST;
    int64_t at = dated ? (int64_t)day * DAY_MS : 0;
    *chronology = (struct chronology){ .one_clock = one_clock,
                                       .dated = dated,
                                       .first_day = at,
                                       .day = at,
                                       .now = { .stamp = STAMP_NONE },
                                       .learned = STAMP_NONE,
                                       .smallest_step = DAY_MS };
    memset(chronology->phases.fits, 0xFF, sizeof(chronology->phases.fits));
    chronology->phases.fits[15] = ((uint64_t)1 << (SECOND % 64)) - 1;
}

void chronology_zone(struct chronology *chronology, const struct zone *zone, int64_t latest)
{
    if (chronology->dated && zone->count)
        chronology->daylight = (struct daylight){ .zone = zone, .latest = latest };
}

int64_t chronology_end(const struct chronology *chronology)
{
    const struct moment *now = &chronology->now;
    bool known = now->stamp != STAMP_NONE && chronology->dated && chronology->daylight.zone;
    return known ? daylight_instant(&chronology->daylight, now->at) : INT64_MIN;
}

static bool fits(const struct phases *phases, uint32_t phase)
{
    return phases->fits[phase / 64] >> (phase % 64) & 1;
}

/* Rules out the phases in (from, to], from < to < 1000; a word of 64 at a time. */
static void rule_out(struct phases *phases, uint32_t from, uint32_t to)
{
    const uint64_t all = ~(uint64_t)0;
    for (uint32_t first = from + 1, word = first / 64; word <= to / 64; word++) {
        uint64_t mask = all;
        if (word == first / 64)
            mask &= all << (first % 64);
        if (word == to / 64)
            mask &= all >> (63 - to % 64);
        phases->fits[word] &= ~mask;
    }
}

static bool nothing_fits(const struct phases *phases)
{
    uint64_t any = 0;
    for (size_t i = 0; i < sizeof(phases->fits) / sizeof(*phases->fits); i++)
        any |= phases->fits[i];
    return any == 0;
}

/* Two different stamps of one second. */
static void weigh(struct chronology *chronology, uint32_t from, uint32_t to)
{
    if (from < to) {
        if (!chronology->one_clock || chronology->proven)
            rule_out(&chronology->phases, from, to);
        return;
    }
    chronology->proven = true;
    if (to > 0)
        rule_out(&chronology->phases, 0, to);
    chronology->phases.fits[0] &= ~(uint64_t)1;
    if (from < SECOND - 1)
        rule_out(&chronology->phases, from, SECOND - 1);
}

/* The first phase from `from` on that fits, or that does not; SECOND: none. A word of 64 at a time. */
static uint32_t next_phase(const struct phases *phases, uint32_t from, bool fitting)
{
    while (from < SECOND) {
        uint64_t word = phases->fits[from / 64], bits = (fitting ? word : ~word) >> (from % 64);
        if (bits) {
            uint32_t found = from + (uint32_t)__builtin_ctzll(bits);
            return found < SECOND ? found : SECOND;
        }
        from += 64 - from % 64;
    }
    return SECOND;
}

/* The middle of the longest run of phases that fit, round the circle: the smallest error at worst. */
static uint32_t middle_phase(const struct phases *phases)
{
    uint32_t best = 0, best_length = 0, first_end = next_phase(phases, 0, false), end;
    for (uint32_t begin = next_phase(phases, 0, true); begin < SECOND;
         begin = next_phase(phases, end, true)) {
        end = next_phase(phases, begin, false);
        uint32_t length = end - begin + (end == SECOND && begin > 0 ? first_end : 0);
        if (length > best_length) {
            best_length = length;
            best = (begin + length / 2) % SECOND;
        }
    }
    return best;
}

static void choose(struct chronology *chronology)
{
    /* stamps that contradict every phase come from no two clocks: take them as they are */
    if (nothing_fits(&chronology->phases)) {
        struct chronology fresh;
        chronology_begin(&fresh, 0, false);
        chronology->phases = fresh.phases;
        chronology->phase = 0;
    } else if (!fits(&chronology->phases, chronology->phase)) {
        chronology->phase = fits(&chronology->phases, 0) ? 0 : middle_phase(&chronology->phases);
    }
}

/* A stamp that differs from the one before. */
static void learn(struct chronology *chronology, uint32_t before, uint32_t stamp)
{
    uint32_t step = stamp - before; /* wraps to a large one where time runs back */
    if (step >= SECOND || !chronology->one_clock || chronology->proven) {
        if (stamp < before && before - stamp < HALF_DAY && before - stamp > chronology->learned_back)
            chronology->learned_back = before - stamp;
        step = (stamp % SECOND + SECOND - before % SECOND) % SECOND;
        if (before / SECOND == stamp / SECOND)
            weigh(chronology, before % SECOND, stamp % SECOND);
    }
    if (step == 0)
        return;
    chronology->steps++;
    if (step < chronology->smallest_step)
        chronology->smallest_step = step;
}

void chronology_learn(struct chronology *chronology, const struct event *events, size_t count)
{
    uint32_t before = chronology->learned;
    for (size_t i = 0; i < count; i++) {
        uint32_t stamp = events[i].stamp;
        if (stamp == before || stamp == STAMP_NONE)
            continue;
        if (before != STAMP_NONE)
            learn(chronology, before, stamp);
        before = stamp;
    }
    chronology->learned = before;
    choose(chronology);
}

static int64_t in_second(const struct chronology *chronology, uint32_t stamp)
{
    return (stamp % SECOND + SECOND - chronology->phase) % SECOND;
}

static void place_first(struct chronology *chronology, int64_t place, uint32_t stamp)
{
    uint32_t last = chronology->learned == STAMP_NONE ? stamp : chronology->learned;
    bool over_midnight = stamp > last && stamp - last > HALF_DAY;
    const struct daylight_ahead ahead = { chronology->day + last + (over_midnight ? DAY_MS : 0),
                                          chronology->learned_back };
    chronology->now = (struct moment){ chronology->day + place, stamp, 0 };
    daylight_begin(&chronology->daylight, chronology->now.at, &ahead);
}

void chronology_step(struct chronology *chronology, uint32_t stamp)
{
    struct moment *now = &chronology->now;
    int64_t second = (int64_t)(stamp / SECOND) * SECOND, place = second + in_second(chronology, stamp);
    if (now->stamp == STAMP_NONE) {
        place_first(chronology, place, stamp);
        return;
    }
    int64_t step = place - ((int64_t)(now->stamp / SECOND) * SECOND + in_second(chronology, now->stamp));
    if (step < -HALF_DAY) {
        chronology->day += DAY_MS;
        chronology->past_midnight = true;
        step += DAY_MS;
    } else if (step > HALF_DAY && now->at - chronology->day < HALF_DAY && chronology->past_midnight) {
        /* back over midnight by a moment */
        chronology->day -= DAY_MS;
        step -= DAY_MS;
    }
    if (chronology->daylight.ahead)
        step = daylight_step(&chronology->daylight, now->at, step);
    /* the clock was set back? time stands still, and no duration will span this */
    if (step < 0) {
        chronology->set_back = true;
        now->breaks++;
        step = 0;
    }
    now->at += step;
    now->stamp = stamp;
    /* no year of four digits? then no date is told any more */
    chronology->dated &= now->at < ((int64_t)DAY_LAST + 1) * DAY_MS;
}

uint32_t chronology_resolution(const struct chronology *chronology)
{
    if (chronology->steps < STEPS_TO_TELL)
        return 0;
    /* Windows ticks: 15.625 ms (printed as steps of 15 or 16) or 10 ms */
    if (chronology->smallest_step >= 15)
        return 16;
    return chronology->smallest_step >= 10 ? 10 : 1;
}

enum tcplog_name chronology_repair_of(const struct chronology *chronology, const struct moment *moment)
{
    int64_t wall = daylight_wall(&chronology->daylight, moment->at);
    int64_t apart = wall - moment->stamp - chronology->first_day;
    if (apart == 0)
        return NAMES_count;
    if (apart % DAY_MS == 0)
        return NAMES_repair_midnight;
    return moment->breaks ? NAMES_repair_backward : NAMES_repair_two_clock;
}
