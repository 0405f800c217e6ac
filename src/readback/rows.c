/* Where rows end is found by their quotes, just as libcsv does, so that what is a row here is one to whoever reads the
 * answer; values are found by libcsv and jansson. Most records need no parser: in front of the first quote of a row stand
 * cells with commas between, and in a line the bytes "time":" can only be a key and the start of its value, as a quote
 * inside of a text has a backslash before it. What is written in another way goes through jansson. */
#include "readback/rows.h"

#include "base/scan.h"
#include "base/utf8.h"
#include "readback/csv.h"
#include "readback/flat.h"
#include "readback/value.h"
#include "tcplog/record.h"

#include <jansson.h>

static const enum field_id fields[WANTED_COUNT] = {
    [WANTED_SESSION] = FIELD_session_id, [WANTED_TIME] = FIELD_time
};
static const struct str starts[WANTED_COUNT] = {
    [WANTED_SESSION] = { "\"session_id\":\"", 14 },
    [WANTED_TIME] = { "\"time\":\"", 8 },
};

/* A header never begins with a brace, and a JSON object with nothing else. */
bool rows_open(struct rows *rows, struct stream *stream)
{
    int first = stream_sniff(stream);
    *rows = (struct rows){ .stream = stream, .csv = first >= 0 && first != '{' };
    /* RFC 8259 8.1: a reader of JSON may ignore it */
    if (!rows->csv && stream_begins(stream, STR(BYTE_ORDER_MARK)))
        stream_pass(stream, STR(BYTE_ORDER_MARK).n);
    return csv_parser_open(&rows->parser);
}

static bool is_empty(struct str line)
{
    return str_equal(line, STR("\n")) || str_equal(line, STR("\r\n")) || str_equal(line, STR("\r"));
}

/* In an open cell: answers where to go on, behind the quote that closes it or behind two that stand for one. */
static size_t leave_cell(struct rows *rows, struct str line, size_t at)
{
    const char *quote = memchr(line.p + at, '"', line.n - at);
    if (!quote)
        return line.n;
    struct str rest = str_from(line, (size_t)(quote - line.p) + 1);
    if (str_starts(rest, STR("\"")))
        return line.n - rest.n + 1;
    rows->open = false;
    rows->broken = rest.n > 0 && rest.p[0] != ',' && rest.p[0] != '\r' && rest.p[0] != '\n';
    return line.n - rest.n;
}

/* How much of the line belongs to the row: all of it, or up to a CR without LF. */
static size_t row_end(struct rows *rows, struct str line)
{
    struct str mark = STR(BYTE_ORDER_MARK);
    size_t start = rows->stream->number == 1 && str_starts(line, mark) ? mark.n : 0;
    for (size_t at = 0; at < line.n && !rows->broken;) {
        if (rows->open) {
            at = leave_cell(rows, line, at);
            continue;
        }
        at += scan_plain(line.p + at, line.n - at, '"', '\r', 0);
        if (at < line.n && line.p[at] == '"') {
            rows->broken = at != start && line.p[at - 1] != ',';
            rows->open = !rows->broken;
        } else if (at + 1 < line.n && line.p[at] == '\r' && line.p[at + 1] != '\n') {
            return at + 1;
        }
        at++;
    }
    return line.n;
}

/* The part of a line that belongs to the row. Of one that is too long only the number of quotes is known. */
static struct str take_part(struct rows *rows, struct str line)
{
    struct stream *stream = rows->stream;
    if (stream->too_long) {
        rows->too_long = true;
        rows->open ^= stream->quotes % 2;
        return line;
    }
    size_t n = row_end(rows, line);
    stream_return(stream, line.n - n);
    return str_upto(line, n);
}

static void keep_part(struct rows *rows, struct str part)
{
    rows->too_long |= part.n > STREAM_LINE_MOST - rows->row.n;
    if (rows->too_long)
        rows->row.n = 0;
    else
        tcplog_buf_add(&rows->row, part);
    if (rows->row.status == TCPLOG_OK)
        return;
    rows->stream->status = rows->row.status;
    rows->stream->end = STREAM_FAILED;
}

/* Lines are joined until no cell is open. Empty ones between rows are none, as to libcsv. */
static bool next_row(struct rows *rows, struct str *row)
{
    struct str line;
    struct stream *stream = rows->stream;
    bool begun = rows->open = rows->broken = rows->too_long = false;
    for (rows->row.n = 0; (!begun || rows->open) && stream_line(stream, &line);) {
        *row = take_part(rows, line);
        if (!begun && !rows->too_long && is_empty(*row))
            continue;
        if (!begun && !rows->open)
            return true;
        begun = true;
        keep_part(rows, *row);
    }
    *row = buf_str(&rows->row);
    /* who never closes a cell has no records in it */
    rows->too_long &= !rows->open;
    /* a row that damage has cut is lost */
    return begun && (!rows->open || stream->end == STREAM_WHOLE || stream->end == STREAM_OPEN);
}

static bool next_line(struct rows *rows, struct str *line)
{
    bool any = stream_line(rows->stream, line);
    rows->too_long = rows->stream->too_long;
    return any;
}

bool rows_next(struct rows *rows, struct str *row)
{
    return (rows->csv ? next_row : next_line)(rows, row);
}

static void fail(struct rows *rows)
{
    rows->stream->status = TCPLOG_MEMORY;
    rows->stream->end = STREAM_FAILED;
}

static void keep(struct excerpt *value, struct str text)
{
    value->n = text.n <= WANTED_MOST ? text.n : 0;
    if (value->n)
        memcpy(value->text, text.p, value->n);
}

/* What damage has made of a name is hardly ever text. */
static bool is_text(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < ' ')
            return false;
    return utf8_valid(name);
}

/* libcsv's callback. */
static void on_cell(void *data, size_t n, void *context)
{
    struct rows *rows = context;
    const struct str text = { data ? data : "", n };
    rows->column++;
    if (rows->in_header) {
        enum field_id id = column_find(text, (enum field_id)((rows->column - 1) % FIELD_count));
        /* a column of somebody else's may be called "time" or "user" */
        rows->known |= id == FIELD_kind;
        rows->garbled |= !is_text(text);
        rows->kind_first |= id == FIELD_kind && rows->column == 1;
    }
    for (int i = 0; i < WANTED_COUNT; i++) {
        if (rows->in_header && str_equal(text, str_of(tcplog_fields[fields[i]].name)))
            rows->columns[i] = rows->column;
        else if (!rows->in_header && rows->columns[i] == rows->column)
            keep(&rows->values[i], text);
    }
}

static void on_row(int terminator, void *context)
{
    (void)terminator;
    ((struct rows *)context)->column = 0;
}

/* A row that is none has no values: false. */
static bool parse_csv(struct rows *rows, struct str row)
{
    rows->column = 0;
    if (csv_parse(&rows->parser, row.p, row.n, on_cell, on_row, rows) == row.n &&
        csv_fini(&rows->parser, on_cell, on_row, rows) == 0)
        return true;
    if (csv_error(&rows->parser) == CSV_ENOMEM)
        fail(rows);
    memset(rows->values, 0, sizeof(rows->values));
    csv_free(&rows->parser);
    csv_parser_open(&rows->parser);
    return false;
}

bool rows_head(struct rows *rows, struct str row)
{
    csv_take_mark(&row);
    rows->in_header = true;
    rows->known &= parse_csv(rows, row) && !rows->garbled;
    rows->in_header = false;
    return rows->known;
}

static void parse_json(struct rows *rows, struct str line)
{
    json_error_t error;
    bool starved;
    json_t *record = json_read(line, 0, &error, &starved);
    if (starved)
        fail(rows);
    for (int i = 0; i < WANTED_COUNT; i++) {
        const json_t *value = json_object_get(record, tcplog_fields[fields[i]].name);
        keep(&rows->values[i], (struct str){ json_string_value(value), json_string_length(value) });
    }
    json_decref(record);
}

/* False: it takes a parser to say whether the record has it. */
static bool find_json(struct str line, enum wanted wanted, struct excerpt *value)
{
    struct str start = starts[wanted], key = str_upto(start, start.n - 2);
    const char *found = memmem(line.p, line.n, start.p, start.n);
    if (!found)
        return !memmem(line.p, line.n, key.p, key.n);
    struct str rest = str_from(line, (size_t)(found - line.p) + start.n);
    const char *end = memchr(rest.p, '"', rest.n);
    if (!end || (found > line.p && found[-1] == '\\') || memchr(rest.p, '\\', (size_t)(end - rest.p)))
        return false;
    keep(value, str_upto(rest, (size_t)(end - rest.p)));
    return true;
}

/* The cells up to the last one that is wanted, where no quote stands in any of them. False: it takes a parser. */
static bool find_csv(struct rows *rows, struct str row)
{
    size_t last = 0, at = 0;
    for (int i = 0; i < WANTED_COUNT; i++)
        last = rows->columns[i] > last ? rows->columns[i] : last;
    for (size_t column = 1; column <= last; column++) {
        struct str rest = str_from(row, at);
        const char *comma = memchr(rest.p, ',', rest.n);
        if (!comma)
            return false;
        struct str cell = str_upto(rest, (size_t)(comma - rest.p));
        for (int i = 0; i < WANTED_COUNT; i++)
            if (rows->columns[i] == column)
                keep(&rows->values[i], cell);
        at += cell.n + 1;
    }
    return !memchr(row.p, '"', at);
}

void rows_look(struct rows *rows, struct str row)
{
    memset(rows->values, 0, sizeof(rows->values));
    if (rows->csv && find_csv(rows, row))
        return;
    if (rows->csv)
        parse_csv(rows, row);
    else if (!find_json(row, WANTED_SESSION, &rows->values[WANTED_SESSION]) ||
             !find_json(row, WANTED_TIME, &rows->values[WANTED_TIME]))
        parse_json(rows, row);
}

/* --- what is a record --- */

/* Of any kind: only the header says of which the file is. */
static bool begins_with_kind(struct str row)
{
    bool quoted = row.n > 0 && row.p[0] == '"';
    struct str cell = str_from(row, quoted);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct str name = str_of(tcplog_kind_names[kind]);
        if (!str_starts(cell, name))
            continue;
        char end = cell.n > name.n ? cell.p[name.n] : '\n';
        return quoted ? end == '"' : end == ',' || end == '\r' || end == '\n';
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct str trimmed(struct str text)
{
    while (text.n && is_blank(text.p[text.n - 1]))
        text.n--;
    while (text.n && is_blank(text.p[0]))
        text = str_from(text, 1);
    return text;
}

/* Whether this is JSON, and has a kind. */
static bool has_kind(struct rows *rows, struct str line)
{
    json_error_t error;
    bool starved;
    json_t *record = json_read(line, 0, &error, &starved);
    const char *kind = json_string_value(json_object_get(record, tcplog_fields[FIELD_kind].name));
    bool found = kind && kind_named(kind) != KIND_COUNT;
    rows->foreign = record && !found;
    if (starved)
        fail(rows);
    json_decref(record);
    return found;
}

bool rows_is_record(struct rows *rows, struct str row)
{
    if (rows->csv)
        return rows->known && !rows->open && !rows->broken && (!rows->kind_first || begins_with_kind(row));
    struct str text = trimmed(row);
    bool found = flat_is_record(text) || has_kind(rows, text);
    rows->known |= found;
    return found;
}

void rows_close(struct rows *rows)
{
    csv_free(&rows->parser);
    tcplog_buf_free(&rows->row);
}
