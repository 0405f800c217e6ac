/* The maker of records, as far as it is the same for all kinds: it owns the record of each kind and the texts made for
 * it, numbers, places and dates them. What goes into a kind is assemble.h's. */
#ifndef SESSION_ASSEMBLER_H
#define SESSION_ASSEMBLER_H

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/zone.h"
#include "model/event.h"
#include "model/sequel.h"
#include "model/session.h"
#include "session/chronology.h"
#include "tcplog/buf.h"

enum { ID_TEXT = SESSION_ID_TEXT + 2 + DECIMAL_ROOM, TIME_TEXT = 40, SCRATCHES = 6 };

/* The fields of a line that live as long as a turn: they stand together in the table. */
enum { TURN_FIRST = FIELD_class, TURN_FIELDS = FIELD_token_eol + 1 - TURN_FIRST, TURNS_MOST = 8 };
_Static_assert(FIELD_token_eol < 64, "their bits are in one word");

/* Lines that agree in all that these fields are made of share their values, and a generation. */
struct line_turn {
    uint64_t look, rest; /* what they were made of */
    uint64_t generation; /* 0: not in use */
    uint64_t present;
    union value values[TURN_FIELDS];
};

struct assembler {
    struct record records[KIND_COUNT];
    uint64_t shared[(FIELD_count + 63) / 64]; /* the fields that all records of the session have */
    char ids[KIND_COUNT][ID_TEXT];
    char times[KIND_COUNT][TIME_TEXT];
    int64_t days[KIND_COUNT]; /* the day of each of these */
    char end_time[TIME_TEXT];
    uint64_t sequence;    /* of the latest line */
    struct moment placed; /* of the latest line that has one: what its fields of time were made of */
    uint64_t generation;
    struct line_turn turns[TURNS_MOST]; /* a dialogue goes to and fro between a few */
    struct line_turn *turn;             /* that the line record is of; NULL: none yet */
    unsigned oldest_turn;
    uint64_t turn_generation;
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
/* Whether there was memory for all texts so far; else some were lost. */
bool assembler_is_whole(const struct assembler *assembler);
/* Where a log is: a file, and what it is called in there, or nothing. */
struct whereabouts {
    struct str file, member;
};
/* A new session: what all its records share; of these kinds (a bit set), which are all that will be made. */
void assembler_begin(struct assembler *assembler, const struct session_facts *facts, struct whereabouts where,
                     unsigned kinds);
/* RFC 3339, written at `to` (TIME_TEXT). `stamp`: that of the log, or NULL. */
struct str assembler_time_text(struct assembler *assembler, char *to, const struct chronology *chronology,
                               const struct moment *moment, const char *stamp);
/* As assembler_time, below, whatever the time of the record before was. */
void assembler_time_anew(struct assembler *assembler, struct record *record, const struct moment *moment,
                         struct str stamp, const struct chronology *chronology);
/* Hours to milliseconds as the time of a record tells them; NULL: as its stamp does. */
const char *assembler_clock(const struct record *record);
/* So many lines are told of as the sequel of the latest record. */
void assembler_skip(struct assembler *assembler, size_t lines);

/* The record of a kind, with what the session's records share and nothing else. */
static inline struct record *assembler_blank(struct assembler *assembler, enum kind kind)
{
    struct record *record = &assembler->records[kind];
    memcpy(record->present, assembler->shared, sizeof(record->present));
    return record;
}

/* An empty stamp, or no date known: fields of time are left out. Where the clock of the record of that kind before it
 * just goes on, as the stamps tell it and within the day, only that is written anew. */
static inline void assembler_time(struct assembler *assembler, struct record *record,
                                  const struct moment *moment, struct str stamp,
                                  const struct chronology *chronology)
{
    const uint64_t ms = (uint64_t)moment->at - (uint64_t)assembler->days[record->kind];
    if (ms != moment->stamp || stamp.n != STAMP_TEXT || assembler->local.count || chronology->daylight.zone) {
        assembler_time_anew(assembler, record, moment, stamp, chronology);
        return;
    }
    memcpy(assembler->times[record->kind] + SEQUEL_CLOCK, stamp.p, STAMP_TEXT);
    record_set(record, FIELD_time);
    record_text(record, FIELD_time_logged, stamp);
}

/* What has a number and a place is marked as there when the session begins: all records have them. */
static inline void assembler_number(struct assembler *assembler, struct record *record, uint64_t sequence)
{
    char *id = assembler->ids[record->kind];
    char *end = decimal(id + SESSION_ID_TEXT + 2, (int64_t)sequence);
    record->values[FIELD_id].text = (struct str){ id, (size_t)(end - id) };
    record->values[FIELD_sequence].number = (int64_t)sequence;
}

static inline void assembler_place(struct record *record, uint64_t line, uint64_t line_end, uint64_t offset)
{
    record->values[FIELD_line].number = (int64_t)line;
    record->values[FIELD_line_end].number = (int64_t)line_end;
    record->values[FIELD_offset].number = (int64_t)offset;
}

/* NAMES_repair_…, or NAMES_count: nothing was repaired. */
static inline void assembler_repair(struct record *record, enum tcplog_name repair)
{
    if (repair == NAMES_count)
        record_clear(record, FIELD_time_repair);
    else
        record_name(record, FIELD_time_repair, repair);
}

#endif
