/* JSON Lines: one object a record, keys in the order of the table, what is missing left out. */
#include "base/base64.h"
#include "writer/json_text.h"
#include "writer/rows.h"

/* ",\"name\":" for each field, with the quote behind it where its values have one; padded, so that a key is copied in
 * words of fixed size. A name that is too long is refused by the compiler. */
#define QUOTE_TEXT "\""
#define QUOTE_NAME "\""
#define QUOTE_TIME "\""
#define QUOTE_BYTES "\""
#define QUOTE_NUMBER ""
#define QUOTE_FLAG ""
#define QUOTE_LIST ""
#define KEY(name, type) ",\"" #name "\":" QUOTE_##type
static const struct key {
    uint8_t length;
    char text[31];
} keys[] = {
#define FIELD(name, type, ...) { sizeof(KEY(name, type)) - 1, KEY(name, type) },
#include "fields.def"
#undef FIELD
};

struct state {
    struct row rows[KIND_COUNT];
    struct runs again[AGAIN_RUNS];
};

ROW_INLINE char *put_key(char *to, struct place place)
{
    const struct key *key = &keys[place.id];
    memcpy(to, key->text, key->length <= 16 ? 16 : sizeof(key->text));
    return to + key->length;
}

ROW_INLINE char *put_quote(char *to)
{
    *to++ = '"';
    return to;
}

/* Of a sequel. */
ROW_INLINE char *put_text(char *to, struct str text)
{
    const struct stops stops = row_stops[STOPS_JSON];
    return scan_copy_readable(to, text.p, text.n, stops.a, stops.b, stops.upto) ? to + text.n
                                                                                : json_escaped(to, text);
}

/* One for all: there are many fields of it, and it is long. Without the quote, so that its last call is a jump. */
static __attribute__((noinline)) char *call_text(char *to, struct str text)
{
    return json_inside(to, text);
}

ROW_INLINE char *put_flag(char *to, bool flag)
{
    memcpy(to, flag ? "true" : "false", 5);
    return to + (flag ? 4 : 5);
}

ROW_INLINE char *put_value(char *to, struct place place, const union value *value)
{
    switch (place.type) {
    case TYPE_NUMBER: return decimal(to, value->number);
    case TYPE_TEXT:
        /* of lines there are most, and each has but this one */
        return put_quote(place.id == FIELD_text ? json_inside(to, value->text) : call_text(to, value->text));
    case TYPE_FLAG: return put_flag(to, value->number != 0);
    case TYPE_LIST: return json_list(to, value->list);
    case TYPE_BYTES: return put_quote(base64_encode(to, value->text));
    default: return put_quote(copy_short(to, value->text.p, value->text.n));
    }
}

/* The comma before the first key opens the object: no field has to know that it is the first. */
ROW_INLINE char *put_braces(char *start, char *to)
{
    *start = '{';
    *to++ = '}';
    *to++ = '\n';
    return to;
}

static char *put_session(const struct record *record, unsigned run, char *to);
static char *put_turn(const struct record *record, unsigned run, char *to);
static char *put_verb(const struct record *record, unsigned run, char *to);
static char *put_reply(const struct record *record, unsigned run, char *to);

/* Behind a name or a time stands its quote, behind a number nothing. */
static const struct style style = { .key = put_key,
                                    .value = put_value,
                                    .text = put_text,
                                    .behind = put_quote,
                                    .end = put_braces,
                                    .shared = { put_session, put_turn, put_verb, put_reply },
                                    .behind_quote = 1 };

ROW_OF_EACH_KIND(style)

static void jsonl_record(void *state, struct buf *out, const struct record *record)
{
    static put_row *const put[] = { put_line, put_exchange, put_message, put_whole };
    put[record->kind](&((struct state *)state)->rows[record->kind], out, record);
}

static void jsonl_sequel(void *state, struct buf *out, const struct record *first,
                         const struct sequel *sequel)
{
    row_sequel(&((struct state *)state)->rows[first->kind], out, first, sequel, put_line,
               wide_is_here() ? follow_wide : follow, &style);
}

static void jsonl_begin(void *state, struct buf *out, enum kind kind)
{
    struct state *of = state;
    (void)out;
    (void)kind;
    row_ready(of->again);
    for (enum kind each = 0; each < KIND_COUNT; each++)
        row_plan(&of->rows[each], each, of->again);
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
