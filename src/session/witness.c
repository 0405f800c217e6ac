/* The latest WITNESSES sessions of a folder, newest first. */
#include "session/witness.h"

#include "base/blank.h"

/* ms: what lies farther apart may have seen the computer start, or its clock be set. */
enum { NEAR = 30 * 60000 };

void witnesses_come(struct witnesses *witnesses, struct origin origin)
{
    if (origin.run != witnesses->origin.run)
        witnesses->heard = witnesses->known = 0;
    witnesses->origin = origin;
}

void witnesses_leap(struct witnesses *witnesses, struct origin origin, uint64_t from)
{
    witnesses->heard = 0;
    witnesses->origin = origin;
    witnesses->known = origin.start + from;
}

void witnesses_hear(struct witnesses *witnesses, const struct witness *witness)
{
    struct witness *kept = &witnesses->ring[witnesses->heard++ % WITNESSES];
    *kept = *witness;
    kept->speaks &= !phases_full(&witness->proved);
}

static bool is_near(const struct witness *witness, int64_t at)
{
    return at >= witness->began - NEAR && at <= witness->began + NEAR;
}

static uint64_t count_of(const struct witnesses *witnesses)
{
    return witnesses->heard < WITNESSES ? witnesses->heard : WITNESSES;
}

/* Number i, counted back from 1, the latest. */
static const struct witness *heard_before(const struct witnesses *witnesses, uint64_t i)
{
    return &witnesses->ring[(witnesses->heard - i) % WITNESSES];
}

bool witnesses_tell(const struct witnesses *witnesses, const struct witness *self, uint64_t at,
                    struct phases *prior)
{
    uint64_t count = count_of(witnesses);
    phases_all(prior);
    for (uint64_t i = 1; i <= count; i++) {
        const struct witness *witness = heard_before(witnesses, i);
        if (witness->opened + WITNESS_REACH < at)
            break;
        if (!witness->speaks || witness->application != self->application || !is_near(witness, self->began))
            continue;
        struct phases both = *prior;
        phases_meet(&both, &witness->proved);
        /* the older one is of another start of the computer */
        if (phases_empty(&both))
            break;
        *prior = both;
    }
    return !phases_full(prior);
}

void witnesses_meet(struct witnesses *witnesses, const struct session_facts *facts, const struct event *first,
                    const struct chronology *chronology)
{
    bool mixes = facts->has_application && !facts->one_clock;
    bool surely = facts->line == 1 || first->class == NAMES_class_opening || witnesses->heard == 0;
    witnesses->at = witnesses->origin.start + facts->offset;
    /* the stamp as it is: what was told must not decide what will be told */
    struct witness *self = &witnesses->self;
    blank(self, sizeof(*self));
    self->began = chronology->day + first->stamp;
    self->speaks = mixes && chronology->dated && first->stamp != STAMP_NONE;
    self->application = facts->application;
    self->opened = surely ? witnesses->at : heard_before(witnesses, 1)->opened;
}

bool witnesses_lack(const struct witnesses *witnesses)
{
    return witnesses->self.speaks && witnesses->known > 0 && witnesses->heard < WITNESSES &&
           witnesses->at <= witnesses->known + WITNESS_REACH;
}

void witnesses_advise(const struct witnesses *witnesses, struct chronology *chronology)
{
    struct phases prior;
    if (witnesses->self.speaks && witnesses_tell(witnesses, &witnesses->self, witnesses->at, &prior))
        chronology_prior(chronology, &prior);
}

void witnesses_recall(struct witnesses *witnesses, const struct witnesses *older)
{
    struct witnesses all = *witnesses;
    memcpy(all.ring, older->ring, sizeof(all.ring));
    all.heard = older->heard;
    all.known = 0;
    for (uint64_t i = count_of(witnesses); i > 0; i--)
        all.ring[all.heard++ % WITNESSES] = *heard_before(witnesses, i);
    *witnesses = all;
}

void witnesses_part(struct witnesses *witnesses, const struct chronology *chronology)
{
    witnesses->self.proved = chronology->proved;
    witnesses_hear(witnesses, &witnesses->self);
}
