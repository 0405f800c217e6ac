/* Plans of rows, and the room they need. */
#include "writer/row.h"

#include <assert.h>

const struct stops row_stops[] = { [STOPS_JSON] = { '"', '\\', 0x1F }, [STOPS_CSV] = { '"', ',', '\r' } };

void row_plan(struct row *row, enum kind kind, struct runs *again)
{
    struct walk walk = { .kind = kind, .life = LIFE_COUNT };
    unsigned runs[LIFE_COUNT] = { 0 }, kinds[LIFE_COUNT] = { 0 };
    bool begins;
    row->again = again;
    for (unsigned id = 0; id < FIELD_count; id++) {
        const struct field *field = &tcplog_fields[id];
        const struct place place = { (enum field_id)id, field->type, field->life, field->kinds };
        /* names, times and numbers are short: FIELD_MOST is room for each of them */
        bool text = field->type == TYPE_TEXT || field->type == TYPE_LIST || field->type == TYPE_BYTES;
        if (!row_has(&walk, place, &begins))
            continue;
        runs[field->life] += begins;
        kinds[field->life] |= field->kinds;
        assert(begins || kinds[field->life] == field->kinds ||
               field->life == LIFE_EVENT); /* for row->again */
        if (text && field->life == LIFE_SESSION)
            row->texts[id / 64] |= (uint64_t)1 << (id % 64);
    }
    /* the field table has grown: see row_render_step */
    for (unsigned life = 0; life < LIFE_EVENT; life++)
        assert(runs[life] <= (life == LIFE_SESSION ? SESSION_RUNS : 1));
}

/* A list may be escaped twice, and is made behind the place where it goes (csv.c: put_list). */
size_t row_list_room(struct list list)
{
    enum { TWICE_AND_BEHIND = 4, AROUND = 8 };
    size_t room = AROUND + ROW_PAST;
    for (size_t i = 0; i < list.count; i++)
        room += list.items[i].n * ESCAPE_LONGEST + AROUND;
    return room * TWICE_AND_BEHIND;
}

void row_measure(struct row *row, const struct record *record)
{
    enum { FIELD_MOST = 128 }; /* key, number or name, marks around them */
    row->session = record->generation[LIFE_SESSION];
    row->room = (size_t)(SESSION_RUNS + AGAIN_RUNS) * (RUN_TEXT + COPY_PAST) + STENCIL_TEXT +
                (size_t)FIELD_count * FIELD_MOST + ROW_PAST;
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        for (uint64_t bits = record->present[word] & row->texts[word]; bits; bits &= bits - 1) {
            unsigned id = word * 64 + (unsigned)__builtin_ctzll(bits);
            const union value *value = &record->values[id];
            bool list = tcplog_fields[id].type == TYPE_LIST;
            row->room += list ? row_list_room(value->list) : value->text.n * ESCAPE_LONGEST;
        }
}

void row_keep(struct run *run, const char *text, size_t length, uint64_t generation)
{
    /* a text that is too long is written anew each time */
    bool fits = length <= RUN_TEXT;
    run->generation = fits ? generation : 0;
    run->length = fits ? length : 0;
    /* what compilers make of memcpy() where they know how long it is at most takes long to start */
    copy_short(run->text, text, run->length);
}

void row_ready(struct runs *again)
{
    for (unsigned life = 0; life < AGAIN_RUNS; life++)
        for (unsigned place = 0; place < RUN_PLACES; place++)
            again[life].places[place] = again[life].runs;
}

struct run *row_other(struct runs *runs, uint64_t generation)
{
    struct run *run = &runs->runs[runs->next++ % RUNS_KEPT];
    *row_place(runs, generation) = run;
    return run;
}
