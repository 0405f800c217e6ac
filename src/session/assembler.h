/* The maker of records, as far as it is the same for all kinds: it owns the record of each kind and the texts made for
 * it, numbers, places and dates them. What goes into a kind is assemble.h's. */
#ifndef SESSION_ASSEMBLER_H
#define SESSION_ASSEMBLER_H

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/zone.h"
#include "model/event.h"
#include "model/session.h"
#include "session/chronology.h"
#include "tcplog/buf.h"

enum { ID_TEXT = SESSION_ID_TEXT + 2 + DECIMAL_ROOM, TIME_TEXT = 40, SCRATCHES = 6 };

struct assembler {
    struct record records[KIND_COUNT];
    char ids[KIND_COUNT][ID_TEXT];
    char times[KIND_COUNT][TIME_TEXT];
    char end_time[TIME_TEXT];
    uint64_t sequence;    /* of the latest line */
    struct moment placed; /* of the latest line that has one: what its fields of time were made of */
    uint64_t generation;
    uint64_t look, turn;           /* what the TURN fields of the line record were made of */
    struct buf scratch[SCRATCHES]; /* one for each text that may need decoding at once */
    struct zone zone;              /* of all sessions, as asked for; empty: none */
    struct zone local;             /* of this session, a copy; empty: times carry no offset */
    struct fixed_zone told;        /* what it is made of if the session tells it */
    int64_t day;                   /* that date_text stands for, in ms */
    char date_text[DATE_TEXT];
    int64_t quarter; /* of an hour, that zone_text stands for */
    char zone_text[8];
    size_t zone_length;
    bool reveal; /* nothing is to be masked */
};

void assembler_free(struct assembler *assembler);
/* Where a log is: a file, and what it is called in there, or nothing. */
struct whereabouts {
    struct str file, member;
};
/* A new session: what all its records share; of these kinds (a bit set), which are all that will be made. */
void assembler_begin(struct assembler *assembler, const struct session_facts *facts, struct whereabouts where,
                     unsigned kinds);
void assembler_number(struct assembler *assembler, struct record *record, uint64_t sequence);
void assembler_place(struct record *record, uint64_t line, uint64_t line_end, uint64_t offset);
/* RFC 3339, written at `to` (TIME_TEXT). `stamp`: that of the log, or NULL. */
struct str assembler_time_text(struct assembler *assembler, char *to, const struct chronology *chronology,
                               const struct moment *moment, const char *stamp);
/* An empty stamp, or no date known: fields of time are left out. */
void assembler_time(struct assembler *assembler, struct record *record, const struct moment *moment,
                    struct str stamp, const struct chronology *chronology);
/* Hours to milliseconds as the time of a record tells them; NULL: as its stamp does. */
const char *assembler_clock(const struct record *record);
/* So many lines are told of as the sequel of the latest record. */
void assembler_skip(struct assembler *assembler, size_t lines);
/* NAMES_repair_…, or NAMES_count: nothing was repaired. */
void assembler_repair(struct record *record, enum tcplog_name repair);

#endif
