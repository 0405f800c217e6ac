/* What the sessions before this one tell of the two clocks: the phase is a property of the computer, from one start of it
 * to the next, so sessions of one folder share it. It owns the evidence of the latest sessions; how a session comes to its
 * own is chronology.h's. Each tells only what its own stamps prove, never what it was told: so what a session learns
 * depends on the WITNESSES before it that began within the last WITNESS_REACH bytes of its folder, and on nothing else.
 * Whoever begins in the middle reads so much back (recall.h). */
#ifndef SESSION_WITNESS_H
#define SESSION_WITNESS_H

#include "session/chronology.h"

/* WITNESS_FILE: what a file counts for at least, so that WITNESSES of them are far enough. */
enum { WITNESSES = 16, WITNESS_REACH = 256 * 1024, WITNESS_FILE = WITNESS_REACH / WITNESSES };

/* Where an input stands: what is read of one folder, one file after another, is a run. */
struct origin {
    uint64_t run;   /* its number */
    uint64_t start; /* bytes of the run before this input */
};

struct witness {
    struct phases proved;
    int64_t began; /* ms of local wall time since 1970, as logged */
    bool speaks;   /* it mixes two clocks, is dated, and proves something */
    enum tcplog_name application;
    uint64_t
        opened; /* where in the run the latest of those up to this one began that an opening, or a file, begins with */
};

struct witnesses {
    struct witness ring[WITNESSES];
    struct witness self; /* the session under way: it will tell those that follow */
    uint64_t heard;      /* so many in all */
    struct origin origin;
    uint64_t at;    /* where in the run the session under way begins */
    uint64_t known; /* from here on all sessions of the run have been heard; 0: from its start */
};

/* What follows is of this input: sessions of other runs are forgotten. */
void witnesses_come(struct witnesses *witnesses, struct origin origin);
/* What follows begins in the middle of a run, `from` bytes into this input. */
void witnesses_leap(struct witnesses *witnesses, struct origin origin, uint64_t from);
void witnesses_hear(struct witnesses *witnesses, const struct witness *witness);
/* What they leave possible for a session like *self that begins at `at` in the run; false: nothing is known. */
bool witnesses_tell(const struct witnesses *witnesses, const struct witness *self, uint64_t at,
                    struct phases *prior);
/* A session begins with this event. */
void witnesses_meet(struct witnesses *witnesses, const struct session_facts *facts, const struct event *first,
                    const struct chronology *chronology);
/* Whether some that it should hear stand before what has been read. */
bool witnesses_lack(const struct witnesses *witnesses);
/* Its chronology is told what they know. */
void witnesses_advise(const struct witnesses *witnesses, struct chronology *chronology);
/* `older` are all that were lacking. */
void witnesses_recall(struct witnesses *witnesses, const struct witnesses *older);
/* It has ended, and is one of them. */
void witnesses_part(struct witnesses *witnesses, const struct chronology *chronology);

#endif
