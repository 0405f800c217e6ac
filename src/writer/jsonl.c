/* JSON Lines: one object a record, keys in the order of the table, what is missing left out. */
#include "base/base64.h"
#include "base/decimal.h"
#include "writer/json_text.h"
#include "writer/row.h"

#define FIELD(name, ...) { ",\"" #name "\":", sizeof(",\"" #name "\":") - 1 },
static const struct str keys[] = {
#include "fields.def"
};
#undef FIELD

struct state {
    struct row rows[KIND_COUNT];
};

static void put_quoted(struct buf *out, struct str text)
{
    char *to = out->p + out->n;
    to[0] = '"';
    memcpy(to + 1, text.p, text.n);
    to[text.n + 1] = '"';
    out->n += text.n + 2;
}

static void put_bytes(struct buf *out, struct str bytes)
{
    char *to = tcplog_buf_room(out, base64_length(bytes.n) + 2 + ROW_SLACK);
    if (!to)
        return;
    *to++ = '"';
    to = base64_encode(to, bytes);
    *to++ = '"';
    out->n = (size_t)(to - out->p);
}

static void put_value(struct buf *out, enum field_id id, const union value *value)
{
    switch (tcplog_fields[id].type) {
    case TYPE_TEXT: json_text(out, value->text, ROW_SLACK); break;
    case TYPE_NAME:
    case TYPE_TIME: put_quoted(out, value->text); break;
    case TYPE_NUMBER: out->n = (size_t)(decimal(out->p + out->n, value->number) - out->p); break;
    case TYPE_FLAG: tcplog_buf_add(out, value->number ? STR("true") : STR("false")); break;
    case TYPE_LIST: json_list(out, value->list, ROW_SLACK); break;
    case TYPE_BYTES: put_bytes(out, value->text); break;
    }
}

static inline void put(struct buf *out, enum field_id id, const struct record *record)
{
    if (!record_has(record, id) || out->status != TCPLOG_OK)
        return;
    memcpy(out->p + out->n, keys[id].p, keys[id].n);
    out->n += keys[id].n;
    put_value(out, id, &record->values[id]);
}

static void jsonl_record(void *state, struct buf *out, const struct record *record)
{
    struct row *row = &((struct state *)state)->rows[record->kind];
    size_t start = out->n;
    if (!row->planned)
        row_plan(row, record->kind);
    if (!tcplog_buf_room(out, (size_t)RUNS_MOST * RUN_TEXT + ROW_SLACK))
        return;
    row_write(row, out, record, put);
    /* the comma before the first key opens the object: no field has to know that it is the first */
    if (out->status == TCPLOG_OK && tcplog_buf_room(out, 2)) {
        out->p[start] = '{';
        memcpy(out->p + out->n, "}\n", 2);
        out->n += 2;
    }
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
    .end = jsonl_end,
};
