/* What all writers of rows share: the order of a kind's fields, cut into runs of one life, and the text of the runs
 * that do not change, rendered once and copied. A run is rendered again when the record's generation of that life is
 * another one; equal generations mean equal values (include/tcplog/record.h).
 * The way through a kind's fields is code that the compiler makes of the table: a field of the record's own costs a
 * look at its bit and, if it is there, the store of its key and value; none costs a look at what it is.
 * Room is made once a record, for the longest it can be: between row_begin and row_end only a pointer moves.
 * The first runs are the head, which a stencil repeats; a sequel is repeated up to its texts. */
#ifndef WRITER_ROW_H
#define WRITER_ROW_H

#include "base/copy.h"
#include "base/scan.h"
#include "model/columns.h"
#include "tcplog/writer.h"
#include "writer/stencil.h"

/* The runs of a line:
 *
 *   kind schema session_id             SESSION   written once, then copied
 *   id sequence time … time_zone       EVENT     written each time
 *   time_zone_source … peer            SESSION
 *   line line_end offset               EVENT
 *      here ends the head
 *   class arrow from eol token_eol     TURN      copied as long as the turn lasts, and when it comes again
 *   exchange text text_base64 redacted EVENT
 *
 * Other kinds have a run of each life that comes again at most, too. */
enum { SESSION_RUNS = 2, RUN_TEXT = 1024 };   /* runs of a session; bytes of a run that is kept */
enum { AGAIN_RUNS = LIFE_EVENT - LIFE_TURN }; /* lives that come again */
enum { RUNS_KEPT = 40, RUN_PLACES = 256 };    /* runs of each of these; where to look for them */
enum { ESCAPE_LONGEST = 6, ROW_PAST = 128 };  /* bytes for one; bytes that a copy may write past its end */
_Static_assert((int)ROW_PAST > (int)COPY_PAST && (int)ROW_PAST > (int)SEQUEL_READABLE, "all that are copied");

/* A run that is not of its record alone. */
struct run {
    uint64_t generation; /* that text was rendered for; 0: none */
    size_t length;       /* of text */
    char text[RUN_TEXT + COPY_PAST];
};

/* Runs that come again: side by side, in the order in which they came, and found by their generations. */
struct runs {
    struct run *places[RUN_PLACES]; /* the only one that may be of such a generation */
    size_t next;
    struct run runs[RUNS_KEPT];
};

struct row {
    uint64_t
        texts[FIELD_WORDS]; /* those of a session; of all texts that outlive a record only these are long */
    uint64_t session;       /* the generation that `room` was reckoned for */
    size_t room;            /* for all that is not of the record alone */
    struct run runs[SESSION_RUNS];
    struct runs *again; /* by life; for all kinds: those that have a life have the same fields of it */
    struct stencil stencil;
};

/* A row of the table; all of it is known to the compiler wherever it is asked for. */
struct place {
    enum field_id id;
    enum field_type type;
    enum field_life life;
    unsigned kinds;
};

/* How a writer writes. All but shared() are inlined. */
struct style {
    /* what stands before a value; answers the end of it. NULL: nothing */
    char *(*key)(char *to, struct place place);
    /* the value, and what stands behind it */
    char *(*value)(char *to, struct place place, const union value *value);
    /* a text of a sequel as value() writes it, but without what stands behind it; and that */
    char *(*text)(char *to, struct str text);
    char *(*behind)(char *to);
    /* what stands for a field that is missing. NULL: nothing */
    char *(*missing)(char *to);
    /* makes a row of what stands from start to `to`, and answers the end of it */
    char *(*end)(char *start, char *to);
    /* row_render() of a life; of a session this run */
    char *(*shared[LIFE_EVENT])(const struct record *record, unsigned run, char *to);
    /* bytes that value() writes behind a number, and behind a name or a time */
    uint8_t behind_number, behind_quote;
};

/* What texts of a sequel are looked through for. Constants would be put together anew for each of them. */
enum { STOPS_JSON, STOPS_CSV };
extern const struct stops row_stops[];

/* The plan for a kind; zeroed state needs it, once. again[AGAIN_RUNS] is there for rows of all kinds. */
void row_plan(struct row *row, enum kind kind, struct runs *again);
/* Reckons the room for the fields that outlive a record. */
void row_measure(struct row *row, const struct record *record);
/* The room for a list, however its items are escaped. */
size_t row_list_room(struct list list);
/* Makes zeroed runs ready for use, of all lives that come again. */
void row_ready(struct runs *again);
/* The one that was kept first of all makes room for that of another generation. */
struct run *row_other(struct runs *runs, uint64_t generation);
/* Keeps the text of a run, if it is not too long. */
void row_keep(struct run *run, const char *text, size_t length, uint64_t generation);

/* What comes of a hundred fields in one function, with a question of a sanitizer at each step, takes a compiler minutes. */
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ROW_INLINE static inline
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ROW_INLINE static inline
#endif
#ifndef ROW_INLINE
#define ROW_INLINE static inline __attribute__((always_inline))
#endif

/* How far the way through the fields of a kind is: which of the runs that are kept was the latest. */
struct walk {
    enum kind kind;
    enum field_life life; /* LIFE_COUNT: at the start */
    unsigned runs;
    uint64_t present[FIELD_WORDS]; /* the record's: a copy, which no byte that is written can change */
};

ROW_INLINE struct walk row_walk(enum kind kind, const struct record *record)
{
    struct walk walk = { .kind = kind, .life = LIFE_COUNT };
    memcpy(walk.present, record->present, sizeof(walk.present));
    return walk;
}

ROW_INLINE bool row_is_there(const struct walk *walk, enum field_id id)
{
    return walk->present[id / 64] >> (id % 64) & 1;
}

/* Whether the kind has the field. Counts the runs, of which each is of one life; the head ends with one. */
ROW_INLINE bool row_has(struct walk *walk, struct place place, bool *begins)
{
    *begins = false;
    if ((place.kinds >> walk->kind & 1) == 0)
        return false;
    *begins = place.life != LIFE_EVENT && (place.life != walk->life || place.id == HEAD_END);
    walk->life = place.life;
    walk->runs += *begins;
    return true;
}

/* Bytes of all texts but those of a session; of a list, as many as have room where it does. */
ROW_INLINE size_t row_text_bytes(enum kind kind, struct place place, const struct record *record)
{
    if (place.life == LIFE_SESSION || (place.kinds >> kind & 1) == 0 || !record_has(record, place.id))
        return 0;
    const union value *value = &record->values[place.id];
    if (place.type == TYPE_LIST)
        return row_list_room(value->list) / ESCAPE_LONGEST + 1;
    return place.type == TYPE_TEXT || place.type == TYPE_BYTES ? value->text.n : 0;
}

/* Each walk through the table is one expression. */
enum { L = 1 << KIND_LINE, X = 1 << KIND_EXCHANGE, M = 1 << KIND_MESSAGE, S = 1 << KIND_SESSION };
#define PLACE(name, type, life, kinds) ((struct place){ FIELD_##name, TYPE_##type, LIFE_##life, kinds })

/* Where the record can be written, whatever is in it; NULL: no memory. */
ROW_INLINE char *row_begin(struct row *row, enum kind kind, struct buf *out, const struct record *record)
{
    if (row->session != record->generation[LIFE_SESSION])
        row_measure(row, record);
#define FIELD(name, type, life, kinds, ...) +row_text_bytes(kind, PLACE(name, type, life, kinds), record)
    size_t bytes = 0
#include "fields.def"
        ;
#undef FIELD
    /* however they are escaped */
    size_t room = row->room + bytes * ESCAPE_LONGEST;
    bool fits = out->status == TCPLOG_OK && out->capacity - out->n >= room;
    return fits ? out->p + out->n : tcplog_buf_room(out, room);
}

/* A field that the record has, or what stands for it. */
ROW_INLINE char *row_put(char *to, const struct walk *walk, struct place place, const struct record *record,
                         const struct style *style)
{
    if (!row_is_there(walk, place.id))
        return style->missing ? style->missing(to) : to;
    if (style->key)
        to = style->key(to, place);
    return style->value(to, place, &record->values[place.id]);
}

/* The fields of one life, as they are rendered to be kept: of a session those of one run; of others there is but one. */
ROW_INLINE char *row_render_step(struct walk *walk, struct place place, enum field_life life, unsigned run,
                                 char *to, const struct record *record, const struct style *style)
{
    bool begins;
    if (!row_has(walk, place, &begins) || place.life != life ||
        (life == LIFE_SESSION && walk->runs != run + 1))
        return to;
    return row_put(to, walk, place, record, style);
}

ROW_INLINE char *row_render(const struct record *record, enum kind kind, enum field_life life, unsigned run,
                            char *to, const struct style *style)
{
    struct walk walk = row_walk(kind, record);
#define FIELD(name, type, of_life, kinds, ...) \
    to = row_render_step(&walk, PLACE(name, type, of_life, kinds), life, run, to, record, style),
    return
#include "fields.def"
        to;
#undef FIELD
}

static inline struct run **row_place(struct runs *runs, uint64_t generation)
{
    return &runs->places[generation % RUN_PLACES];
}

/* A run that is kept. */
ROW_INLINE char *row_shared(struct row *row, enum kind kind, unsigned index, enum field_life life, char *to,
                            const struct record *record, const struct style *style)
{
    uint64_t generation = record->generation[life];
    /* a session has one record of its own: nothing of it comes again */
    if (kind == KIND_SESSION)
        return style->shared[life](record, index, to);
    struct run *run =
        life == LIFE_SESSION ? &row->runs[index] : *row_place(&row->again[life - LIFE_TURN], generation);
    if (__builtin_expect(generation && run->generation == generation, 1)) {
        const size_t length = run->length;
        copy_blocks(to, run->text, length);
        return to + length;
    }
    char *end = style->shared[life](record, index, to);
    if (life != LIFE_SESSION)
        run = row_other(&row->again[life - LIFE_TURN], generation);
    row_keep(run, to, (size_t)(end - to), generation);
    return end;
}

/* Where value() has left a value that ends at `to`. */
ROW_INLINE void row_patch(struct stencil *stencil, const char *start, const char *to, struct place place,
                          const struct record *record, const struct style *style)
{
    bool number = place.type == TYPE_NUMBER;
    const char *end = to - (number ? style->behind_number : style->behind_quote);
    (number ? stencil_number : stencil_text)(stencil, place.id, (size_t)(end - start), record);
}

/* Which fields are to be written, and, if a stencil is to be made of them, where they begin. */
struct span {
    enum field_id first, end;
    const char *start;
};

ROW_INLINE char *row_step(struct row *row, struct walk *walk, struct place place, struct span span, char *to,
                          const struct record *record, const struct style *style)
{
    bool begins;
    if (!row_has(walk, place, &begins) || place.id < span.first || place.id >= span.end)
        return to;
    if (place.life != LIFE_EVENT)
        return begins ? row_shared(row, walk->kind, walk->runs - 1, place.life, to, record, style) : to;
    to = row_put(to, walk, place, record, style);
    if (span.start && row_is_there(walk, place.id))
        row_patch(&row->stencil, span.start, to, place, record, style);
    return to;
}

/* The fields of a span, in their order. */
ROW_INLINE char *row_fields(struct row *row, enum kind kind, struct span span, char *to,
                            const struct record *record, const struct style *style)
{
    struct walk walk = row_walk(kind, record);
#define FIELD(name, type, life, kinds, ...) \
    to = row_step(row, &walk, PLACE(name, type, life, kinds), span, to, record, style),
    return
#include "fields.def"
        to;
#undef FIELD
}

/* A record that nothing follows. Inlined with a constant kind and style, so that no step makes a call. */
ROW_INLINE void row_record(struct row *row, enum kind kind, struct buf *out, const struct record *record,
                           const struct style *style)
{
    char *start = row_begin(row, kind, out, record);
    if (!start)
        return;
    const struct span all = { .end = FIELD_count };
    char *to = row_fields(row, kind, all, start, record, style);
    out->n = (size_t)(style->end(start, to) - out->p);
}

/* The head of a line, where no stencil fits. If the record before was alike, one is made: then the next ones will be,
 * too. Of other kinds than lines a session has too few to make it pay. */
ROW_INLINE char *row_head(struct row *row, char *to, const struct record *record, const struct style *style)
{
    struct stencil *stencil = &row->stencil;
    bool again = stencil_like(stencil, record);
    const struct span head = { .end = HEAD_END, .start = again ? to : NULL };
    stencil_begin(stencil, record);
    char *end = row_fields(row, KIND_LINE, head, to, record, style);
    if (again)
        stencil_end(stencil, (struct str){ to, (size_t)(end - to) });
    return end;
}

/* A line. */
ROW_INLINE void row_line(struct row *row, struct buf *out, const struct record *record,
                         const struct style *style)
{
    struct stencil *stencil = &row->stencil;
    const struct span behind = { .first = HEAD_END, .end = FIELD_count };
    char *start = row_begin(row, KIND_LINE, out, record), *to;
    if (!start)
        return;
    if (stencil->ready && stencil_like(stencil, record) && stencil_write(stencil, start, record))
        to = start + stencil->length;
    else
        to = row_head(row, start, record, style);
    to = row_fields(row, KIND_LINE, behind, to, record, style);
    out->n = (size_t)(style->end(start, to) - out->p);
}

#endif
