/* What all writers of rows share: the order of a kind's fields, cut into runs of one life, and the text of the runs
 * that do not change, rendered once and copied. A run is rendered again when the record's generation of that life is
 * another one; equal generations mean equal values (include/tcplog/record.h). */
#ifndef WRITER_ROW_H
#define WRITER_ROW_H

#include "model/columns.h"
#include "tcplog/writer.h"

enum { RUNS_MOST = 12, RUN_TEXT = 2048, ROW_SLACK = 4096 };

struct run {
    uint8_t first, end;         /* columns */
    enum field_life life;
    uint64_t generation;        /* that text was rendered for; 0: none */
    size_t length;              /* of text */
    char text[RUN_TEXT];
};

struct row {
    bool planned;
    uint8_t columns[FIELD_count];
    size_t column_count, run_count;
    struct run runs[RUNS_MOST];
};

/* Appends one field to out, which has ROW_SLACK bytes of room, and leaves as much. */
typedef void put_field(struct buf *out, enum field_id id, const struct record *record);

/* The plan for a kind; zeroed state needs it once. */
void row_plan(struct row *row, enum kind kind);
/* Renders a run at the end of out, and keeps the text if it fits. */
void row_render(struct row *row, struct run *run, struct buf *out, const struct record *record, put_field *put);

/* Inlined with a constant `put`, so that the loop over a record's own fields makes no indirect call. */
static inline __attribute__((always_inline)) void row_write(struct row *row, struct buf *out, const struct record *record, put_field *put)
{
    for (size_t i = 0; i < row->run_count; i++) {
        struct run *run = &row->runs[i];
        if (run->life == LIFE_EVENT) {
            for (size_t c = run->first; c < run->end; c++)
                put(out, row->columns[c], record);
        } else if (run->generation == record->generation[run->life]) {
            memcpy(out->p + out->n, run->text, run->length);
            out->n += run->length;
        } else {
            row_render(row, run, out, record, put);
        }
    }
}

#endif
