/* JSON Lines: one object a record, keys in the order of the table, what is missing left out. */
#include "base/base64.h"
#include "writer/json_text.h"
#include "writer/row.h"

/* ",\"name\":" for each field, padded, so that a key is copied in words of fixed size; a name that is too long is
 * refused by the compiler. */
static const struct key {
    uint8_t length;
    char text[31];
} keys[] = {
#define FIELD(name, ...) { sizeof(",\"" #name "\":") - 1, ",\"" #name "\":" },
#include "fields.def"
#undef FIELD
};

struct state {
    struct row rows[KIND_COUNT];
};

static inline char *put_quoted(char *to, struct str text)
{
    *to++ = '"';
    to = row_copy(to, text.p, text.n);
    *to++ = '"';
    return to;
}

static char *put_bytes(char *to, struct str bytes)
{
    *to++ = '"';
    to = base64_encode(to, bytes);
    *to++ = '"';
    return to;
}

static inline __attribute__((always_inline)) char *put(const struct row *row, char *to, enum field_id id,
                                                       const union value *value)
{
    memcpy(to, keys[id].text, sizeof(keys[id].text));
    to += keys[id].length;
    switch (row->types[id]) {
    case TYPE_NUMBER: return decimal(to, value->number);
    case TYPE_TEXT: return json_text(to, value->text);
    case TYPE_FLAG: return row_copy(to, value->number ? "true" : "false", value->number ? 4 : 5);
    case TYPE_LIST: return json_list(to, value->list);
    case TYPE_BYTES: return put_bytes(to, value->text);
    default: return put_quoted(to, value->text);
    }
}

/* The comma before the first key opens the object: no field has to know that it is the first. */
static inline char *put_braces(char *start, char *to)
{
    *start = '{';
    *to++ = '}';
    *to++ = '\n';
    return to;
}

/* Behind a name or a time stands its quote, behind a number nothing. */
static const struct style style = { .put = put, .end = put_braces, .behind_quote = 1 };

static struct row *row_of(void *state, enum kind kind)
{
    struct row *row = &((struct state *)state)->rows[kind];
    if (!row->planned)
        row_plan(row, kind);
    return row;
}

static void put_object(struct row *row, struct buf *out, const struct record *record)
{
    row_record(row, out, record, &style);
}

static void jsonl_record(void *state, struct buf *out, const struct record *record)
{
    put_object(row_of(state, record->kind), out, record);
}

static void jsonl_sequel(void *state, struct buf *out, const struct record *first,
                         const struct sequel *sequel)
{
    row_sequel(row_of(state, first->kind), out, first, sequel, put_object, &style);
}

static void jsonl_begin(void *state, struct buf *out, enum kind kind)
{
    (void)state;
    (void)out;
    (void)kind;
}

static void jsonl_end(void *state, struct buf *out)
{
    (void)state;
    (void)out;
}

const struct writer writer_jsonl = {
    .name = "jsonl",
    .suffix = ".jsonl",
    .summary = "JSON Lines, one object a record; any kinds together",
    .state_size = sizeof(struct state),
    .begin = jsonl_begin,
    .record = jsonl_record,
    .sequel = jsonl_sequel,
    .end = jsonl_end,
};
