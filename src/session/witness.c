/* The latest WITNESSES sessions of a folder, newest first. */
#include "session/witness.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* ms: what lies farther apart may have seen the computer start, or its clock be set. */
enum { NEAR = 30 * 60000 };

void witnesses_come(struct witnesses *witnesses, struct str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    uint64_t folder = XXH3_64bits(path.p, n);
    if (folder != witnesses->folder)
        witnesses->heard = 0;
    witnesses->folder = folder;
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

bool witnesses_tell(const struct witnesses *witnesses, enum tcplog_name application, int64_t at,
                    struct phases *prior)
{
    uint64_t count = witnesses->heard < WITNESSES ? witnesses->heard : WITNESSES;
    phases_all(prior);
    for (uint64_t i = 1; i <= count; i++) {
        const struct witness *witness = &witnesses->ring[(witnesses->heard - i) % WITNESSES];
        if (!witness->speaks || witness->application != application || !is_near(witness, at))
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

void witnesses_meet(struct witnesses *witnesses, const struct session_facts *facts, uint32_t stamp,
                    struct chronology *chronology)
{
    struct witness *self = &witnesses->self;
    struct phases prior;
    bool mixes = facts->has_application && !facts->one_clock;
    /* the stamp as it is: what was told must not decide what will be told */
    *self = (struct witness){ .began = chronology->day + stamp,
                              .speaks = mixes && chronology->dated && stamp != STAMP_NONE,
                              .application = facts->application };
    if (self->speaks && witnesses_tell(witnesses, self->application, self->began, &prior))
        chronology_prior(chronology, &prior);
}

void witnesses_part(struct witnesses *witnesses, const struct chronology *chronology)
{
    witnesses->self.proved = chronology->proved;
    witnesses_hear(witnesses, &witnesses->self);
}
