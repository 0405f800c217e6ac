/* CSV by libcsv, cell by cell: nothing of a row is kept. It owns the header (which column holds which field) and the
 * place in the row; the values are value.c's.
 *
 * libcsv knows no line numbers, so it is fed line by line: a row that begins inside a line began with that line,
 * unless the line was fed while a quoted cell was open. */
#include "readback/csv.h"

#include "base/utf8.h"

/* More columns than any header of ours, and longer names; what goes beyond is counted but not checked. */
enum { COLUMNS_MOST = 512, NAME_MOST = 64 };

struct table {
    const struct rules *rules;
    struct problems *problems;
    struct csv_parser parser;
    enum kind kind;                     /* KIND_COUNT until the header is complete */
    enum field_id fields[COLUMNS_MOST]; /* FIELD_count: no field of this kind */
    size_t columns;                     /* of the header */
    size_t column;                      /* of the row being read */
    bool absent[FIELD_count];           /* not in the header: reported there, not in every row */
    struct presence presence;           /* of the row being read */
    struct buf strange;                 /* NUL-ended names of columns that no kind has */
    uint64_t rows;
    bool guarded;   /* the file begins with a byte order mark */
    bool row_ended; /* within the line fed last */
    bool hopeless;  /* no use to read on */
};

/* A cell of the header. Its kind cannot be told yet: all kinds begin with the same columns. */
static void heading(struct table *table, struct str name)
{
    if (table->column >= COLUMNS_MOST)
        return;
    enum field_id id = column_find(name, (enum field_id)(table->column % FIELD_count));
    table->fields[table->column] = id;
    if (id != FIELD_count)
        return;
    /* not reported yet: if no column is known, the file is no export, and that is all there is to say */
    char shown[NAME_MOST + 1] = "";
    memcpy(shown, name.p, name.n < NAME_MOST ? name.n : NAME_MOST);
    tcplog_buf_add(&table->strange, (struct str){ shown, strlen(shown) + 1 });
}

/* A cell of a row that holds something. What stands in a column that was found fault with is nobody's value. */
static void cell(struct table *table, struct str text)
{
    enum field_id id = table->column < COLUMNS_MOST ? table->fields[table->column] : FIELD_count;
    if (table->column >= table->columns || id == FIELD_count)
        return;
    table->presence.has[id] = true;
    if (table->guarded && str_starts(text, STR("'")))
        text = str_from(text, 1);
    value_check(table->rules, table->problems, id, found_cell(id, text));
    if (id == FIELD_kind) {
        enum kind kind = kind_named(text.p);
        /* a name that is none at all was reported just now */
        if (kind != KIND_COUNT && kind != table->kind)
            problem(table->problems, FAULT_KIND, tcplog_fields[id].name);
    }
}

/* libcsv's callback: `data` is NULL for an empty cell without quotes, which means missing. */
static void on_cell(void *data, size_t n, void *context)
{
    struct table *table = context;
    struct str text = { data ? data : "", n };
    if (table->hopeless)
        return;
    if (table->kind == KIND_COUNT)
        heading(table, text);
    else if (data)
        cell(table, text);
    table->column++;
}

static size_t columns_known(const struct table *table)
{
    return table->column < COLUMNS_MOST ? table->column : COLUMNS_MOST;
}

/* The kind that most of the columns belong to, so that one stray column does not hide what the file is. */
static enum kind header_kind(const struct table *table)
{
    size_t most = 0;
    enum kind best = KIND_COUNT;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        size_t count = 0;
        for (size_t i = 0; i < columns_known(table); i++)
            count += table->fields[i] != FIELD_count && column_in(table->fields[i], (enum kind)kind);
        if (count > most) {
            most = count;
            best = (enum kind)kind;
        }
    }
    return best;
}

/* Reported only now that the file is known to be one of ours. */
static void header_strange(struct table *table)
{
    for (size_t at = 0; at < table->strange.n; at += strlen(table->strange.p + at) + 1)
        problem_foreign(table->problems, FAULT_COLUMN_UNKNOWN, str_of(table->strange.p + at));
}

/* Columns of another kind and columns that stand twice; what is left in `fields` is to be checked. */
static void header_columns(struct table *table)
{
    bool seen[FIELD_count] = { false };
    for (size_t i = 0; i < columns_known(table); i++) {
        enum field_id id = table->fields[i];
        if (id == FIELD_count)
            continue;
        if (!column_in(id, table->kind) || seen[id]) {
            enum fault fault = seen[id] ? FAULT_COLUMN_TWICE : FAULT_COLUMN_UNKNOWN;
            problem(table->problems, fault, tcplog_fields[id].name);
            table->fields[i] = FIELD_count;
            continue;
        }
        seen[id] = true;
    }
    for (int id = 0; id < FIELD_count; id++) {
        table->absent[id] = !seen[id];
        if (!seen[id] && column_in((enum field_id)id, table->kind))
            problem(table->problems, FAULT_COLUMN_MISSING, tcplog_fields[id].name);
    }
}

/* The order is worth a word only if nothing is missing or added: otherwise every column behind is out of place. */
static void header_order(struct table *table)
{
    enum field_id wanted[FIELD_count];
    size_t count = columns_of(table->kind, wanted);
    for (size_t i = 0; i < count && i < columns_known(table); i++) {
        if (table->fields[i] == wanted[i])
            continue;
        problem(table->problems, FAULT_COLUMN_PLACE, tcplog_fields[wanted[i]].name);
        return;
    }
}

/* From here on `kind` is set and the rows can be read; the reports stand at the header's line. */
static void header_end(struct table *table)
{
    uint64_t before = table->problems->count;
    table->kind = header_kind(table);
    table->columns = table->column;
    if (table->kind == KIND_COUNT) {
        problem(table->problems, FAULT_FORMAT, NULL);
        table->hopeless = true;
        return;
    }
    header_strange(table);
    header_columns(table);
    if (table->problems->count == before)
        header_order(table);
}

/* A row is counted whatever is wrong with it. */
static void row_end(struct table *table)
{
    table->rows++;
    /* cells are shifted: what seems missing may stand in the next column */
    if (table->column != table->columns) {
        problem(table->problems, FAULT_CELLS, NULL);
        return;
    }
    for (int id = 0; id < FIELD_count; id++)
        table->presence.has[id] |= table->absent[id];
    presence_check(&table->presence, table->problems, table->kind);
}

/* Also after a broken row: its cells so far count for nothing. */
static void row_begin(struct table *table)
{
    table->column = 0;
    table->presence = (struct presence){ 0 };
}

/* The first row that ends is the header. */
static void on_row(int terminator, void *context)
{
    struct table *table = context;
    (void)terminator;
    if (table->hopeless)
        return;
    if (table->kind == KIND_COUNT)
        header_end(table);
    else
        row_end(table);
    table->row_ended = true;
    row_begin(table);
}

/* libcsv would trim blanks; RFC 4180 says that they are part of the cell. */
static int never_blank(unsigned char c)
{
    (void)c;
    return 0;
}

/* STRICT finds stray quotes, FINI an open one at the end, APPEND_NULL is for regexec, and EMPTY_IS_NULL tells the
 * empty text ("") from the missing one. */
bool csv_parser_open(struct csv_parser *parser)
{
    unsigned char options = CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL;
    if (csv_init(parser, options) != 0)
        return false;
    csv_set_space_func(parser, never_blank);
    return true;
}

/* A quote in the wrong place: the row is lost, and reading goes on with the next line. */
static bool broken(struct table *table)
{
    if (csv_error(&table->parser) != CSV_EPARSE)
        return false;
    /* in a header without one column of ours it is no wonder */
    bool foreign = table->kind == KIND_COUNT && header_kind(table) == KIND_COUNT;
    problem(table->problems, foreign ? FAULT_FORMAT : FAULT_CSV, NULL);
    if (table->kind == KIND_COUNT)
        table->hopeless = true;
    else
        table->rows++;
    row_begin(table);
    table->row_ended = true;
    csv_free(&table->parser);
    return csv_parser_open(&table->parser);
}

/* Feeds one line; false: no memory. */
static bool feed(struct table *table, struct str line)
{
    table->row_ended = false;
    if (csv_parse(&table->parser, line.p, line.n, on_cell, on_row, table) != line.n)
        return broken(table);
    return table->strange.status == TCPLOG_OK;
}

bool csv_take_mark(struct str *header)
{
    struct str mark = STR(BYTE_ORDER_MARK);
    bool there = str_starts(*header, mark);
    *header = str_from(*header, there ? mark.n : 0);
    return there;
}

static bool is_blank(struct str line)
{
    return str_equal(line, STR("\n")) || str_equal(line, STR("\r\n"));
}

/* Feeds line after line and keeps the number of the one on which the present row began. */
static bool feed_all(struct table *table, struct stream *stream)
{
    struct str line;
    size_t row_bytes = 0; /* of the present row, so far; 0: the next line begins one */
    /* a quoted cell may hold line ends: its row goes on over several lines */
    while (!table->hopeless && stream_line(stream, &line)) {
        if (row_bytes == 0) {
            table->problems->line = stream->number;
            /* no row begins here, and libcsv would not say so */
            if (is_blank(line))
                continue;
        }
        if (stream->number == 1)
            table->guarded = csv_take_mark(&line);
        row_bytes += line.n;
        if (stream->too_long || row_bytes > STREAM_LINE_MOST) {
            problem(table->problems, FAULT_TOO_LONG, NULL);
            table->hopeless = true;
        } else if (!feed(table, line)) {
            return false;
        }
        if (table->row_ended)
            row_bytes = 0;
    }
    return true;
}

/* The last row may lack its line end; it may not lack its closing quote. After damage it is not the file's fault. */
static bool finish(struct table *table, const struct stream *stream)
{
    if (table->hopeless || stream->end == STREAM_DAMAGED || stream->end == STREAM_FAILED)
        return true;
    if (csv_fini(&table->parser, on_cell, on_row, table) != 0)
        return broken(table);
    /* line ends, and nothing else */
    table->problems->line = table->kind == KIND_COUNT ? 0 : table->problems->line;
    if (table->kind == KIND_COUNT && !table->hopeless)
        problem(table->problems, FAULT_FORMAT, NULL);
    return true;
}

bool csv_check(struct stream *stream, const struct rules *rules, struct problems *problems, uint64_t *records)
{
    struct table table = { .rules = rules, .problems = problems, .kind = KIND_COUNT };
    bool memory = csv_parser_open(&table.parser) && feed_all(&table, stream) && finish(&table, stream);
    *records = table.rows;
    csv_free(&table.parser);
    tcplog_buf_free(&table.strange);
    return memory;
}
