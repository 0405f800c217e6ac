/* CSV (RFC 4180): a header, CRLF, cells quoted only where they need it, so that numbers and most text go out as they
 * are. Missing is nothing between two commas, empty text is "". A list is its JSON array. */
#include "base/base64.h"
#include "writer/cell.h"
#include "writer/json_text.h"

/* Of a sequel. */
ROW_INLINE char *put_readable(char *to, struct str text)
{
    const struct stops stops = row_stops[STOPS_CSV];
    return put_copied(to, text, scan_copy_readable(to, text.p, text.n, stops.a, stops.b, stops.upto));
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
    return call_text(to, (struct str){ json, (size_t)(json_list(json, list) - json) });
}

ROW_INLINE char *put_value(char *to, struct place place, const union value *value)
{
    switch (place.type) {
    case TYPE_NUMBER: to = decimal(to, value->number); break;
    /* of lines there are most, and each has but this one */
    case TYPE_TEXT:
        to = place.id == FIELD_text ? put_text(to, value->text) : call_text(to, value->text);
        break;
    case TYPE_FLAG: to = put_flag(to, value->number != 0); break;
    case TYPE_LIST: to = put_list(to, value->list); break;
    case TYPE_BYTES: to = base64_encode(to, value->text); break;
    default: to = copy_short(to, value->text.p, value->text.n); break;
    }
    return put_comma(to);
}

static char *put_session(const struct record *record, unsigned run, char *to);
static char *put_turn(const struct record *record, unsigned run, char *to);
static char *put_verb(const struct record *record, unsigned run, char *to);
static char *put_reply(const struct record *record, unsigned run, char *to);

/* Behind each value stands its comma. */
static const struct style style = { .value = put_value,
                                    .text = put_readable,
                                    .behind = put_comma,
                                    .missing = put_comma,
                                    .end = put_line_end,
                                    .shared = { put_session, put_turn, put_verb, put_reply },
                                    .behind_number = 1,
                                    .behind_quote = 1 };

ROW_OF_EACH_KIND(style)

static void csv_record(void *state, struct buf *out, const struct record *record)
{
    static put_row *const put[] = { put_line, put_exchange, put_message, put_whole };
    put[record->kind](&((struct table_state *)state)->row, out, record);
}

static void csv_sequel(void *state, struct buf *out, const struct record *first, const struct sequel *sequel)
{
    row_sequel(&((struct table_state *)state)->row, out, first, sequel, put_line,
               wide_is_here() ? follow_wide : follow, &style);
}

static void csv_begin(void *state, struct buf *out, enum kind kind)
{
    put_header(state, out, kind);
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
    .state_size = sizeof(struct table_state),
    .begin = csv_begin,
    .record = csv_record,
    .sequel = csv_sequel,
    .end = csv_end,
};
