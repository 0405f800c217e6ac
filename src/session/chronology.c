/* The two-clock repair: hours to seconds come from the system, milliseconds from a tick counter of unknown phase.
 *
 *   time = second * 1000 + ((ms - phase) mod 1000)
 *
 * Within one printed second time cannot run backwards, so each pair of neighbouring stamps there rules out phases:
 * ms rising from a to b: none in (a, b]; falling from a to b: only those in (b, a]. What is left fits. */
#include "session/chronology.h"

#include "base/blank.h"

enum { SECOND = 1000, HALF_DAY = DAY_MS / 2 };

void chronology_begin(struct chronology *chronology, int32_t day, bool one_clock)
{
    bool dated = day >= DAY_FIRST && day <= DAY_LAST;
    int64_t at = dated ? (int64_t)day * DAY_MS : 0;
    BLANK_UP_TO(chronology, struct chronology, ordered, pace.steps);
    BLANK_FROM(chronology, struct chronology, pace.count);
    chronology->one_clock = one_clock;
    chronology->dated = dated;
    chronology->first_day = chronology->day = at;
    chronology->now.stamp = chronology->learned = STAMP_NONE;
    phases_all(&chronology->ordered);
    phases_all(&chronology->proved);
    phases_all(&chronology->phases);
}

/* How far a stamp may go on without passing the phase, and without a doubt about midnight. */
static uint32_t plain_reach(const struct chronology *chronology)
{
    const uint32_t used = chronology->phases.used, part = chronology->now.stamp % SECOND;
    if (used == 0)
        return HALF_DAY;
    return (part < used ? used : SECOND) - 1 - part;
}

/* Says so wherever one of these may have changed. */
static void find_plain(struct chronology *chronology)
{
    const struct daylight *daylight = &chronology->daylight;
    int64_t reach = chronology->now.stamp == STAMP_NONE ? 0 : plain_reach(chronology);
    if (daylight->ahead && daylight->seam.wall - 1 - chronology->now.at < reach)
        reach = daylight->seam.wall - 1 - chronology->now.at;
    chronology->plain_until = chronology->now.stamp + (reach > 0 ? (uint32_t)reach : 0);
}

void chronology_zone(struct chronology *chronology, const struct zone *zone, int64_t latest)
{
    if (chronology->dated && zone->count)
        chronology->daylight = (struct daylight){ .zone = zone, .latest = latest };
    find_plain(chronology);
}

int64_t chronology_end(const struct chronology *chronology)
{
    const struct moment *now = &chronology->now;
    bool known = now->stamp != STAMP_NONE && chronology->dated && chronology->daylight.zone;
    return known ? daylight_instant(&chronology->daylight, now->at) : INT64_MIN;
}

/* Two different stamps of one second. */
static void weigh(struct chronology *chronology, uint32_t from, uint32_t to)
{
    chronology->proven |= from > to;
    chronology->moved = true;
    if (from < to)
        phases_rule_out(&chronology->ordered, from, to);
    else
        phases_keep(&chronology->ordered, to, from);
}

/* Stamps that contradict every phase come from no two clocks: they are taken as they are, and learning begins anew. */
static void give_up(struct chronology *chronology)
{
    phases_all(&chronology->ordered);
    phases_all(&chronology->proved);
    phases_all(&chronology->phases);
    chronology->pace.count = 0;
    chronology->has_prior = false;
}

static void choose(struct chronology *chronology)
{
    chronology->moved = false;
    if (phases_empty(&chronology->ordered)) {
        give_up(chronology);
        return;
    }
    uint32_t used = chronology->phases.used;
    chronology->proved = chronology->ordered;
    pace_narrow(&chronology->pace, &chronology->proved);
    chronology->phases = chronology->proved;
    if (chronology->has_prior)
        phases_meet(&chronology->phases, &chronology->prior);
    if (phases_empty(&chronology->phases)) {
        chronology->has_prior = false;
        chronology->phases = chronology->proved;
    }
    if (!phases_has(&chronology->phases, used))
        used = phases_has(&chronology->phases, 0) ? 0 : phases_middle(&chronology->phases);
    chronology->phases.used = used;
}

void chronology_prior(struct chronology *chronology, const struct phases *prior)
{
    chronology->prior = *prior;
    chronology->has_prior = chronology->moved = true;
}

enum tcplog_name chronology_evidence(const struct chronology *chronology)
{
    if (!phases_equal(&chronology->phases, &chronology->proved))
        return NAMES_phase_source_earlier_session;
    if (!phases_equal(&chronology->proved, &chronology->ordered))
        return NAMES_phase_source_pace;
    return phases_full(&chronology->ordered) ? NAMES_count : NAMES_phase_source_order;
}

void chronology_tell(const struct chronology *chronology, struct session_facts *facts)
{
    facts->phases = chronology->phases;
    facts->phase_source = chronology_evidence(chronology);
    facts->one_clock &= !chronology->proven;
    facts->resolution_ms = grain_ms(&chronology->grain);
}

/* A stamp that differs from the one before; `waited`: the library may have slept a second between them. */
static void learn(struct chronology *chronology, uint32_t before, uint32_t stamp, bool waited)
{
    uint32_t step = stamp - before; /* wraps to a large one where time runs back */
    if (step >= SECOND || !chronology->one_clock || chronology->proven) {
        if (stamp < before && before - stamp < HALF_DAY && before - stamp > chronology->learned_back)
            chronology->learned_back = before - stamp;
        step = stamp % SECOND - before % SECOND;
        step += step >= SECOND ? SECOND : 0;
        if (before / SECOND == stamp / SECOND)
            weigh(chronology, before % SECOND, stamp % SECOND);
        bool two_clocks = !chronology->one_clock || chronology->proven;
        if (two_clocks && !waited && stamp / SECOND >= before / SECOND)
            chronology->moved |= pace_add(&chronology->pace, before, stamp);
    }
    if (step)
        grain_add(&chronology->grain, step);
}

/* How far a stamp may go on if that shows nothing but its steps, each by less than `step`, up to `last`: one clock anywhere,
 * two within a second, where they show no more than the first stamp and the last, and where no step is one of a pace. */
struct reach {
    uint32_t step, last;
};

static struct reach reach_from(const struct chronology *chronology, uint32_t stamp)
{
    if (chronology->one_clock && !chronology->proven)
        return (struct reach){ SECOND, STAMP_NONE };
    return (struct reach){ PACE_EDGE, stamp - stamp % SECOND + SECOND - 1 };
}

/* Learns from the steps within reach, and no branch asks whether there is one. Answers the event that is beyond, and in
 * *before the stamp in front of it. */
static const struct event *learn_steps(struct chronology *chronology, const struct event *event,
                                       const struct event *end, struct reach reach, uint32_t *before)
{
    struct grain_steps seen;
    blank(&seen, sizeof(seen));
    const struct event *each = event;
    const struct event *stop = end - event > UINT16_MAX ? event + UINT16_MAX : end;
    uint32_t stamp = *before;
    for (; each < stop; each++) {
        uint32_t step = each->stamp - stamp;
        if (step >= reach.step || each->stamp > reach.last)
            break;
        seen.of[step]++;
        stamp = each->stamp;
    }
    if (stamp != *before && reach.last != STAMP_NONE)
        weigh(chronology, *before % SECOND, stamp % SECOND);
    *before = stamp;
    grain_add_all(&chronology->grain, &seen, (uint32_t)(each - event));
    return each;
}

/* Whether enough events are within reach for learn_steps() to be worth its while. */
static bool goes_on(const struct event *event, const struct event *end, struct reach reach, uint32_t before)
{
    enum { WORTH = 16 };
    bool second = reach.last != STAMP_NONE;
    return end - event >= WORTH && before != STAMP_NONE && event->stamp - before < reach.step &&
           (!second || event[WORTH - 1].stamp - before <= reach.last - before);
}

void chronology_learn(struct chronology *chronology, const struct event *events, size_t count)
{
    uint32_t before = chronology->learned;
    for (const struct event *event = events, *end = events + count; event < end; event++) {
        struct reach reach = reach_from(chronology, before);
        if (goes_on(event, end, reach, before) &&
            (event = learn_steps(chronology, event, end, reach, &before)) == end)
            break;
        uint32_t stamp = event->stamp;
        if (stamp == before || stamp == STAMP_NONE)
            continue;
        if (before != STAMP_NONE)
            learn(chronology, before, stamp, event > events && event[-1].class == NAMES_class_connect);
        before = stamp;
    }
    chronology->learned = before;
    if (chronology->moved) {
        choose(chronology);
        find_plain(chronology);
    }
}

static int64_t in_second(const struct chronology *chronology, uint32_t stamp)
{
    return (stamp % SECOND + SECOND - chronology->phases.used) % SECOND;
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

/* From a stamp to the next one. */
static void place_next(struct chronology *chronology, int64_t place, uint32_t stamp)
{
    struct moment *now = &chronology->now;
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

void chronology_step(struct chronology *chronology, uint32_t stamp)
{
    int64_t place = (int64_t)(stamp / SECOND) * SECOND + in_second(chronology, stamp);
    if (chronology->now.stamp == STAMP_NONE)
        place_first(chronology, place, stamp);
    else
        place_next(chronology, place, stamp);
    find_plain(chronology);
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
