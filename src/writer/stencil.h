/* A stencil: the head of a row, what all kinds of records share, kept to be copied whole and corrected in the few places
 * where the next record differs. It serves as long as records of one session have the same fields there, and values of
 * the same width: nearly always. A strip is made of one for a sequel, whose records differ in still less.
 * Whoever uses it says where the values lie; it knows neither keys nor quotes. */
#ifndef WRITER_STENCIL_H
#define WRITER_STENCIL_H

#include "base/copy.h"
#include "base/decimal.h"
#include "model/sequel.h"

/* Bytes of the longest head; of the longest rest; texts in a head that change. */
enum { STENCIL_TEXT = 4096, STENCIL_REST = 32, WORDS_MOST = 8 };
enum { FIELD_WORDS = (FIELD_count + 63) / 64 };

/* The head of a record: the fields that every kind has, in front of all else. */
#define HEAD_END ((enum field_id)(FIELD_offset + 1))
_Static_assert(HEAD_END <= 64, "the head is of one word");

/*   text   {"kind":"line", … "id":"…-l124","sequence":124, … "line":5120,"line_end":5120,"offset":312456,"class":…
 *                                       └           └ last        └               └               └ at
 *
 * Numbers that are counted go on together: as long as none of them needs more than its last two digits, these are all that
 * is written of them; of the offset it is the last three. Then text is brought up to what was reached. */
enum { COUNTED = 3, COUNTS = 4 };

/* Where the digits of a number stand. */
struct digits {
    uint16_t first, last;
};

/* A text of that width. */
struct words {
    uint8_t id;
    uint16_t at, width;
};

struct stencil {
    bool ready, bad; /* bad: cannot become ready */
    uint8_t count_count, words_count;
    uint16_t length;
    uint64_t present;             /* fields of the head */
    uint64_t session;             /* generation */
    uint64_t base[COUNTED];       /* sequence, line and line_end, as text tells them */
    uint64_t left;                /* steps, from these on, that need but these digits are fewer */
    uint8_t of[COUNTS];           /* which of them … */
    struct digits counts[COUNTS]; /* … stands there; the sequence does twice */
    uint8_t twos[COUNTS];         /* the last two digits of these, as a number */
    uint16_t before[COUNTS]; /* where there is but one: what to add to a 0 to get what stands before it */
    uint64_t thousands;      /* of the offset that text tells: that, without its last three digits */
    struct digits offset;
    struct words words[WORDS_MOST];
    char text[STENCIL_TEXT + COPY_PAST];
};

/* What the records of a sequel change; all else is in the stencil's text. */
struct strip {
    uint64_t steps;        /* of the latest record, from what the stencil tells on */
    uint16_t stamp, clock; /* where their parts of a second stand; where no time is told: both there */
    uint16_t length;       /* of the head, and of what stands between it and the text */
    uint8_t rest_length;
    char rest[STENCIL_REST]; /* what stands behind the text */
};

/* Begins anew, for records that have the fields of this one in their heads; it is not ready. */
void stencil_begin(struct stencil *stencil, const struct record *record);
/* A number of the record ends at text[end]. */
void stencil_number(struct stencil *stencil, enum field_id id, size_t end, const struct record *record);
/* A text of it does; if the record's sequence ends it, only that is taken to change. */
void stencil_text(struct stencil *stencil, enum field_id id, size_t end, const struct record *record);
/* The head as it was written: ready, unless it is too long. */
void stencil_end(struct stencil *stencil, struct str head);
/* The strip for what follows this record, which was the latest to be written with the stencil: `lead` stood between head
 * and text, `rest` behind it. False: there is none. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct str lead, struct str rest,
                   struct strip *strip);

static inline uint64_t stencil_present(const struct record *record)
{
    return record->present[0] & (((uint64_t)1 << HEAD_END) - 1);
}

/* Whether a record has the same fields in its head as the one that the stencil was begun for. */
static inline bool stencil_like(const struct stencil *stencil, const struct record *record)
{
    return stencil->session == record->generation[LIFE_SESSION] &&
           stencil->present == stencil_present(record);
}

/* Brings text up to an offset less than 1000 on, and, if they come to `left`, to so many steps on, which then are none.
 * False: a number needs another digit, and the stencil is no longer ready. */
bool stencil_move(struct stencil *stencil, uint64_t *steps, uint64_t offset);
/* Brings text up to the numbers of a record, wherever they are. False: likewise. */
bool stencil_jump(struct stencil *stencil, const struct record *record);

/* How many steps on the record is; a number that is out of reach if its numbers did not go on together. */
static inline uint64_t stencil_steps(const struct stencil *stencil, const struct record *record)
{
    uint64_t steps = (uint64_t)record->values[FIELD_sequence].number - stencil->base[0];
    bool together = (uint64_t)record->values[FIELD_line].number - stencil->base[1] == steps &&
                    (uint64_t)record->values[FIELD_line_end].number - stencil->base[2] == steps;
    return together ? steps : UINT64_MAX;
}

/* Writes the numbers into a copy of the text. */
static inline void stencil_number_copy(const struct stencil *stencil, char *to, uint64_t steps,
                                       uint64_t offset)
{
    for (unsigned i = 0; i < COUNTS; i++) {
        uint16_t two;
        memcpy(&two, decimal_groups[stencil->twos[i] + steps].digits + 1, sizeof(two));
        two = htole16((uint16_t)(le16toh(two) + stencil->before[i]));
        memcpy(to + stencil->counts[i].last - 1, &two, sizeof(two));
    }
    const struct decimal_group *group = &decimal_groups[offset - stencil->thousands];
    char *at = to + stencil->offset.last - 2;
    memcpy(at, group->digits, 2);
    at[2] = group->digits[2];
}

/* Writes the head of a record that fits; false: a value has another width, and what was written does not count. */
static inline bool stencil_write(struct stencil *stencil, char *to, const struct record *record)
{
    uint64_t steps = stencil_steps(stencil, record), offset = (uint64_t)record->values[FIELD_offset].number;
    if (steps >= stencil->left || offset - stencil->thousands >= 1000) {
        bool near = steps <= stencil->left && offset - stencil->thousands < 2000;
        if (!(near ? stencil_move(stencil, &steps, offset) : stencil_jump(stencil, record)))
            return false;
        steps = near ? steps : 0;
    }
    memcpy(to, stencil->text, stencil->length);
    stencil_number_copy(stencil, to, steps, offset);
    for (const struct words *each = stencil->words, *end = each + stencil->words_count; each < end; each++) {
        struct str text = record->values[each->id].text;
        if (text.n != each->width)
            return false;
        copy_short(to + each->at, text.p, text.n);
    }
    return true;
}

/* What there is to know as long as none of the numbers needs more than its last digits: a copy, which no byte that is
 * written can change, so that the compiler keeps it at hand. */
struct near {
    const struct decimal_group *twos[COUNTS]; /* at no steps */
    uint16_t at[COUNTS], offset;              /* where the first of these digits stands */
    uint64_t left, thousands;
};

static inline struct near stencil_near(const struct stencil *stencil)
{
    struct near near = { .left = stencil->left,
                         .thousands = stencil->thousands,
                         .offset = (uint16_t)(stencil->offset.last - 2) };
    for (unsigned i = 0; i < COUNTS; i++) {
        near.twos[i] = &decimal_groups[stencil->twos[i]];
        near.at[i] = (uint16_t)(stencil->counts[i].last - 1);
    }
    return near;
}

static inline bool stencil_is_near(const struct near *near, uint64_t steps, uint64_t offset)
{
    return steps < near->left && offset - near->thousands < 1000;
}

/* Brings text up to a record of a sequel that is not near; false: it is too far away, or as above. */
static inline bool stencil_reach(struct stencil *stencil, uint64_t *steps, uint64_t offset)
{
    return offset - stencil->thousands < 2000 && stencil_move(stencil, steps, offset);
}

/* Writes a record of a sequel up to its text. */
static inline void stencil_follow(const char *text, const struct strip *strip, const struct near *near,
                                  uint64_t steps, char *to, const struct sequel_line *line)
{
    const struct decimal_group *group = &decimal_groups[line->offset - near->thousands];
    copy_long(to, text, strip->length);
    for (unsigned i = 0; i < COUNTS; i++)
        memcpy(to + near->at[i], near->twos[i][steps].digits + 1, 2);
    memcpy(to + near->offset, group->digits, 2);
    to[near->offset + 2] = group->digits[2];
    memcpy(to + strip->clock, line->clock + SEQUEL_PART, STAMP_TEXT - SEQUEL_PART);
    memcpy(to + strip->stamp, line->stamp + SEQUEL_PART, STAMP_TEXT - SEQUEL_PART);
}

#endif
