/* CSV (RFC 4180): a header, CRLF, cells quoted only where they need it, so that numbers and most text go out as they
 * are. Missing is nothing between two commas, empty text is "". A list is its JSON array. */
#include "base/base64.h"
#include "base/scan.h"
#include "writer/json_text.h"
#include "writer/rows.h"

struct state {
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

/* Of a sequel. */
ROW_INLINE char *put_readable(char *to, struct str text)
{
    const struct stops stops = row_stops[STOPS_CSV];
    return put_copied(to, text, scan_copy_readable(to, text.p, text.n, stops.a, stops.b, stops.upto));
}

/* One for all: there are many fields of it, and it is long. */
static __attribute__((noinline)) char *call_text(char *to, struct str text)
{
    return put_text(to, text);
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

/* The last comma becomes the CR. */
ROW_INLINE char *put_line_end(char *start, char *to)
{
    (void)start;
    to[-1] = '\r';
    *to++ = '\n';
    return to;
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
    put[record->kind](&((struct state *)state)->row, out, record);
}

static void csv_sequel(void *state, struct buf *out, const struct record *first, const struct sequel *sequel)
{
    row_sequel(&((struct state *)state)->row, out, first, sequel, put_line,
               wide_is_here() ? follow_wide : follow, &style);
}

static void csv_begin(void *state, struct buf *out, enum kind kind)
{
    enum field_id ids[FIELD_count];
    size_t count = columns_of(kind, ids);
    struct state *of = state;
    row_ready(of->again);
    row_plan(&of->row, kind, of->again);
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
