/* What all writers of rows share: the order of a kind's fields, cut into runs of one life, and the text of the runs
 * that do not change, rendered once and copied. A run is rendered again when the record's generation of that life is
 * another one; equal generations mean equal values (include/tcplog/record.h).
 * Room is made once a record, for the longest it can be: between row_begin and row_end only a pointer moves. What is
 * there is found by the record's bits, so that a field which is missing costs nothing.
 * Where records come in turns, the runs before the first text of any length are its head, which a stencil repeats. */
#ifndef WRITER_ROW_H
#define WRITER_ROW_H

#include "model/columns.h"
#include "tcplog/writer.h"
#include "writer/stencil.h"

/* The runs of a line:
 *
 *   0  kind schema session_id             SESSION        written once, then copied
 *   1  id sequence time … time_zone       EVENT          written each time
 *   2  time_zone_source … peer            SESSION
 *   3  line line_end offset               EVENT
 *   4  class arrow from … exchange        TURN           copied as long as the turn lasts
 *      here ends the head
 *   5  text text_base64                   EVENT, open: of any length
 *   6  redacted                           EVENT */
enum { RUNS_MOST = 24, RUN_TEXT = 2048 };
enum { ESCAPE_LONGEST = 6, ROW_PAST = 64 }; /* bytes for one; bytes that a copy may write past its end */

_Static_assert(FIELD_count <= UINT8_MAX, "a column fits into a byte");

struct run {
    enum field_life life;
    bool open;           /* holds texts of any length that are of their record alone */
    uint8_t first, end;  /* columns */
    uint8_t word;        /* of a record's `present`, and … */
    uint64_t mask;       /* … their fields in it */
    uint64_t generation; /* that text was rendered for; 0: none */
    size_t length;       /* of text */
    char text[RUN_TEXT];
};

struct row {
    bool planned, in_turns;
    uint8_t run_count, head_count; /* of runs; of those that a stencil may repeat */
    uint8_t columns[FIELD_count];  /* by field */
    uint8_t types[FIELD_count];    /* by field: the table's are far apart */
    uint64_t texts[FIELD_WORDS];   /* the fields whose length is not bounded, but those of open runs */
    uint64_t turn, session;        /* generations that `room` was reckoned for */
    size_t room;                   /* for all that is not of the record alone */
    bool again;                    /* the record before was of the same turn … */
    bool repeats;                  /* … and the stencil is for records like this one */
    struct run runs[RUNS_MOST];
    struct stencil stencil;
};

/* Writes one field at `to` and answers the end of it. */
typedef char *put_field(const struct row *row, char *to, enum field_id id, const union value *value);
/* Writes what stands for `count` fields that are missing. */
typedef char *put_missing(char *to, unsigned count);
/* Makes a row of what stands from start to `to`, and answers the end of it. */
typedef char *put_end(char *start, char *to);

/* How a writer writes. */
struct style {
    put_field *put;
    put_missing *missing; /* NULL: nothing stands for them */
    put_end *end;
    uint8_t behind_number,
        behind_quote; /* bytes that put() writes behind a number, and behind a name or a time */
};

/* The plan for a kind; zeroed state needs it once. */
void row_plan(struct row *row, enum kind kind);
/* Reckons the room for the fields that outlive a record. */
void row_measure(struct row *row, const struct record *record);
/* The room for the texts of open runs, however they are escaped. */
size_t row_open_room(const struct row *row, const struct record *record);
/* Keeps the text of a run, if it is not too long. */
void row_keep(struct run *run, const char *text, size_t length, uint64_t generation);

/* Where the record can be written, whatever is in it; NULL: no memory. */
static inline char *row_begin(struct row *row, struct buf *out, const struct record *record)
{
    row->again =
        row->turn == record->generation[LIFE_TURN] && row->session == record->generation[LIFE_SESSION];
    row->repeats = row->again && row->in_turns && stencil_fits(&row->stencil, record);
    if (!row->again)
        row_measure(row, record);
    size_t room = row->room + (row->repeats ? record->values[row->stencil.open].text.n * ESCAPE_LONGEST
                                            : row_open_room(row, record));
    bool fits = out->status == TCPLOG_OK && out->capacity - out->n >= room;
    return fits ? out->p + out->n : tcplog_buf_room(out, room);
}

/* A copy without a call: texts of a few words stand in every record. May write up to ROW_PAST bytes past the end, but
 * reads nothing there. */
static inline char *row_copy(char *to, const char *from, size_t n)
{
    char *end = to + n;
    /* two words that overlap cover any length from one word to two, without a branch on each byte */
    if (n >= 16 && n <= 64) {
        memcpy(end - 16, from + n - 16, 16);
        for (; to < end - 16; to += 16, from += 16)
            memcpy(to, from, 16);
    } else if (n >= 8 && n < 16) {
        memcpy(to, from, 8);
        memcpy(end - 8, from + n - 8, 8);
    } else if (n >= 4 && n < 8) {
        memcpy(to, from, 4);
        memcpy(end - 4, from + n - 4, 4);
    } else {
        memcpy(to, from, n);
    }
    return end;
}

#define ROW_INLINE static inline __attribute__((always_inline))

/* Where put() has left a value that ends at `to`. */
ROW_INLINE void row_patch(struct row *row, const char *start, const char *to, enum field_id id,
                          const struct record *record, const struct style *style)
{
    enum field_type type = row->types[id];
    bool number = type == TYPE_NUMBER;
    const char *end = to - (number ? style->behind_number : style->behind_quote);
    char digits[DECIMAL_ROOM];
    size_t width =
        number ? (size_t)(decimal(digits, record->values[id].number) - digits) : record->values[id].text.n;
    if (number || type == TYPE_NAME || type == TYPE_TIME)
        stencil_patch(&row->stencil, id, number, (size_t)(end - start) - width, width);
    else
        row->stencil.ready = false;
}

/* The fields of a run that the record has, and what stands for the others. `start`: where the record begins, if a
 * stencil is to be made. */
ROW_INLINE char *row_fields(struct row *row, const struct run *run, char *to, const struct record *record,
                            const struct style *style, const char *start)
{
    unsigned column = run->first;
    for (uint64_t bits = record->present[run->word] & run->mask; bits; bits &= bits - 1) {
        enum field_id id = (enum field_id)(run->word * 64u + (unsigned)__builtin_ctzll(bits));
        if (style->missing)
            to = style->missing(to, row->columns[id] - column);
        column = row->columns[id] + 1u;
        to = style->put(row, to, id, &record->values[id]);
        if (start)
            row_patch(row, start, to, id, record, style);
    }
    return style->missing ? style->missing(to, run->end - column) : to;
}

ROW_INLINE char *row_runs(struct row *row, unsigned from, unsigned until, char *to,
                          const struct record *record, const struct style *style, const char *start)
{
    for (struct run *run = row->runs + from, *end = row->runs + until; run < end; run++) {
        if (run->life == LIFE_EVENT) {
            to = row_fields(row, run, to, record, style, start);
        } else if (run->generation == record->generation[run->life]) {
            memcpy(to, run->text, run->length);
            to += run->length;
        } else {
            char *text = to;
            to = row_fields(row, run, to, record, style, NULL);
            row_keep(run, text, (size_t)(to - text), record->generation[run->life]);
        }
    }
    return to;
}

/* The field with which the tail begins, if the tail has no other of its kind; FIELD_count: there is none such. */
static inline enum field_id row_open_field(const struct row *row, const struct record *record)
{
    enum field_id found = FIELD_count;
    for (unsigned i = row->head_count; i < row->run_count; i++) {
        const struct run *run = &row->runs[i];
        uint64_t bits = run->open ? record->present[run->word] & run->mask : 0;
        if (bits & (bits - 1) || (bits && found != FIELD_count))
            return FIELD_count;
        if (bits)
            found = (enum field_id)(run->word * 64u + (unsigned)__builtin_ctzll(bits));
    }
    bool first = found != FIELD_count && row->columns[found] == row->runs[row->head_count].first;
    return first && row->types[found] == TYPE_TEXT ? found : FIELD_count;
}

/* A record from which a stencil is made. */
ROW_INLINE char *row_write_first(struct row *row, char *to, const struct record *record,
                                 const struct style *style)
{
    char *start = to;
    stencil_begin(&row->stencil, record);
    char *head = row_runs(row, 0, row->head_count, to, record, style, start);
    enum field_id open = row_open_field(row, record);
    /* written once alone, to see where it ends: a put() may spoil what stands behind its value */
    char *rest = open == FIELD_count ? NULL : style->put(row, head, open, &record->values[open]);
    to = row_runs(row, row->head_count, row->run_count, head, record, style, NULL);
    if (rest)
        stencil_end(&row->stencil, (struct str){ start, (size_t)(head - start) }, open,
                    (struct str){ rest, (size_t)(to - rest) }, record);
    else
        row->stencil.ready = false;
    return to;
}

/* What stands behind the head of a stencil. */
ROW_INLINE char *row_rest(const struct row *row, char *to, const union value *open, const struct style *style)
{
    const struct stencil *stencil = &row->stencil;
    to = style->put(row, to, stencil->open, open);
    memcpy(to, stencil->rest, STENCIL_REST);
    return to + stencil->rest_length;
}

/* The body of a record; `followed`: it has a sequel, for which a stencil is wanted. */
ROW_INLINE char *row_write(struct row *row, char *to, const struct record *record, bool followed,
                           const struct style *style)
{
    struct stencil *stencil = &row->stencil;
    if (row->repeats && stencil_write(stencil, to, record))
        return row_rest(row, to + stencil->length, &record->values[stencil->open], style);
    if (row->in_turns && (row->again || followed))
        return row_write_first(row, to, record, style);
    return row_runs(row, 0, row->run_count, to, record, style, NULL);
}

/* A record. Inlined with a constant style, so that the loop over a record's own fields makes no call. */
ROW_INLINE void row_record(struct row *row, struct buf *out, const struct record *record, bool followed,
                           const struct style *style)
{
    char *start = row_begin(row, out, record);
    if (start)
        out->n = (size_t)(style->end(start, row_write(row, start, record, followed, style)) - out->p);
}

/* What follows the record that was written last, from number i of its sequel on; answers how far it got. */
ROW_INLINE size_t row_follow(struct row *row, struct buf *out, struct strip *strip,
                             const struct sequel *sequel, size_t i, const struct style *style)
{
    const struct stencil *stencil = &row->stencil;
    for (; i < sequel->count; i++) {
        const union value text = { .text = sequel->lines[i].text };
        size_t room = row->room + text.text.n * ESCAPE_LONGEST;
        char *start = out->capacity - out->n >= room ? out->p + out->n : tcplog_buf_room(out, room);
        if (!start || !stencil_follow(stencil, strip, start, &sequel->lines[i]))
            break;
        out->n = (size_t)(style->end(start, row_rest(row, start + stencil->length, &text, style)) - out->p);
    }
    return i;
}

/* A writer's row_record(), not inlined. */
typedef void put_record(struct row *row, struct buf *out, const struct record *record, bool followed);

/* A record and its sequel: by a stencil as long as it fits, made anew where it does not. */
ROW_INLINE void row_sequel(struct row *row, struct buf *out, const struct record *first,
                           const struct sequel *sequel, put_record *put, const struct style *style)
{
    const struct record *record = first;
    struct sequel_room room;
    struct strip strip;
    size_t i = 0;
    put(row, out, record, true);
    while (i < sequel->count && out->status == TCPLOG_OK) {
        if (stencil_strip(&row->stencil, record, &strip))
            i = row_follow(row, out, &strip, sequel, i, style);
        if (i == sequel->count)
            return;
        record = sequel_record(&room, first, sequel, i++);
        put(row, out, record, true);
    }
}

#endif
