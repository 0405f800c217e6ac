/* A sequel: records that follow another one and are like it in all but a few values. Most of a log are lines of bodies;
 * what their records share need not be said, looked at and written again for each. */
#ifndef MODEL_SEQUEL_H
#define MODEL_SEQUEL_H

#include "base/calendar.h"
#include "tcplog/record.h"

/* Bytes from the beginning of a text on that can be read, though it be shorter. */
enum { SEQUEL_READABLE = 64 };

/* What a record of a sequel has of its own. Hours, minutes and seconds are those of the record before it. */
struct sequel_line {
    struct str text;   /* valid UTF-8 */
    const char *stamp; /* STAMP_TEXT bytes, as logged … */
    const char *clock; /* … and as its time tells them */
    uint64_t offset;
};

struct sequel {
    const struct sequel_line *lines;
    size_t count;
};

/* How a field goes on from one record of a sequel to the next. */
enum change {
    CHANGE_NONE,
    CHANGE_COUNT,    /* a number: one more */
    CHANGE_SEQUENCE, /* a text that ends with the record's sequence */
    CHANGE_OFFSET,
    CHANGE_STAMP,
    CHANGE_TIME, /* the clock stands in it, at SEQUEL_CLOCK */
    CHANGE_TEXT,
};

static inline enum change sequel_change(enum field_id id)
{
    static const uint8_t changes[FIELD_count] = {
        [FIELD_id] = CHANGE_SEQUENCE, [FIELD_sequence] = CHANGE_COUNT,    [FIELD_time] = CHANGE_TIME,
        [FIELD_line] = CHANGE_COUNT,  [FIELD_time_logged] = CHANGE_STAMP, [FIELD_line_end] = CHANGE_COUNT,
        [FIELD_text] = CHANGE_TEXT,   [FIELD_offset] = CHANGE_OFFSET,
    };
    return (enum change)changes[id];
}

/* Behind the date and its T. */
enum { SEQUEL_CLOCK = DATE_TEXT + 1 };
/* Where in a stamp its part of a second begins, and with it what changes. */
enum { SEQUEL_PART = 8 };

/* What a text of CHANGE_SEQUENCE ends with. */
static inline int64_t sequel_sequence(const struct record *record)
{
    return record->values[FIELD_sequence].number;
}

/* Where a record of a sequel can be made whole. */
struct sequel_room {
    struct record record;
    char id[80], time[48];
};

/* Record number i behind `first`, whole: what a sequel means, and the way to write it where no short one leads. */
const struct record *sequel_record(struct sequel_room *room, const struct record *first,
                                   const struct sequel *sequel, size_t i);

#endif
