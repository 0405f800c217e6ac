/* Stamps → moments: the date, midnight, and the repair of clocks that lie (FORMAT 4). It owns what is known of one
 * session's clocks; it never sorts, and never makes time run backwards. */
#ifndef SESSION_CHRONOLOGY_H
#define SESSION_CHRONOLOGY_H

#include "base/calendar.h"
#include "model/event.h"
#include "model/moment.h"
#include "model/session.h"
#include "session/daylight.h"
#include "session/grain.h"
#include "session/pace.h"

struct chronology {
    struct phases ordered; /* those under which no stamp runs backwards within its second … */
    struct phases proved;  /* … less those that the pace speaks against … */
    struct phases phases;  /* … less those that the sessions before it speak against: these are used */
    struct phases prior;   /* what the sessions before it leave possible */
    struct pace pace;
    bool has_prior;
    bool moved;        /* something was learned since the phase was chosen */
    bool one_clock;    /* seconds and milliseconds agree, until a stamp proves otherwise */
    bool proven;       /* some stamps ran backwards within a second: there are two clocks */
    int64_t first_day; /* ms since 1970 at the start of the day of the first stamp */
    int64_t day;       /* ms since 1970 at the start of the day that the stamp is of */
    bool dated, past_midnight, set_back;
    struct moment now;
    uint32_t plain_until; /* up to this stamp, steps are no more than a sum; now's own: none are */
    struct daylight daylight;
    uint32_t learned;      /* the latest stamp that was learned from */
    uint32_t learned_back; /* the largest step back among those, but for midnight */
    struct grain grain;
};

void chronology_begin(struct chronology *chronology, int32_t day, bool one_clock);
/* The stamps are of this zone (without changes: none is known); `latest` is where the session before it in the same log
 * ended, as chronology_end told, or INT64_MIN. */
void chronology_zone(struct chronology *chronology, const struct zone *zone, int64_t latest);
/* What the sessions before it in the same set of files leave possible; it is dropped where the stamps contradict. */
void chronology_prior(struct chronology *chronology, const struct phases *prior);
/* UTC ms of the present moment; INT64_MIN if it is not known. */
int64_t chronology_end(const struct chronology *chronology);
/* Reads a run of stamps ahead of placing them, for what they prove about the phase and the grain. */
void chronology_learn(struct chronology *chronology, const struct event *events, size_t count);
/* What the phases were narrowed by: NAMES_phase_source_…, the weakest evidence of all; NAMES_count: nothing. */
enum tcplog_name chronology_evidence(const struct chronology *chronology);
/* What is known of the clocks by now. */
void chronology_tell(const struct chronology *chronology, struct session_facts *facts);
/* Moves `now` to a stamp that differs from the present one. */
void chronology_step(struct chronology *chronology, uint32_t stamp);
/* Why a moment differs from its stamp: NAMES_repair_…, or NAMES_count if it does not. */
enum tcplog_name chronology_repair_of(const struct chronology *chronology, const struct moment *moment);

/* The same for the present moment. */
static inline enum tcplog_name chronology_repair(const struct chronology *chronology)
{
    if (chronology->now.at == chronology->day + chronology->now.stamp && !chronology->past_midnight)
        return NAMES_count;
    return chronology_repair_of(chronology, &chronology->now);
}

/* A clock that goes on needs no more than a sum; of two clocks, until the milliseconds pass their phase or begin anew. */
static inline bool chronology_is_plain(const struct chronology *chronology, uint32_t stamp)
{
    /* wraps to a large one where time runs back */
    return stamp - chronology->now.stamp <= chronology->plain_until - chronology->now.stamp;
}

static inline void chronology_place(struct chronology *chronology, uint32_t stamp)
{
    struct moment *now = &chronology->now;
    if (stamp == now->stamp || stamp == STAMP_NONE)
        return;
    if (!chronology_is_plain(chronology, stamp)) {
        chronology_step(chronology, stamp);
        return;
    }
    moment_set(now, now->at + (stamp - now->stamp), stamp, now->breaks);
}

#endif
