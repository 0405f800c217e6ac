/* Facts → records: the only maker of records. It owns the record of each kind and the texts made for it; every text
 * that it lets out is valid UTF-8, and masked. */
#ifndef SESSION_ASSEMBLE_H
#define SESSION_ASSEMBLE_H

#include "base/decimal.h"
#include "base/zone.h"
#include "model/event.h"
#include "session/chronology.h"
#include "session/dialogue.h"
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
    struct zone zone;              /* empty: times are local */
    int64_t day;                   /* that date_text stands for, in ms */
    char date_text[DATE_TEXT];
    int64_t quarter; /* of an hour, that zone_text stands for */
    char zone_text[8];
    size_t zone_length;
    bool reveal; /* nothing is to be masked */
};

/* A line, with what was heard in it. */
struct line_facts {
    const struct event *event;
    const struct chronology *chronology;
    struct str text; /* what stands behind stamp and arrow, without a token that ends a line */
    uint64_t number, offset;
    enum side side; /* data only */
    bool tokens, has_side;
    struct heard heard;
};

void assemble_free(struct assembler *assembler);
/* A new session: what all its records share. */
void assemble_begin(struct assembler *assembler, const struct session_facts *facts, struct str source_file);
struct record *assemble_line(struct assembler *assembler, const struct line_facts *facts);
struct record *assemble_exchange(struct assembler *assembler, const struct exchange *exchange,
                                 const struct chronology *chronology);
struct record *assemble_session(struct assembler *assembler, const struct session_facts *facts,
                                const struct chronology *chronology);

#endif
