/* CSV (RFC 4180): a header, CRLF, cells quoted only where they need it, so that numbers and most text go out as they
 * are. Missing is nothing between two commas, empty text is "". A list is its JSON array. */
#include "base/base64.h"
#include "base/decimal.h"
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

/* A mark of CSV inside, blanks at an end that readers would strip, or nothing at all. */
static bool needs_quotes(struct str text)
{
    if (text.n == 0 || is_blank(text.p[0]) || is_blank(text.p[text.n - 1]))
        return true;
    for (size_t i = 0; i < text.n; i++) {
        i += scan_plain(text.p + i, text.n - i, '"', ',', '\r');
        if (i < text.n && strchr("\",\r\n", text.p[i]))
            return true;
    }
    return false;
}

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

static void put_text(struct buf *out, struct str text)
{
    char *to = tcplog_buf_room(out, text.n * 2 + 2 + ROW_SLACK);
    if (!to)
        return;
    if (needs_quotes(text)) {
        to = quote(to, text);
    } else {
        memcpy(to, text.p, text.n);
        to += text.n;
    }
    out->n = (size_t)(to - out->p);
}

static void put_bytes(struct buf *out, struct str bytes)
{
    char *to = tcplog_buf_room(out, base64_length(bytes.n) + ROW_SLACK);
    if (to)
        out->n = (size_t)(base64_encode(to, bytes) - out->p);
}

static void put_list(struct buf *out, struct list list)
{
    struct buf json = { 0 };
    json_list(&json, list, 0);
    put_text(out, buf_str(&json));
    tcplog_buf_free(&json);
}

static void put_plain(struct buf *out, struct str text)
{
    memcpy(out->p + out->n, text.p, text.n);
    out->n += text.n;
}

static void put_value(struct buf *out, enum field_id id, const union value *value)
{
    switch (tcplog_fields[id].type) {
    case TYPE_TEXT: put_text(out, value->text); break;
    case TYPE_NAME:
    case TYPE_TIME: put_plain(out, value->text); break;
    case TYPE_NUMBER: out->n = (size_t)(decimal(out->p + out->n, value->number) - out->p); break;
    case TYPE_FLAG: put_plain(out, value->number ? STR("true") : STR("false")); break;
    case TYPE_LIST: put_list(out, value->list); break;
    case TYPE_BYTES: put_bytes(out, value->text); break;
    }
}

/* Every cell ends with a comma; the row turns the last one into its line end. */
static inline void put(struct buf *out, enum field_id id, const struct record *record)
{
    if (out->status != TCPLOG_OK)
        return;
    if (record_has(record, id))
        put_value(out, id, &record->values[id]);
    out->p[out->n++] = ',';
}

static void csv_record(void *state, struct buf *out, const struct record *record)
{
    struct row *row = &((struct state *)state)->row;
    if (!tcplog_buf_room(out, (size_t)RUNS_MOST * RUN_TEXT + ROW_SLACK))
        return;
    row_write(row, out, record, put);
    if (out->status == TCPLOG_OK && tcplog_buf_room(out, 2)) {
        memcpy(out->p + out->n - 1, "\r\n", 2);
        out->n++;
    }
}

static void csv_begin(void *state, struct buf *out, enum kind kind)
{
    struct row *row = &((struct state *)state)->row;
    row_plan(row, kind);
    for (size_t i = 0; i < row->column_count; i++) {
        if (i)
            tcplog_buf_add(out, STR(","));
        tcplog_buf_add(out, str_of(tcplog_fields[row->columns[i]].name));
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
    .end = csv_end,
};
