/* What the sessions before this one tell of the two clocks: the phase is a property of the computer, from one start of it
 * to the next, so sessions of one folder share it. It owns the evidence of the latest sessions; how a session comes to its
 * own is chronology.h's. Each tells only what its own stamps prove, never what it was told: so what a session learns
 * depends on the WITNESSES before it, and on nothing else. */
#ifndef SESSION_WITNESS_H
#define SESSION_WITNESS_H

#include "session/chronology.h"

enum { WITNESSES = 16 };

struct witness {
    struct phases proved;
    int64_t began; /* ms of local wall time since 1970, as logged */
    bool speaks;   /* it mixes two clocks, is dated, and proves something */
    enum tcplog_name application;
};

struct witnesses {
    struct witness ring[WITNESSES];
    struct witness self; /* the session under way: it will tell those that follow */
    uint64_t heard;      /* so many in all */
    uint64_t folder;     /* a hash of where they come from */
};

/* The sessions that follow are of the file at `path`: those of other folders are forgotten. */
void witnesses_come(struct witnesses *witnesses, struct str path);
void witnesses_hear(struct witnesses *witnesses, const struct witness *witness);
/* What they leave possible for a session of that program that begins at `at`; false: nothing is known. */
bool witnesses_tell(const struct witnesses *witnesses, enum tcplog_name application, int64_t at,
                    struct phases *prior);
/* A session begins at `stamp`: its chronology is told what they know. */
void witnesses_meet(struct witnesses *witnesses, const struct session_facts *facts, uint32_t stamp,
                    struct chronology *chronology);
/* It has ended, and is one of them. */
void witnesses_part(struct witnesses *witnesses, const struct chronology *chronology);

#endif
