/* What all writers of rows share: the order of a kind's fields, cut into runs of one life, and the text of the runs
 * that do not change, rendered once and copied. A run is rendered again when the record's generation of that life is
 * another one; equal generations mean equal values (include/tcplog/record.h).
 * Room is made once a record, for the longest it can be: between row_begin and row_end only a pointer moves. */
#ifndef WRITER_ROW_H
#define WRITER_ROW_H

#include "base/decimal.h"
#include "model/columns.h"
#include "tcplog/writer.h"

enum { RUNS_MOST = 12, RUN_TEXT = 2048 };
enum { ESCAPE_LONGEST = 6, ROW_PAST = 64 }; /* bytes for one; bytes that a copy may write past its end */

struct run {
    uint8_t first, end; /* columns */
    enum field_life life;
    uint64_t generation; /* that text was rendered for; 0: none */
    size_t length;       /* of text */
    char text[RUN_TEXT];
};

struct column {
    uint8_t id, type;
};

struct row {
    bool planned;
    size_t column_count, run_count, text_count;
    struct column columns[FIELD_count];
    uint8_t texts[FIELD_count]; /* the fields whose length is not bounded */
    struct counter counters[FIELD_count];
    struct run runs[RUNS_MOST];
};

/* Writes one field at `to` and answers the end of it. */
typedef char *put_field(struct row *row, char *to, struct column column, const struct record *record);

/* The plan for a kind; zeroed state needs it once. */
void row_plan(struct row *row, enum kind kind);
/* Where the record can be written, whatever is in it; NULL: no memory. */
char *row_begin(const struct row *row, struct buf *out, const struct record *record);
/* Writes a run, and keeps its text if it is not too long. */
char *row_render(struct row *row, struct run *run, char *to, const struct record *record, put_field *put);

static inline void row_end(struct buf *out, const char *end)
{
    out->n = (size_t)(end - out->p);
}

/* A copy without a call: texts of a few words stand in every record. May write up to ROW_PAST bytes past the end, but
 * reads nothing there. */
static inline char *row_copy(char *to, const char *from, size_t n)
{
    char *end = to + n;
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

/* The body of a record. Inlined with a constant `put`, so that the loop over a record's own fields makes no call. */
static inline __attribute__((always_inline)) char *row_write(struct row *row, char *to,
                                                             const struct record *record, put_field *put)
{
    for (struct run *run = row->runs, *end = run + row->run_count; run < end; run++) {
        if (run->life == LIFE_EVENT) {
            for (size_t c = run->first; c < run->end; c++)
                to = put(row, to, row->columns[c], record);
        } else if (run->generation == record->generation[run->life]) {
            memcpy(to, run->text, run->length);
            to += run->length;
        } else {
            to = row_render(row, run, to, record, put);
        }
    }
    return to;
}

#endif
