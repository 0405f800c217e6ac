/* Plans of rows, and the slow side of their runs. */
#include "writer/row.h"

static enum field_life life_of(const struct row *row, size_t column)
{
    return tcplog_fields[row->columns[column]].life;
}

void row_plan(struct row *row, enum kind kind)
{
    enum field_id ids[FIELD_count];
    row->column_count = columns_of(kind, ids);
    row->run_count = 0;
    for (size_t i = 0; i < row->column_count; i++)
        row->columns[i] = (uint8_t)ids[i];
    for (size_t i = 0; i < row->column_count;) {
        struct run *run = &row->runs[row->run_count];
        run->first = (uint8_t)i;
        run->life = life_of(row, i);
        /* only lines come in runs that share their TURN fields; the last run takes whatever is left */
        bool last = ++row->run_count == RUNS_MOST;
        if (last)
            run->life = LIFE_EVENT;
        while (i < row->column_count && (last || life_of(row, i) == run->life))
            i++;
        run->end = (uint8_t)i;
    }
    row->planned = true;
}

void row_render(struct row *row, struct run *run, struct buf *out, const struct record *record, put_field *put)
{
    size_t before = out->n;
    for (size_t c = run->first; c < run->end; c++)
        put(out, row->columns[c], record);
    run->length = out->n - before;
    run->generation = 0;
    if (run->length > RUN_TEXT || out->status != TCPLOG_OK)
        return;
    memcpy(run->text, out->p + before, run->length);
    run->generation = record->generation[run->life];
}
