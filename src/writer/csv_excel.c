/* CSV for people who open it in a spreadsheet, which takes a text for a formula by its first character, and knows UTF-8 by a
 * byte order mark. Before such a text stands an apostrophe; before one that begins with an apostrophe, too, so that whoever
 * takes one away has the text again. What a cell cannot hold is cut. For programs there is csv, which is exact. */
#include "base/base64.h"
#include "base/utf8.h"
#include "writer/cell.h"
#include "writer/json_text.h"

/* UTF-16 units that a cell of Excel holds; and what stands for the rest, which is one. */
enum { CELL_MOST = 32767, BYTES_MOST = (CELL_MOST - 1) / 4 * 3 };
#define CUT STR("\xE2\x80\xA6")

static bool needs_guard(struct str text)
{
    static const char starts[] = { '=', '+', '-', '@', '\'', 0x7F };
    return text.n && ((unsigned char)text.p[0] < 0x20 || memchr(starts, text.p[0], sizeof(starts)));
}

/* As much of the text as has no more units; answers how many it has. */
static size_t fit(struct str *text, size_t most)
{
    size_t units = 0, i = 0;
    while (i < text->n) {
        unsigned char first = (unsigned char)text->p[i];
        size_t more = first < 0xF0 ? 1 : 2;
        if (units + more > most)
            break;
        units += more;
        i += first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    }
    text->n = i;
    return units;
}

/* The text with what stands before and behind it, all in quotes where any of it wants them. A name never does: the next
 * one may be copied over it (stencil.h). */
static char *put_around(char *to, struct str text, bool guard, bool cut)
{
    bool quoted = has_mark(text) || is_blank(text.p[text.n - 1]);
    if (quoted)
        *to++ = '"';
    if (guard)
        *to++ = '\'';
    to = put_doubled(to, text);
    if (cut)
        to = copy_short(to, CUT.p, CUT.n);
    if (quoted)
        *to++ = '"';
    return to;
}

static __attribute__((noinline)) char *put_safe(char *to, struct str text)
{
    bool guard = needs_guard(text), cut = false;
    if (text.n > CELL_MOST - 1) {
        struct str whole = text;
        fit(&text, CELL_MOST - guard);
        cut = text.n < whole.n;
        if (cut)
            fit(&text, CELL_MOST - guard - 1);
    }
    return guard || cut ? put_around(to, text, guard, cut) : call_text(to, text);
}

/* The items that have room, and one that stands for the rest; what is left behind is JSON. */
static char *put_items(char *json, struct list list)
{
    enum { REST = 5 }; /* ,"…"] */
    size_t units = 1;
    *json++ = '[';
    for (size_t i = 0; i < list.count; i++) {
        char *item = json + (i > 0), *end = json_text(item, list.items[i]);
        struct str made = { item, (size_t)(end - item) };
        units += fit(&made, CELL_MOST) + (i > 0);
        if (units + (i + 1 < list.count ? REST : 1) > CELL_MOST) {
            end = json_text(item, CUT);
            list.count = i;
        }
        if (i > 0)
            *json = ',';
        json = end;
    }
    *json++ = ']';
    return json;
}

/* As csv.c: put_list. */
static char *put_list(char *to, struct list list)
{
    char *json = to + row_list_room(list) / 2;
    return call_text(to, (struct str){ json, (size_t)(put_items(json, list) - json) });
}

/* Base64 may begin with a plus. */
static char *put_bytes(char *to, struct str bytes)
{
    char *end = base64_encode(to + 1, str_upto(bytes, bytes.n < BYTES_MOST ? bytes.n : BYTES_MOST));
    if (to[1] == '+') {
        to[0] = '\'';
        return end;
    }
    memmove(to, to + 1, (size_t)(end - to - 1));
    return end - 1;
}

ROW_INLINE char *put_value(char *to, struct place place, const union value *value)
{
    switch (place.type) {
    case TYPE_NUMBER: to = decimal(to, value->number); break;
    case TYPE_FLAG: to = put_flag(to, value->number != 0); break;
    case TYPE_LIST: to = put_list(to, value->list); break;
    case TYPE_BYTES: to = put_bytes(to, value->text); break;
    case TYPE_TIME: to = copy_short(to, value->text.p, value->text.n); break;
    default: to = put_safe(to, value->text); break;
    }
    return put_comma(to);
}

static char *put_session(const struct record *record, unsigned run, char *to);
static char *put_turn(const struct record *record, unsigned run, char *to);
static char *put_verb(const struct record *record, unsigned run, char *to);
static char *put_reply(const struct record *record, unsigned run, char *to);

static const struct style style = { .value = put_value,
                                    .text = put_safe,
                                    .behind = put_comma,
                                    .missing = put_comma,
                                    .end = put_line_end,
                                    .shared = { put_session, put_turn, put_verb, put_reply },
                                    .behind_number = 1,
                                    .behind_quote = 1 };

ROW_OF_EACH_KIND(style)

static void excel_record(void *state, struct buf *out, const struct record *record)
{
    static put_row *const put[] = { put_line, put_exchange, put_message, put_whole };
    put[record->kind](&((struct table_state *)state)->row, out, record);
}

static void excel_sequel(void *state, struct buf *out, const struct record *first,
                         const struct sequel *sequel)
{
    row_sequel(&((struct table_state *)state)->row, out, first, sequel, put_line,
               wide_is_here() ? follow_wide : follow, &style);
}

static void excel_begin(void *state, struct buf *out, enum kind kind)
{
    tcplog_buf_add(out, STR(BYTE_ORDER_MARK));
    put_header(state, out, kind);
}

static void excel_end(void *state, struct buf *out)
{
    (void)state;
    (void)out;
}

const struct writer writer_csv_excel = {
    .name = "csv-excel",
    .suffix = ".csv",
    .summary = "CSV for spreadsheets: no text of a log becomes a formula",
    .one_kind = true,
    .state_size = sizeof(struct table_state),
    .begin = excel_begin,
    .record = excel_record,
    .sequel = excel_sequel,
    .end = excel_end,
};
