/* CSV (RFC 4180): a header, CRLF, cells quoted only where they need it, so that numbers and most text go out as they
 * are. Missing is nothing between two commas, empty text is "". A list is its JSON array. */
#include "base/base64.h"
#include "base/scan.h"
#include "writer/json_text.h"
#include "writer/row.h"

struct state {
    struct row row;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether one of the marks stands behind the first `i` bytes, which scan_plain has passed. It stops at all control
 * characters up to CR, for one comparison finds both CR and LF; of these a tab needs no quotes. */
static bool has_mark(struct str text, size_t i)
{
    while (i < text.n && !strchr("\",\r\n", text.p[i]))
        i += 1 + scan_plain(text.p + i + 1, text.n - i - 1, '"', ',', '\r');
    return i < text.n;
}

/* Doubles the quotes inside (RFC 4180 2, rule 7). */
static char *quote(char *to, struct str text)
{
    *to++ = '"';
    while (text.n) {
        const char *mark = memchr(text.p, '"', text.n);
        size_t n = mark ? (size_t)(mark - text.p) + 1 : text.n;
        memcpy(to, text.p, n);
        to += n;
        if (mark)
            *to++ = '"';
        text = str_from(text, n);
    }
    *to++ = '"';
    return to;
}

/* Copies while it looks, and does it again in quotes in the rarer case: a mark inside (RFC 4180 2, rule 6), blanks
 * at an end that readers would strip, or nothing at all. */
static inline char *put_text(char *to, struct str text)
{
    size_t n = scan_copy(to, text.p, text.n, '"', ',', '\r');
    if (text.n == 0 || is_blank(text.p[0]) || is_blank(text.p[text.n - 1]) ||
        (n < text.n && has_mark(text, n)))
        return quote(to, text);
    if (n < text.n)
        memcpy(to + n, text.p + n, text.n - n);
    return to + text.n;
}

/* The array is made behind the place where its quoted form goes, which may be twice as long, for all in it are quotes:
 *
 *   to               to + 2 * room
 *   |"[""a"",""b""]" |["a","b"]        | */
static char *put_list(char *to, struct list list)
{
    size_t room = 2 + ROW_PAST;
    for (size_t i = 0; i < list.count; i++)
        room += list.items[i].n * ESCAPE_LONGEST + 3;
    char *json = to + 2 * room;
    return put_text(to, (struct str){ json, (size_t)(json_list(json, list) - json) });
}

/* Every cell ends with a comma; the row turns the last one into its line end. */
static inline __attribute__((always_inline)) char *put(const struct row *row, char *to, enum field_id id,
                                                       const union value *value)
{
    switch (row->types[id]) {
    case TYPE_NUMBER: to = decimal(to, value->number); break;
    case TYPE_TEXT: to = put_text(to, value->text); break;
    case TYPE_FLAG: to = row_copy(to, value->number ? "true" : "false", value->number ? 4 : 5); break;
    case TYPE_LIST: to = put_list(to, value->list); break;
    case TYPE_BYTES: to = base64_encode(to, value->text); break;
    default: to = row_copy(to, value->text.p, value->text.n); break;
    }
    *to++ = ',';
    return to;
}

static inline __attribute__((always_inline)) char *put_commas(char *to, unsigned count)
{
    /* up to 15 too many, which what comes next overwrites (ROW_PAST) */
    for (unsigned i = 0; i < count; i += 16)
        memset(to + i, ',', 16);
    return to + count;
}

/* The last comma becomes the CR. */
static inline char *put_line_end(char *start, char *to)
{
    (void)start;
    to[-1] = '\r';
    *to++ = '\n';
    return to;
}

/* Behind each value stands its comma. */
static const struct style style = {
    .put = put, .missing = put_commas, .end = put_line_end, .behind_number = 1, .behind_quote = 1
};

static void put_row(struct row *row, struct buf *out, const struct record *record)
{
    row_record(row, out, record, &style);
}

static void csv_record(void *state, struct buf *out, const struct record *record)
{
    put_row(&((struct state *)state)->row, out, record);
}

static void csv_sequel(void *state, struct buf *out, const struct record *first, const struct sequel *sequel)
{
    row_sequel(&((struct state *)state)->row, out, first, sequel, put_row, &style);
}

static void csv_begin(void *state, struct buf *out, enum kind kind)
{
    enum field_id ids[FIELD_count];
    size_t count = columns_of(kind, ids);
    row_plan(&((struct state *)state)->row, kind);
    for (size_t i = 0; i < count; i++) {
        if (i)
            tcplog_buf_add(out, STR(","));
        tcplog_buf_add(out, str_of(tcplog_fields[ids[i]].name));
    }
    tcplog_buf_add(out, STR("\r\n"));
}

static void csv_end(void *state, struct buf *out)
{
    (void)state;
    (void)out;
}

const struct writer writer_csv = {
    .name = "csv",
    .suffix = ".csv",
    .summary = "CSV by RFC 4180 with a header; one kind at a time",
    .one_kind = true,
    .state_size = sizeof(struct state),
    .begin = csv_begin,
    .record = csv_record,
    .sequel = csv_sequel,
    .end = csv_end,
};
