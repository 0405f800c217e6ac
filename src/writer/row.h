/* What all writers of rows share: the order of a kind's fields, cut into runs of one life, and the text of the runs
 * that do not change, rendered once and copied. A run is rendered again when the record's generation of that life is
 * another one; equal generations mean equal values (include/tcplog/record.h).
 * Room is made once a record, for the longest it can be: between row_begin and row_end only a pointer moves. What is
 * there is found by the record's bits, so that a field which is missing costs nothing.
 * The first runs are the head, which a stencil repeats; a sequel is repeated up to its texts. */
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
    bool head;           /* every kind has it, and it stands before all else */
    bool open;           /* holds texts of any length that are of their record alone */
    uint8_t first, end;  /* columns */
    uint8_t word;        /* of a record's `present`, and … */
    uint64_t mask;       /* … their fields in it */
    uint64_t generation; /* that text was rendered for; 0: none */
    uint64_t written;    /* the generation that was rendered last, kept or not */
    size_t length;       /* of text */
    char text[RUN_TEXT];
};

struct row {
    bool planned, follows; /* records may have sequels, which change nothing but their heads and a text */
    bool turn_texts;       /* some texts are of a turn */
    uint8_t run_count;
    uint8_t head_count, lead_count; /* runs of the head; and those that are the same in a sequel */
    uint8_t columns[FIELD_count];   /* by field */
    uint8_t types[FIELD_count];     /* by field: the table's are far apart */
    uint64_t head[FIELD_WORDS];     /* the fields of the head */
    uint64_t texts[FIELD_WORDS];    /* the fields whose length is not bounded, but those of open runs … */
    uint64_t open[FIELD_WORDS];     /* … and those */
    uint64_t turn, session;         /* generations that `room` was reckoned for */
    size_t room;                    /* for all that is not of the record alone */
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
    /* bytes that put() writes behind a number, and behind a name or a time */
    uint8_t behind_number, behind_quote;
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
    if (row->session != record->generation[LIFE_SESSION] ||
        (row->turn_texts && row->turn != record->generation[LIFE_TURN]))
        row_measure(row, record);
    size_t room = row->room + row_open_room(row, record);
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
        stencil_patch(&row->stencil, id, number, STENCIL_TEXT, 1);
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
            uint64_t generation = record->generation[run->life];
            to = row_fields(row, run, to, record, style, NULL);
            /* most turns are of one record: reading back what was just written would cost more than it saves */
            if (run->life == LIFE_SESSION || run->written == generation)
                row_keep(run, text, (size_t)(to - text), generation);
            run->written = generation;
        }
    }
    return to;
}

/* The head, where no stencil fits. If the record before was alike, one is made: then the next ones will be, too. Of other
 * kinds than lines a session has too few to make it pay. */
ROW_INLINE char *row_head(struct row *row, char *to, const struct record *record, const struct style *style)
{
    struct stencil *stencil = &row->stencil;
    bool again = row->follows && stencil_like(stencil, record, row->head);
    if (row->follows)
        stencil_begin(stencil, record, row->head);
    char *end = row_runs(row, 0, row->head_count, to, record, style, again ? to : NULL);
    if (again)
        stencil_end(stencil, (struct str){ to, (size_t)(end - to) }, record);
    return end;
}

/* A record. Inlined with a constant style, so that the loop over a record's own fields makes no call. */
ROW_INLINE void row_record(struct row *row, struct buf *out, const struct record *record,
                           const struct style *style)
{
    const struct stencil *stencil = &row->stencil;
    char *start = row_begin(row, out, record), *to;
    if (!start)
        return;
    if (stencil->ready && stencil_like(stencil, record, row->head) &&
        stencil_write(&row->stencil, start, record))
        to = start + stencil->length;
    else
        to = row_head(row, start, record, style);
    to = row_runs(row, row->head_count, row->run_count, to, record, style, NULL);
    out->n = (size_t)(style->end(start, to) - out->p);
}

/* The only text that the record has of its own; FIELD_count: there is none, or another one, or a list. */
static inline enum field_id row_open_field(const struct row *row, const struct record *record)
{
    enum field_id found = FIELD_count;
    for (unsigned word = 0; word < FIELD_WORDS; word++) {
        uint64_t bits = record->present[word] & row->open[word];
        if (bits & (bits - 1) || (bits && found != FIELD_count))
            return FIELD_count;
        if (bits)
            found = (enum field_id)(word * 64u + (unsigned)__builtin_ctzll(bits));
    }
    bool first = found != FIELD_count && row->columns[found] == row->runs[row->lead_count].first;
    return first && row->types[found] == TYPE_TEXT ? found : FIELD_count;
}

/* The strip for the sequel of a record that was just written. What stands between its head and its text, and behind that,
 * is written once more where the next record will stand, to see where it ends. */
ROW_INLINE bool row_strip(struct row *row, struct buf *out, const struct record *record, struct strip *strip,
                          const struct style *style)
{
    enum field_id open = row->follows && row->stencil.ready ? row_open_field(row, record) : FIELD_count;
    char *to = open == FIELD_count ? NULL : row_begin(row, out, record);
    if (!to || sequel_change(open) != CHANGE_TEXT)
        return false;
    char *text = row_runs(row, row->head_count, row->lead_count, to, record, style, NULL);
    char *rest = style->put(row, text, open, &record->values[open]);
    char *end = row_runs(row, row->lead_count, row->run_count, text, record, style, NULL);
    const struct str lead = { to, (size_t)(text - to) }, behind = { rest, (size_t)(end - rest) };
    bool fits = stencil_strip(&row->stencil, record, lead, behind, strip);
    strip->open = open;
    return fits;
}

/* What follows the record that was written last, from number i of its sequel on; answers how far it got. */
ROW_INLINE size_t row_follow(struct row *row, struct buf *out, struct strip *strip,
                             const struct sequel *sequel, size_t i, const struct style *style)
{
    for (; i < sequel->count; i++) {
        const union value text = { .text = sequel->lines[i].text };
        size_t room = row->room + text.text.n * ESCAPE_LONGEST;
        char *start = out->capacity - out->n >= room ? out->p + out->n : tcplog_buf_room(out, room);
        if (!start || !stencil_follow(&row->stencil, strip, start, &sequel->lines[i]))
            break;
        char *to = style->put(row, start + strip->length, strip->open, &text);
        memcpy(to, strip->rest, STENCIL_REST);
        out->n = (size_t)(style->end(start, to + strip->rest_length) - out->p);
    }
    return i;
}

/* A writer's row_record(), not inlined. */
typedef void put_record(struct row *row, struct buf *out, const struct record *record);

/* A record and its sequel: by a strip as long as it fits, made anew where it does not. */
ROW_INLINE void row_sequel(struct row *row, struct buf *out, const struct record *first,
                           const struct sequel *sequel, put_record *put, const struct style *style)
{
    const struct record *record = first;
    struct sequel_room room;
    struct strip strip;
    size_t i = 0;
    put(row, out, record);
    while (i < sequel->count && out->status == TCPLOG_OK) {
        if (row_strip(row, out, record, &strip, style))
            i = row_follow(row, out, &strip, sequel, i, style);
        if (i == sequel->count)
            return;
        record = sequel_record(&room, first, sequel, i++);
        put(row, out, record);
    }
}

#endif
