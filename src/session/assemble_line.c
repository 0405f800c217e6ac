/* Builds the records of lines. A run of lines shares its TURN fields; what is left is done for each line, and without a
 * copy where the log's own bytes will do. */
#include "base/utf8.h"
#include "session/assemble.h"

static enum tcplog_name eol_name(unsigned end)
{
    static const enum tcplog_name names[] = { NAMES_eol_none, NAMES_eol_lf, NAMES_eol_crlf };
    return names[end];
}

/* How a payload ended, where the dialect says so. */
static void set_token_eol(struct record *record, const struct line_facts *facts)
{
    static const enum tcplog_name names[] = { NAMES_token_eol_fragment, NAMES_token_eol_cut,
                                              NAMES_token_eol_lf, NAMES_token_eol_crlf };
    const struct event *event = facts->event;
    bool full = event->length - event->start >= TRAFFIC_MOST;
    if (event->class == NAMES_class_data && (facts->tokens || full))
        record_name(record, FIELD_token_eol,
                    full && event->token < TOKEN_LF ? NAMES_token_eol_cut : names[event->token]);
}

static const uint64_t turn_bits = (((uint64_t)1 << TURN_FIELDS) - 1) << TURN_FIRST;

static void set_turn(struct record *record, const struct line_facts *facts)
{
    const struct event *event = facts->event;
    record->present[0] &= ~turn_bits;
    record_name(record, FIELD_class, event->class);
    record_name(record, FIELD_eol, eol_name(event->end));
    set_token_eol(record, facts);
    if (event->class == NAMES_class_data)
        record_name(record, FIELD_arrow, event->arrow);
    if (facts->has_side)
        record_name(record, FIELD_from, facts->side == SIDE_CLIENT ? NAMES_side_client : NAMES_side_server);
}

/* Made anew, in place of the oldest one. */
static struct line_turn *new_turn(struct assembler *assembler, struct record *record,
                                  const struct line_facts *facts, uint64_t rest)
{
    struct line_turn *turn = &assembler->turns[assembler->oldest_turn++ % TURNS_MOST];
    set_turn(record, facts);
    *turn = (struct line_turn){ .look = facts->event->look,
                                .rest = rest,
                                .generation = ++assembler->turn_generation,
                                .present = record->present[0] & turn_bits };
    memcpy(turn->values, &record->values[TURN_FIRST], sizeof(turn->values));
    return turn;
}

static struct line_turn *find_turn(struct assembler *assembler, uint64_t look, uint64_t rest)
{
    for (struct line_turn *turn = assembler->turns; turn < assembler->turns + TURNS_MOST; turn++)
        if (turn->look == look && turn->rest == rest && turn->generation)
            return turn;
    return NULL;
}

/* Most lines are of the same turn as the one before them, or of one that was not long ago. */
static void refresh_turn(struct assembler *assembler, struct record *record, const struct line_facts *facts)
{
    const struct event *event = facts->event;
    bool full = event->length - event->start >= TRAFFIC_MOST;
    uint64_t rest = (uint64_t)facts->side | (uint64_t)facts->has_side << 1 | (uint64_t)facts->tokens << 2 |
                    (uint64_t)full << 3;
    struct line_turn *turn = assembler->turn;
    if (turn && turn->look == event->look && turn->rest == rest)
        return;
    turn = find_turn(assembler, event->look, rest);
    if (turn) {
        record->present[0] = (record->present[0] & ~turn_bits) | turn->present;
        memcpy(&record->values[TURN_FIRST], turn->values, sizeof(turn->values));
    } else {
        turn = new_turn(assembler, record, facts, rest);
    }
    record->generation[LIFE_TURN] = turn->generation;
    assembler->turn = turn;
}

static void set_or_clear(struct record *record, enum field_id id, uint64_t number)
{
    if (number)
        record_number(record, id, (int64_t)number);
    else
        record_clear(record, id);
}

/* Text that is not UTF-8 is decoded, and its exact bytes stand beside it. */
static void set_line_text(struct assembler *assembler, struct record *record, struct str text, bool exact)
{
    record_clear(record, FIELD_text_base64);
    if (!utf8_plain(text)) {
        struct str decoded = utf8_decode(text, &assembler->scratch[0]);
        if (exact && decoded.p != text.p)
            record_text(record, FIELD_text_base64, text);
        text = decoded;
    }
    record_text(record, FIELD_text, text);
}

/* With the names masked that it repeats; false: too many, and the last mark stands for the rest. A function of its own, so that
 * lines without one need no room for the walk. */
static __attribute__((noinline)) bool add_named(struct buf *buf, struct str clear, const struct echo *echo)
{
    struct echo_walk walk;
    struct str name;
    echo_walk(&walk, echo, clear);
    for (size_t names = 0; (name = echo_next(&walk)).n; names++) {
        tcplog_buf_add(buf, str_upto(clear, (size_t)(name.p - clear.p)));
        tcplog_buf_add(buf, STR(REDACTED));
        /* each of several lines in one may repeat some */
        if (names == ECHO_NAMES)
            return false;
        clear = str_from(clear, (size_t)(name.p + name.n - clear.p));
    }
    tcplog_buf_add(buf, clear);
    return true;
}

static struct str masked(struct assembler *assembler, struct str text, const struct heard *heard)
{
    struct buf *buf = &assembler->scratch[1];
    bool cut = !heard->names || heard->secret_at < text.n;
    struct str clear = str_upto(text, heard->secret_at < text.n ? heard->secret_at : text.n);
    buf->n = 0;
    if (heard->names)
        cut &= add_named(buf, clear, heard->names);
    else
        tcplog_buf_add(buf, clear);
    if (cut)
        tcplog_buf_add(buf, STR(REDACTED));
    return buf_str(buf);
}

/* The time of the line before serves again where nothing has moved; its stamp is read from the line at hand. */
static void set_line_time(struct assembler *assembler, struct record *record, const struct line_facts *facts)
{
    const struct event *event = facts->event;
    const struct moment *now = &facts->chronology->now;
    struct moment *placed = &assembler->placed;
    bool stamped = event->stamp != STAMP_NONE;
    if (stamped && now->stamp == placed->stamp && now->at == placed->at) {
        record->values[FIELD_time_logged].text.p = event->line;
        return;
    }
    *placed = *now;
    if (!stamped)
        placed->stamp = STAMP_NONE;
    bool dated = facts->chronology->dated;
    assembler_time(assembler, record, now, (struct str){ event->line, stamped ? STAMP_TEXT : 0 },
                   facts->chronology);
    assembler_repair(record, stamped && dated ? chronology_repair(facts->chronology) : NAMES_count);
}

struct record *assemble_line(struct assembler *assembler, const struct line_facts *facts)
{
    struct record *record = &assembler->records[KIND_LINE];
    bool redacted = facts->heard.secret && !assembler->reveal;
    assembler_number(assembler, record, ++assembler->sequence);
    assembler_place(record, facts->number, facts->number, facts->offset);
    set_line_time(assembler, record, facts);
    refresh_turn(assembler, record, facts);
    set_or_clear(record, FIELD_exchange, facts->heard.exchange);
    set_or_clear(record, FIELD_redacted, redacted);
    struct str text = redacted ? masked(assembler, facts->text, &facts->heard) : facts->text;
    set_line_text(assembler, record, text, !redacted);
    return record;
}
