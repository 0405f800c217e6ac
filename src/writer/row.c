/* Plans of rows, and the room they need. */
#include "writer/row.h"

#include <assert.h>

/* The run that the next column goes to: the latest one if it is of the same kind. */
static struct run *run_for(struct row *row, enum field_id id, const struct run *kind, size_t column)
{
    struct run *last = row->run_count ? &row->runs[row->run_count - 1] : NULL;
    if (last && last->life == kind->life && last->open == kind->open && last->head == kind->head &&
        last->word == id / 64)
        return last;
    assert(row->run_count < RUNS_MOST); /* the field table has grown: make it more */
    last = &row->runs[row->run_count++];
    last->life = kind->life;
    last->open = kind->open;
    last->head = kind->head;
    last->word = (uint8_t)(id / 64);
    last->first = (uint8_t)column;
    return last;
}

/* What every kind has, in front of all else: who, when and where. */
static bool is_of_head(const struct row *row, const struct field *field, bool open)
{
    bool first = row->run_count == 0 || row->runs[row->run_count - 1].head;
    return first && field->kinds == (1u << KIND_COUNT) - 1 && field->life != LIFE_TURN && !open;
}

/* Puts the column into a run, and notes where its field is found in a record. */
static void plan_column(struct row *row, enum field_id id, size_t column)
{
    const struct field *field = &tcplog_fields[id];
    /* names, times and numbers are short: FIELD_MOST is room for each of them */
    bool text = field->type == TYPE_TEXT || field->type == TYPE_LIST || field->type == TYPE_BYTES;
    bool open = text && field->life == LIFE_EVENT;
    const struct run kind = { .life = field->life, .open = open, .head = is_of_head(row, field, open) };
    struct run *run = run_for(row, id, &kind, column);
    uint64_t bit = (uint64_t)1 << (id % 64);
    run->end = (uint8_t)(column + 1);
    run->mask |= bit;
    row->columns[id] = (uint8_t)column;
    row->types[id] = (uint8_t)field->type;
    row->follows |= open && sequel_change(id) == CHANGE_TEXT;
    row->turn_texts |= text && field->life == LIFE_TURN;
    if (kind.head)
        row->head[id / 64] |= bit;
    if (text)
        (open ? row->open : row->texts)[id / 64] |= bit;
}

/* The head, and what stands between it and the first text. */
static void plan_runs(struct row *row)
{
    while (row->head_count < row->run_count && row->runs[row->head_count].head)
        row->head_count++;
    row->lead_count = row->head_count;
    while (row->lead_count < row->run_count && !row->runs[row->lead_count].open)
        row->lead_count++;
}

void row_plan(struct row *row, enum kind kind)
{
    enum field_id ids[FIELD_count];
    size_t count = columns_of(kind, ids);
    for (size_t i = 0; i < count; i++)
        plan_column(row, ids[i], i);
    plan_runs(row);
    row->planned = true;
}

/* A list may be escaped twice, and is made behind the place where it goes (csv.c: put_list). */
static size_t list_room(struct list list)
{
    enum { TWICE_AND_BEHIND = 4, AROUND = 8 };
    size_t room = AROUND + ROW_PAST;
    for (size_t i = 0; i < list.count; i++)
        room += list.items[i].n * ESCAPE_LONGEST + AROUND;
    return room * TWICE_AND_BEHIND;
}

/* The room for texts of these fields, however they are escaped. */
static size_t text_room(const struct row *row, const struct record *record, unsigned word, uint64_t mask)
{
    size_t room = 0;
    for (uint64_t bits = record->present[word] & mask; bits; bits &= bits - 1) {
        unsigned id = word * 64 + (unsigned)__builtin_ctzll(bits);
        const union value *value = &record->values[id];
        room += row->types[id] == TYPE_LIST ? list_room(value->list) : value->text.n * ESCAPE_LONGEST;
    }
    return room;
}

size_t row_open_room(const struct row *row, const struct record *record)
{
    size_t room = 0;
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        room += text_room(row, record, word, row->open[word]);
    return room;
}

void row_measure(struct row *row, const struct record *record)
{
    enum { FIELD_MOST = 128 }; /* key, number or name, marks around them */
    row->turn = record->generation[LIFE_TURN];
    row->session = record->generation[LIFE_SESSION];
    row->room = (size_t)RUNS_MOST * RUN_TEXT + (size_t)FIELD_count * FIELD_MOST + ROW_PAST;
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        row->room += text_room(row, record, word, row->texts[word]);
}

void row_keep(struct run *run, const char *text, size_t length, uint64_t generation)
{
    /* a text that is too long is written anew each time: generation 0 is no record's */
    bool fits = length <= RUN_TEXT;
    run->generation = fits ? generation : 0;
    run->length = fits ? length : 0;
    memcpy(run->text, text, run->length);
}
