/* The rows of a style: of each kind, and lines with their sequels, which are written in one go. What is done most, to follow
 * a line with those that are like it, is compiled twice (base/wide.h). */
#ifndef WRITER_ROWS_H
#define WRITER_ROWS_H

#include "writer/row.h"

/* The text that each line of a sequel has of its own. */
#define ROW_TEXT ((struct place){ FIELD_text, TYPE_TEXT, LIFE_EVENT, L })

/* The strip for the sequel of a line that was just written. What stands between its head and its text, and behind that,
 * is written once more where the next line will stand, to see where it ends. */
ROW_INLINE bool row_strip(struct row *row, struct buf *out, const struct record *record, struct strip *strip,
                          const struct style *style)
{
    const struct span before = { .first = HEAD_END, .end = FIELD_text },
                      after = { .first = FIELD_text + 1, .end = FIELD_count };
    bool alone = record_has(record, FIELD_text) && !record_has(record, FIELD_text_base64);
    char *to = row->stencil.ready && alone ? row_begin(row, KIND_LINE, out, record) : NULL;
    if (!to)
        return false;
    char *text = row_fields(row, KIND_LINE, before, to, record, style);
    if (style->key)
        text = style->key(text, ROW_TEXT);
    char *end = row_fields(row, KIND_LINE, after, style->behind(text), record, style);
    end = style->end(row->stencil.text, end);
    return stencil_strip(&row->stencil, record, (struct str){ to, (size_t)(text - to) },
                         (struct str){ text, (size_t)(end - text) }, strip);
}

/* Where the next line of a sequel is, and where it goes: room up to `limit`. */
struct follower {
    const struct sequel_line *line, *end;
    uint64_t steps;
    char *to, *limit;
};

/* Those that are near, which is known; false: no memory. */
ROW_INLINE bool row_follow_near(const struct row *row, struct buf *out, const struct strip *strip,
                                struct follower *next, const struct style *style)
{
    const struct near near = stencil_near(&row->stencil);
    const char *const text = row->stencil.text;
    const size_t most = row->room;
    do {
        size_t room = most + next->line->text.n * ESCAPE_LONGEST;
        if ((size_t)(next->limit - next->to) < room) {
            out->n = (size_t)(next->to - out->p);
            if (!tcplog_buf_room(out, room))
                return false;
            next->to = out->p + out->n;
            next->limit = out->p + out->capacity;
        }
        stencil_follow(text, strip, &near, next->steps, next->to, next->line);
        char *rest = style->text(next->to + strip->length, next->line->text);
        memcpy(rest, strip->rest, STENCIL_REST);
        next->to = rest + strip->rest_length;
        next->steps++;
        next->line++;
    } while (next->line < next->end && stencil_is_near(&near, next->steps, next->line->offset));
    return true;
}

/* What follows the line that was written last, from number i of its sequel on; answers how far it got. */
ROW_INLINE size_t row_follow(struct row *row, struct buf *out, const struct strip *of,
                             const struct sequel *sequel, size_t i, const struct style *style)
{
    const struct strip strip = *of;
    struct follower next = { .line = sequel->lines + i,
                             .end = sequel->lines + sequel->count,
                             .steps = strip.steps + 1,
                             .to = out->p + out->n,
                             .limit = out->p + out->capacity };
    while (next.line < next.end) {
        uint64_t steps = next.steps;
        if (!stencil_reach(&row->stencil, &steps, next.line->offset))
            break;
        next.steps = steps;
        if (!row_follow_near(row, out, &strip, &next, style))
            break;
    }
    out->n = (size_t)(next.to - out->p);
    return (size_t)(next.line - sequel->lines);
}

/* A writer's row_line() or row_record(), not inlined. */
typedef void put_row(struct row *row, struct buf *out, const struct record *record);

/* Its row_follow(). */
typedef size_t follow_row(struct row *row, struct buf *out, const struct strip *of,
                          const struct sequel *sequel, size_t i);

/* A line and its sequel: by a strip as long as it fits, made anew where it does not. */
ROW_INLINE void row_sequel(struct row *row, struct buf *out, const struct record *first,
                           const struct sequel *sequel, put_row *put, follow_row *follow,
                           const struct style *style)
{
    const struct record *record = first;
    struct sequel_room room;
    struct strip strip;
    size_t i = 0;
    put(row, out, record);
    while (i < sequel->count && out->status == TCPLOG_OK) {
        if (row_strip(row, out, record, &strip, style))
            i = follow(row, out, &strip, sequel, i);
        if (i == sequel->count)
            return;
        record = sequel_record(&room, first, sequel, i++);
        put(row, out, record);
    }
}

/* The functions of a style, compiled for it: what it shares, and a row of each kind. Turns are of lines, verbs
 * of exchanges, and replies of exchanges and messages alike. */
#define ROW_OF_EACH_KIND(style)                                                              \
    static char *put_session(const struct record *record, unsigned run, char *to)            \
    {                                                                                        \
        return row_render(record, record->kind, LIFE_SESSION, run, to, &(style));            \
    }                                                                                        \
    static char *put_turn(const struct record *record, unsigned run, char *to)               \
    {                                                                                        \
        return row_render(record, KIND_LINE, LIFE_TURN, run, to, &(style));                  \
    }                                                                                        \
    static char *put_verb(const struct record *record, unsigned run, char *to)               \
    {                                                                                        \
        return row_render(record, KIND_EXCHANGE, LIFE_VERB, run, to, &(style));              \
    }                                                                                        \
    static char *put_reply(const struct record *record, unsigned run, char *to)              \
    {                                                                                        \
        return row_render(record, KIND_EXCHANGE, LIFE_REPLY, run, to, &(style));             \
    }                                                                                        \
    static size_t follow(struct row *row, struct buf *out, const struct strip *of,           \
                         const struct sequel *sequel, size_t i)                              \
    {                                                                                        \
        return row_follow(row, out, of, sequel, i, &(style));                                \
    }                                                                                        \
    WIDE static size_t follow_wide(struct row *row, struct buf *out, const struct strip *of, \
                                   const struct sequel *sequel, size_t i)                    \
    {                                                                                        \
        return row_follow(row, out, of, sequel, i, &(style));                                \
    }                                                                                        \
    static void put_line(struct row *row, struct buf *out, const struct record *record)      \
    {                                                                                        \
        row_line(row, out, record, &(style));                                                \
    }                                                                                        \
    static void put_exchange(struct row *row, struct buf *out, const struct record *record)  \
    {                                                                                        \
        row_record(row, KIND_EXCHANGE, out, record, &(style));                               \
    }                                                                                        \
    static void put_message(struct row *row, struct buf *out, const struct record *record)   \
    {                                                                                        \
        row_record(row, KIND_MESSAGE, out, record, &(style));                                \
    }                                                                                        \
    static void put_whole(struct row *row, struct buf *out, const struct record *record)     \
    {                                                                                        \
        row_record(row, KIND_SESSION, out, record, &(style));                                \
    }

#endif
