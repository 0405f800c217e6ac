/* Builds the records of exchanges, messages and sessions. What a session's records share is set once. */
#include "session/assemble.h"

#include "base/utf8.h"

/* A text if there is one, decoded into scratch number `slot`. */
static inline void set_text(struct assembler *assembler, struct record *record, enum field_id id,
                            struct str text, size_t slot)
{
    if (text.n)
        record_text(record, id, utf8_decode(text, &assembler->scratch[slot]));
}

static inline void set_positive(struct record *record, enum field_id id, uint64_t number)
{
    if (number)
        record_number(record, id, (int64_t)number);
}

/* The name of a verb that is known need not be decoded. */
static void set_command(struct assembler *assembler, struct record *record, const struct exchange *exchange)
{
    if (exchange->verb)
        record_text(record, FIELD_command, exchange->command);
    else
        set_text(assembler, record, FIELD_command, exchange->command, 0);
}

static enum tcplog_name phase_of(const struct exchange *exchange)
{
    if (exchange->greeting)
        return NAMES_phase_greeting;
    return exchange->verb ? exchange->verb->phase : NAMES_phase_other;
}

/* What phase and command depend on; 0: on more. */
static uint64_t verb_generation(const struct exchange *exchange)
{
    return exchange->greeting ? 1 : (uintptr_t)exchange->verb / sizeof(*exchange->verb);
}

/* What it means is added by whoever finds it (enrich/meaning.c). */
static void set_status(struct record *record, enum tcplog_name status)
{
    record->generation[LIFE_REPLY] = (uint64_t)(status + 1) << 48;
    record_name(record, FIELD_status, status);
}

static void set_payload(struct record *record, const struct exchange *exchange)
{
    if (exchange->payload_began.stamp == STAMP_NONE)
        return;
    record_number(record, FIELD_payload_bytes, (int64_t)exchange->payload_bytes);
    record_number(record, FIELD_payload_lines, (int64_t)exchange->payload_lines);
    record_name(record, FIELD_payload_from,
                exchange->payload_from == SIDE_CLIENT ? NAMES_side_client : NAMES_side_server);
}

struct record *assemble_exchange(struct assembler *assembler, const struct exchange *exchange,
                                 const struct chronology *chronology)
{
    struct record *record = assembler_blank(assembler, KIND_EXCHANGE);
    assembler_number(assembler, record, exchange->sequence);
    assembler_place(record, exchange->line, exchange->line_end, exchange->offset);
    assembler_time(assembler, record, &exchange->began, stamp_text(&exchange->stamp), chronology);
    assembler_repair(record,
                     chronology->dated ? chronology_repair_of(chronology, &exchange->began) : NAMES_count);
    record->generation[LIFE_VERB] = verb_generation(exchange);
    record_name(record, FIELD_phase, phase_of(exchange));
    set_command(assembler, record, exchange);
    set_text(assembler, record, FIELD_argument, exchange->argument, 1);
    set_text(assembler, record, FIELD_tag, exchange->tag, 2);
    set_text(assembler, record, FIELD_reply_text, exchange->text, 3);
    set_text(assembler, record, FIELD_reply_code, exchange->code, 4);
    set_text(assembler, record, FIELD_reply_enhanced, exchange->enhanced, 5);
    set_text(assembler, record, FIELD_intermediate_code, exchange->intermediate, 5);
    set_positive(record, FIELD_reply_line, exchange->reply_line);
    set_positive(record, FIELD_reply_lines, exchange->reply_lines);
    set_status(record, exchange->status);
    set_positive(record, FIELD_steps, exchange->steps);
    set_payload(record, exchange);
    set_positive(record, FIELD_payload_unlogged, exchange->payload_unlogged);
    set_positive(record, FIELD_redacted, exchange->redacted);
    return record;
}

static void set_list(struct record *record, enum field_id id, struct list list)
{
    if (list.count)
        record_set(record, id)->list = list;
}

/* Texts of messages are valid UTF-8 already. */
static void set_plain(struct record *record, enum field_id id, struct str text)
{
    if (text.n)
        record_text(record, id, text);
}

static void set_mail(struct record *record, const struct message *message)
{
    record_name(record, FIELD_direction, message->direction);
    if (message->has_sender)
        record_text(record, FIELD_mail_from, message->sender);
    set_list(record, FIELD_rcpt_to, message->accepted);
    set_list(record, FIELD_rcpt_rejected, message->rejected);
    if (message->has_size)
        record_number(record, FIELD_size_declared, (int64_t)message->size_declared);
    set_plain(record, FIELD_message_id, message->message_id);
    set_positive(record, FIELD_number, message->number);
    if (message->deletion_known)
        record_number(record, FIELD_deleted, message->deleted);
    set_positive(record, FIELD_exchange, message->exchange);
    if (message->payload_began.stamp == STAMP_NONE)
        return;
    record_number(record, FIELD_payload_bytes, (int64_t)message->payload_bytes);
    record_number(record, FIELD_payload_lines, (int64_t)message->payload_lines);
}

struct record *assemble_message(struct assembler *assembler, const struct message *message,
                                const struct chronology *chronology)
{
    struct record *record = assembler_blank(assembler, KIND_MESSAGE);
    assembler_number(assembler, record, message->sequence);
    assembler_place(record, message->line, message->line_end, message->offset);
    assembler_time(assembler, record, &message->began, stamp_text(&message->stamp), chronology);
    assembler_repair(record,
                     chronology->dated ? chronology_repair_of(chronology, &message->began) : NAMES_count);
    set_mail(record, message);
    set_plain(record, FIELD_reply_code, message->code);
    set_plain(record, FIELD_reply_enhanced, message->enhanced);
    set_plain(record, FIELD_reply_text, message->text);
    set_status(record, message->status);
    return record;
}

struct record *assemble_session(struct assembler *assembler, const struct session_facts *facts,
                                const struct chronology *chronology)
{
    struct record *record = assembler_blank(assembler, KIND_SESSION);
    assembler_number(assembler, record, 1);
    assembler_place(record, facts->line, facts->line_end, facts->offset);
    assembler_time(assembler, record, &facts->began, stamp_text(&facts->stamp), chronology);
    assembler_repair(record, chronology->dated && facts->stamp.n
                                 ? chronology_repair_of(chronology, &facts->began)
                                 : NAMES_count);
    if (chronology->dated && facts->ended.stamp != STAMP_NONE)
        record_text(record, FIELD_end_time,
                    assembler_time_text(assembler, assembler->end_time, chronology, &facts->ended, NULL));
    record_name(record, FIELD_ending, facts->ending);
    record_number(record, FIELD_exchanges, (int64_t)facts->exchanges);
    record_number(record, FIELD_failures, (int64_t)facts->failures);
    record_number(record, FIELD_unanswered, (int64_t)facts->unanswered);
    record_number(record, FIELD_messages_sent, (int64_t)facts->messages_sent);
    record_number(record, FIELD_messages_fetched, (int64_t)facts->messages_fetched);
    /* else it is not known who said what */
    if (facts->has_role) {
        record_number(record, FIELD_client_bytes, (int64_t)facts->client_bytes);
        record_number(record, FIELD_server_bytes, (int64_t)facts->server_bytes);
    }
    record_number(record, FIELD_lines, (int64_t)facts->lines);
    record_number(record, FIELD_lines_unparsed, (int64_t)facts->lines_unparsed);
    return record;
}
