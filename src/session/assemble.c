/* Builds the records. What a session's records share is set once; a run of lines shares its TURN fields; what is left
 * is done for each line, and without a copy where the log's own bytes will do. */
#include "session/assemble.h"

#include "base/utf8.h"

void assemble_free(struct assembler *assembler)
{
    for (size_t i = 0; i < SCRATCHES; i++)
        tcplog_buf_free(&assembler->scratch[i]);
    zone_close(&assembler->zone);
}

static void share(struct record *record, const struct session_facts *facts, struct str source_file,
                  enum tcplog_name zone_source)
{
    record_text(record, FIELD_schema, STR(TCPLOG_SCHEMA_VERSION));
    record_text(record, FIELD_session_id, (struct str){ facts->id, sizeof(facts->id) });
    record_name(record, FIELD_time_zone_source, zone_source);
    record_text(record, FIELD_source_file, source_file);
    record_name(record, FIELD_protocol, facts->protocol);
    if (facts->has_application)
        record_name(record, FIELD_application, facts->application);
    if (facts->has_dialect)
        record_name(record, FIELD_dialect, facts->dialect);
    if (facts->has_role)
        record_name(record, FIELD_role, facts->role);
    if (facts->has_protocol_source)
        record_name(record, FIELD_protocol_source, facts->protocol_source);
    if (facts->server.n)
        record_text(record, FIELD_server, facts->server);
    if (facts->peer.n)
        record_text(record, FIELD_peer, facts->peer);
}

void assemble_begin(struct assembler *assembler, const struct session_facts *facts, struct str source_file)
{
    bool zoned = assembler->zone.count > 0;
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        struct record *record = &assembler->records[kind];
        memset(record->present, 0, sizeof(record->present));
        record->kind = kind;
        record_text(record, FIELD_kind, str_of(tcplog_kind_names[kind]));
        share(record, facts, source_file, zoned ? NAMES_zone_source_option : NAMES_zone_source_unknown);
        record->generation[LIFE_SESSION] = record->generation[LIFE_TURN] = ++assembler->generation;
        memcpy(assembler->ids[kind], facts->id, sizeof(facts->id));
        assembler->ids[kind][SESSION_ID_TEXT] = '-';
        assembler->ids[kind][SESSION_ID_TEXT + 1] = tcplog_kind_names[kind][kind == KIND_EXCHANGE];
        assembler->sequences[kind] = (struct counter){ 0 };
    }
    assembler->turn = UINT64_MAX;
    assembler->quarter = INT64_MIN;
    assembler->day = INT64_MIN;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void refresh_zone(struct assembler *assembler, int64_t at)
{
    int64_t quarter = floor_div(at, 900000);
    if (quarter == assembler->quarter)
        return;
    assembler->quarter = quarter;
    int32_t offset = zone_offset(&assembler->zone, at, false), minutes = (offset < 0 ? -offset : offset) / 60;
    char *to = assembler->zone_text;
    *to++ = offset < 0 ? '-' : '+';
    to = decimal_two(to, (unsigned)minutes / 60);
    *to++ = ':';
    to = decimal_two(to, (unsigned)minutes % 60);
    assembler->zone_length = (size_t)(to - assembler->zone_text);
}

/* RFC 3339. The stamp of the log serves as it is where it tells the time: it is the commonest case by far. */
static struct str time_text(struct assembler *assembler, char *to, const struct moment *moment,
                            const char *stamp)
{
    if (moment->at < assembler->day || moment->at >= assembler->day + DAY_MS) {
        assembler->day = floor_div(moment->at, DAY_MS) * DAY_MS;
        calendar_write(assembler->date_text, (int32_t)(assembler->day / DAY_MS));
    }
    memcpy(to, assembler->date_text, DATE_TEXT);
    char *at = to + DATE_TEXT;
    *at++ = 'T';
    uint32_t ms = (uint32_t)(moment->at - assembler->day);
    if (stamp && ms == moment->stamp)
        memcpy(at, stamp, STAMP_TEXT);
    else
        calendar_write_stamp(at, ms);
    at += STAMP_TEXT;
    if (assembler->zone.count) {
        refresh_zone(assembler, moment->at);
        memcpy(at, assembler->zone_text, assembler->zone_length);
        at += assembler->zone_length;
    }
    return (struct str){ to, (size_t)(at - to) };
}

static void set_time(struct assembler *assembler, struct record *record, const struct moment *moment,
                     struct str stamp, bool dated)
{
    record_clear(record, FIELD_time);
    record_clear(record, FIELD_time_zone);
    if (stamp.n == 0) {
        record_clear(record, FIELD_time_logged);
        return;
    }
    record_text(record, FIELD_time_logged, stamp);
    if (!dated)
        return;
    record_text(record, FIELD_time, time_text(assembler, assembler->times[record->kind], moment, stamp.p));
    if (assembler->zone.count)
        record_text(record, FIELD_time_zone, assembler->zone.name);
}

static void set_repair(struct record *record, enum tcplog_name repair)
{
    if (repair == NAMES_count)
        record_clear(record, FIELD_time_repair);
    else
        record_name(record, FIELD_time_repair, repair);
}

static void number_record(struct assembler *assembler, struct record *record, uint64_t sequence)
{
    char *id = assembler->ids[record->kind];
    char *end =
        counter_write(&assembler->sequences[record->kind], id + SESSION_ID_TEXT + 2, (int64_t)sequence);
    record_text(record, FIELD_id, (struct str){ id, (size_t)(end - id) });
    record_number(record, FIELD_sequence, (int64_t)sequence);
}

static void place_record(struct record *record, uint64_t line, uint64_t line_end, uint64_t offset)
{
    record_number(record, FIELD_line, (int64_t)line);
    record_number(record, FIELD_line_end, (int64_t)line_end);
    record_number(record, FIELD_offset, (int64_t)offset);
}

static enum tcplog_name eol_name(unsigned end)
{
    static const enum tcplog_name names[] = { NAMES_eol_none, NAMES_eol_lf, NAMES_eol_crlf };
    return names[end];
}

/* How a payload ended, where the dialect says so: OLD cuts after 1000 bytes of traffic, tokens not counted. */
static void set_token_eol(struct record *record, const struct line_facts *facts)
{
    enum { TRAFFIC_MOST = 1000 };
    static const enum tcplog_name names[] = { NAMES_token_eol_fragment, NAMES_token_eol_cut,
                                              NAMES_token_eol_lf, NAMES_token_eol_crlf };
    const struct event *event = facts->event;
    record_clear(record, FIELD_token_eol);
    bool full = event->length - event->start >= TRAFFIC_MOST;
    if (event->class == NAMES_class_data && (facts->tokens || full))
        record_name(record, FIELD_token_eol,
                    full && event->token < TOKEN_LF ? NAMES_token_eol_cut : names[event->token]);
}

static void set_turn(struct record *record, const struct line_facts *facts, bool redacted)
{
    const struct event *event = facts->event;
    record_name(record, FIELD_class, event->class);
    record_name(record, FIELD_eol, eol_name(event->end));
    record_clear(record, FIELD_arrow);
    record_clear(record, FIELD_from);
    record_clear(record, FIELD_exchange);
    record_clear(record, FIELD_redacted);
    set_token_eol(record, facts);
    if (event->class == NAMES_class_data)
        record_name(record, FIELD_arrow, event->arrow);
    if (facts->has_side)
        record_name(record, FIELD_from, facts->side == SIDE_CLIENT ? NAMES_side_client : NAMES_side_server);
    if (facts->heard.exchange)
        record_number(record, FIELD_exchange, (int64_t)facts->heard.exchange);
    if (redacted)
        record_number(record, FIELD_redacted, 1);
}

/* Everything that set_turn looks at, in one word: lines that agree in it share their TURN fields. */
static void refresh_turn(struct assembler *assembler, struct record *record, const struct line_facts *facts,
                         bool redacted)
{
    const struct event *event = facts->event;
    uint64_t full = event->length - event->start >= 1000;
    uint64_t turn = (uint64_t)event->class | (uint64_t)event->arrow << 16 | (uint64_t)event->end << 32 |
                    (uint64_t)event->token << 36 | full << 40 | (uint64_t)facts->side << 41 |
                    (uint64_t)facts->has_side << 42 | (uint64_t)facts->tokens << 43 |
                    (uint64_t)redacted << 44;
    if (turn == assembler->turn && facts->heard.exchange == assembler->turn_exchange)
        return;
    assembler->turn = turn;
    assembler->turn_exchange = facts->heard.exchange;
    record->generation[LIFE_TURN] = ++assembler->generation;
    set_turn(record, facts, redacted);
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

static struct str masked(struct assembler *assembler, struct str text, size_t secret_at)
{
    struct buf *buf = &assembler->scratch[1];
    buf->n = 0;
    tcplog_buf_add(buf, str_upto(text, secret_at < text.n ? secret_at : text.n));
    tcplog_buf_add(buf, STR(REDACTED));
    return buf_str(buf);
}

const struct record *assemble_line(struct assembler *assembler, const struct line_facts *facts)
{
    struct record *record = &assembler->records[KIND_LINE];
    const struct event *event = facts->event;
    bool stamped = event->stamp != STAMP_NONE, redacted = facts->heard.secret && !assembler->reveal;
    number_record(assembler, record, (uint64_t)assembler->sequences[KIND_LINE].number + 1);
    place_record(record, facts->number, facts->number, facts->offset);
    set_time(assembler, record, &facts->chronology->now,
             (struct str){ event->line, stamped ? STAMP_TEXT : 0 }, facts->chronology->dated);
    set_repair(record,
               stamped && facts->chronology->dated ? chronology_repair(facts->chronology) : NAMES_count);
    refresh_turn(assembler, record, facts, redacted);
    struct str text = redacted ? masked(assembler, facts->text, facts->heard.secret_at) : facts->text;
    set_line_text(assembler, record, text, !redacted);
    return record;
}

/* A text if there is one, decoded into scratch number `slot`. */
static void set_text(struct assembler *assembler, struct record *record, enum field_id id, struct str text,
                     size_t slot)
{
    if (text.n)
        record_text(record, id, utf8_decode(text, &assembler->scratch[slot]));
    else
        record_clear(record, id);
}

static void set_positive(struct record *record, enum field_id id, uint64_t number)
{
    if (number)
        record_number(record, id, (int64_t)number);
    else
        record_clear(record, id);
}

static enum tcplog_name phase_of(const struct exchange *exchange)
{
    if (exchange->greeting)
        return NAMES_phase_greeting;
    return exchange->verb ? exchange->verb->phase : NAMES_phase_other;
}

static void set_payload(struct record *record, const struct exchange *exchange)
{
    bool any = exchange->payload_began.stamp != STAMP_NONE;
    record_clear(record, FIELD_payload_bytes);
    record_clear(record, FIELD_payload_lines);
    record_clear(record, FIELD_payload_from);
    if (!any)
        return;
    record_number(record, FIELD_payload_bytes, (int64_t)exchange->payload_bytes);
    record_number(record, FIELD_payload_lines, (int64_t)exchange->payload_lines);
    record_name(record, FIELD_payload_from,
                exchange->payload_from == SIDE_CLIENT ? NAMES_side_client : NAMES_side_server);
}

static void forget(struct record *record)
{
    static const enum field_id added[] = { FIELD_meaning,   FIELD_reference,     FIELD_action,
                                           FIELD_rtt_ms,    FIELD_final_rtt_ms,  FIELD_total_ms,
                                           FIELD_think_ms,  FIELD_resolution_ms, FIELD_timing,
                                           FIELD_payload_ms };
    for (size_t i = 0; i < sizeof(added) / sizeof(*added); i++)
        record_clear(record, added[i]);
}

struct record *assemble_exchange(struct assembler *assembler, const struct exchange *exchange,
                                 const struct chronology *chronology)
{
    struct record *record = &assembler->records[KIND_EXCHANGE];
    number_record(assembler, record, exchange->sequence);
    place_record(record, exchange->line, exchange->line_end, exchange->offset);
    set_time(assembler, record, &exchange->began, exchange->stamp, chronology->dated);
    set_repair(record, chronology->dated ? chronology_repair_of(chronology, &exchange->began) : NAMES_count);
    record_name(record, FIELD_phase, phase_of(exchange));
    set_text(assembler, record, FIELD_command, exchange->command, 0);
    set_text(assembler, record, FIELD_argument, exchange->argument, 1);
    set_text(assembler, record, FIELD_tag, exchange->tag, 2);
    set_text(assembler, record, FIELD_reply_text, exchange->text, 3);
    set_text(assembler, record, FIELD_reply_code, exchange->code, 4);
    set_text(assembler, record, FIELD_reply_enhanced, exchange->enhanced, 5);
    set_text(assembler, record, FIELD_intermediate_code, exchange->intermediate, 5);
    set_positive(record, FIELD_reply_line, exchange->reply_line);
    set_positive(record, FIELD_reply_lines, exchange->reply_lines);
    record_name(record, FIELD_status, exchange->status);
    set_positive(record, FIELD_steps, exchange->steps);
    set_payload(record, exchange);
    set_positive(record, FIELD_payload_unlogged, exchange->payload_unlogged);
    set_positive(record, FIELD_redacted, exchange->redacted);
    forget(record);
    return record;
}

struct record *assemble_session(struct assembler *assembler, const struct session_facts *facts,
                                const struct chronology *chronology)
{
    struct record *record = &assembler->records[KIND_SESSION];
    number_record(assembler, record, 1);
    place_record(record, facts->line, facts->line_end, facts->offset);
    set_time(assembler, record, &facts->began, facts->stamp, chronology->dated);
    set_repair(record, chronology->dated && facts->stamp.n ? chronology_repair_of(chronology, &facts->began)
                                                           : NAMES_count);
    if (chronology->dated && facts->ended.stamp != STAMP_NONE)
        record_text(record, FIELD_end_time, time_text(assembler, assembler->end_time, &facts->ended, NULL));
    record_name(record, FIELD_ending, facts->ending);
    record_number(record, FIELD_exchanges, (int64_t)facts->exchanges);
    record_number(record, FIELD_failures, (int64_t)facts->failures);
    record_number(record, FIELD_unanswered, (int64_t)facts->unanswered);
    record_number(record, FIELD_messages_sent, (int64_t)facts->messages_sent);
    record_number(record, FIELD_messages_fetched, (int64_t)facts->messages_fetched);
    record_number(record, FIELD_client_bytes, (int64_t)facts->client_bytes);
    record_number(record, FIELD_server_bytes, (int64_t)facts->server_bytes);
    record_number(record, FIELD_lines, (int64_t)facts->lines);
    record_number(record, FIELD_lines_unparsed, (int64_t)facts->lines_unparsed);
    return record;
}
