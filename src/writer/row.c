/* Plans of rows, the room they need, and the slow side of their runs. */
#include "writer/row.h"

static enum field_life life_of(const struct row *row, size_t column)
{
    return tcplog_fields[row->columns[column].id].life;
}

static void plan_runs(struct row *row)
{
    row->run_count = 0;
    for (size_t i = 0; i < row->column_count;) {
        struct run *run = &row->runs[row->run_count];
        run->first = (uint8_t)i;
        run->life = life_of(row, i);
        /* the last run that there is room for takes whatever is left */
        bool last = ++row->run_count == RUNS_MOST;
        if (last)
            run->life = LIFE_EVENT;
        while (i < row->column_count && (last || life_of(row, i) == run->life))
            i++;
        run->end = (uint8_t)i;
    }
}

void row_plan(struct row *row, enum kind kind)
{
    enum field_id ids[FIELD_count];
    row->column_count = columns_of(kind, ids);
    row->text_count = 0;
    for (size_t i = 0; i < row->column_count; i++) {
        enum field_type type = tcplog_fields[ids[i]].type;
        row->columns[i] = (struct column){ (uint8_t)ids[i], (uint8_t)type };
        if (type == TYPE_TEXT || type == TYPE_LIST || type == TYPE_BYTES)
            row->texts[row->text_count++] = (uint8_t)ids[i];
    }
    plan_runs(row);
    row->planned = true;
}

/* A list may be escaped twice, and is made behind the place where it goes. */
static size_t list_room(struct list list)
{
    enum { TWICE_AND_BEHIND = 4, AROUND = 8 };
    size_t room = AROUND;
    for (size_t i = 0; i < list.count; i++)
        room += list.items[i].n * ESCAPE_LONGEST + AROUND;
    return room * TWICE_AND_BEHIND;
}

char *row_begin(const struct row *row, struct buf *out, const struct record *record)
{
    enum { FIELD_MOST = 128 }; /* key, number or name, marks around them */
    size_t room = (size_t)RUNS_MOST * RUN_TEXT + (size_t)FIELD_count * FIELD_MOST + ROW_PAST;
    for (size_t i = 0; i < row->text_count; i++) {
        enum field_id id = row->texts[i];
        if (!record_has(record, id))
            continue;
        const union value *value = &record->values[id];
        room += tcplog_fields[id].type == TYPE_LIST ? list_room(value->list) : value->text.n * ESCAPE_LONGEST;
    }
    return tcplog_buf_room(out, room);
}

char *row_render(struct row *row, struct run *run, char *to, const struct record *record, put_field *put)
{
    char *start = to;
    for (size_t c = run->first; c < run->end; c++)
        to = put(row, to, row->columns[c], record);
    run->length = (size_t)(to - start);
    run->generation = 0;
    if (run->length <= RUN_TEXT) {
        memcpy(run->text, start, run->length);
        run->generation = record->generation[run->life];
    }
    return to;
}
