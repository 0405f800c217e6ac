/* What the writers of CSV (RFC 4180) share: cells, quoted only where they need it, what stands behind them, and the header.
 * What a value looks like in its cell is each writer's own. */
#ifndef WRITER_CELL_H
#define WRITER_CELL_H

#include "base/scan.h"
#include "writer/rows.h"

/* The state of a writer. */
struct table_state {
    struct row row;
    struct runs again[AGAIN_RUNS];
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether one of the marks is there. A scan stops at all control characters up to CR, for one comparison finds both CR
 * and LF; of these a tab needs no quotes. */
static bool has_mark(struct str text)
{
    size_t i = 0;
    while ((i += scan_plain(text.p + i, text.n - i, '"', ',', '\r')) < text.n)
        if (strchr("\",\r\n", text.p[i++]))
            return true;
    return false;
}

/* Doubles the quotes inside of a quoted cell (RFC 4180 2, rule 7). */
static char *put_doubled(char *to, struct str text)
{
    while (text.n) {
        const char *mark = memchr(text.p, '"', text.n);
        size_t n = mark ? (size_t)(mark - text.p) + 1 : text.n;
        memcpy(to, text.p, n);
        to += n;
        if (mark)
            *to++ = '"';
        text = str_from(text, n);
    }
    return to;
}

static char *quote(char *to, struct str text)
{
    *to++ = '"';
    to = put_doubled(to, text);
    *to++ = '"';
    return to;
}

/* The rarer case. */
static __attribute__((noinline)) char *put_again(char *to, struct str text, bool quoted)
{
    return quoted || has_mark(text) ? quote(to, text) : to + text.n;
}

/* What was copied while it was looked at is done again in quotes in the rarer case: a mark inside (RFC 4180 2, rule 6),
 * blanks at an end that readers would strip, or nothing at all. */
ROW_INLINE char *put_copied(char *to, struct str text, bool plain)
{
    bool quoted = text.n == 0 || is_blank(text.p[0]) || is_blank(text.p[text.n - 1]);
    return plain && !quoted ? to + text.n : put_again(to, text, quoted);
}

ROW_INLINE char *put_text(char *to, struct str text)
{
    return put_copied(to, text, scan_copy_all(to, text.p, text.n, '"', ',', '\r'));
}

/* One for all: there are many fields of it, and it is long. */
static __attribute__((noinline)) char *call_text(char *to, struct str text)
{
    return put_text(to, text);
}

/* Every cell ends with a comma; the row turns the last one into its line end. */
ROW_INLINE char *put_comma(char *to)
{
    *to++ = ',';
    return to;
}

ROW_INLINE char *put_flag(char *to, bool flag)
{
    memcpy(to, flag ? "true" : "false", 5);
    return to + (flag ? 4 : 5);
}

/* The last comma becomes the CR. */
ROW_INLINE char *put_line_end(char *start, char *to)
{
    (void)start;
    to[-1] = '\r';
    *to++ = '\n';
    return to;
}

/* Plans the rows of a kind, and writes the names of their columns. */
static inline void put_header(struct table_state *state, struct buf *out, enum kind kind)
{
    enum field_id ids[FIELD_count];
    size_t count = columns_of(kind, ids);
    row_ready(state->again);
    row_plan(&state->row, kind, state->again);
    for (size_t i = 0; i < count; i++) {
        if (i)
            tcplog_buf_add(out, STR(","));
        tcplog_buf_add(out, str_of(tcplog_fields[ids[i]].name));
    }
    tcplog_buf_add(out, STR("\r\n"));
}

#endif
