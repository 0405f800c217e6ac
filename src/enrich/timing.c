/* Durations, their grain and how far they can be trusted. A duration that would be negative, or that spans a clock set
 * back, is left out and flagged, never printed. */
#include "enrich/enrich.h"

enum { STAMP_MISSING = UINT32_MAX };

/* The worst that was found among the durations of a record. */
struct trust {
    bool any;
    enum span_trust worst;
};

/* The length from one moment to another, and how far it can be trusted; false: one did not come, or it cannot be
 * told. */
static bool span(const struct moment *from, const struct moment *to, const struct session_facts *session,
                 struct trust *trust, int64_t *ms)
{
    if (from->stamp == STAMP_MISSING || to->stamp == STAMP_MISSING)
        return false;
    enum span_trust found = moment_is_exact(from, to, session->one_clock)
                                ? SPAN_EXACT
                                : moment_trust(from, to, &session->phases, session->one_clock);
    *ms = to->at - from->at;
    if (*ms < 0)
        return false;
    trust->any = true;
    if (found > trust->worst)
        trust->worst = found;
    return found != SPAN_BROKEN;
}

static void set_span(struct record *record, enum field_id id, const struct moment *from,
                     const struct moment *to, const struct session_facts *session, struct trust *trust)
{
    int64_t ms;
    if (span(from, to, session, trust, &ms))
        record_number(record, id, ms);
}

/* A body whose every line costs about a tick of the clock tells how fast lines were logged, not the network (FORMAT 4.3).
 * Where the tick is finer than 10 ms (Wine has 1 ms), logging costs nothing that shows. */
static bool is_logging_bound(uint64_t lines, const struct moment *began, const struct moment *ended,
                             const struct session_facts *session)
{
    enum { LINES_TO_TELL = 4 };
    if (lines < LINES_TO_TELL || session->resolution_ms < 10 || ended->stamp == STAMP_MISSING)
        return false;
    int64_t a_line = (ended->at - began->at) / (int64_t)lines;
    return a_line >= session->resolution_ms / 2 && a_line <= (int64_t)session->resolution_ms * 2;
}

/* The record is as sure as its least sure duration. */
static void set_trust(struct record *record, const struct trust *trust, bool logging_bound)
{
    static const enum tcplog_name names[] = { [SPAN_EXACT] = NAMES_timing_exact,
                                              [SPAN_REPAIRED] = NAMES_timing_repaired,
                                              [SPAN_UNCERTAIN] = NAMES_timing_uncertain,
                                              [SPAN_BROKEN] = NAMES_timing_uncertain };
    if (trust->any)
        record_name(record, FIELD_timing,
                    logging_bound && trust->worst < SPAN_UNCERTAIN ? NAMES_timing_logging_bound
                                                                   : names[trust->worst]);
}

static bool is_same(const struct moment *a, const struct moment *b)
{
    return a->at == b->at && a->stamp == b->stamp && a->breaks == b->breaks;
}

/* The durations of what was asked for; model/exchange.h draws which moments these are between. */
static void set_trips(struct record *record, const struct exchange *exchange,
                      const struct session_facts *session, struct trust *trust)
{
    int64_t ms = 0;
    set_span(record, FIELD_think_ms, &exchange->before, &exchange->began, session, trust);
    /* the first lines of a reply that breaks off are not the final one */
    if (!exchange->answered) {
        set_span(record, FIELD_rtt_ms, &exchange->began, &exchange->replied, session, trust);
        return;
    }
    bool known = span(&exchange->began, &exchange->ended, session, trust, &ms);
    if (known)
        record_number(record, FIELD_total_ms, ms);
    /* of a command and a reply of one line each, as most are, all three are the same */
    if (!is_same(&exchange->replied, &exchange->ended) || !is_same(&exchange->settled, &exchange->ended) ||
        !is_same(&exchange->said, &exchange->began)) {
        set_span(record, FIELD_rtt_ms, &exchange->began, &exchange->replied, session, trust);
        if (!exchange_owes_nothing(exchange))
            set_span(record, FIELD_final_rtt_ms, &exchange->said, &exchange->settled, session, trust);
    } else if (known) {
        record_number(record, FIELD_rtt_ms, ms);
        record_number(record, FIELD_final_rtt_ms, ms);
    }
}

static void timing_exchange(struct record *record, const struct exchange *exchange,
                            const struct session_facts *session)
{
    struct trust trust = { 0 };
    /* what nobody asked for took no time to answer */
    if (!exchange->greeting && !exchange->unsolicited)
        set_trips(record, exchange, session, &trust);
    set_span(record, FIELD_payload_ms, &exchange->payload_began, &exchange->payload_ended, session, &trust);
    set_trust(record, &trust,
              is_logging_bound(exchange->payload_lines, &exchange->payload_began, &exchange->payload_ended,
                               session));
    if (session->resolution_ms && trust.any)
        record_number(record, FIELD_resolution_ms, session->resolution_ms);
}

static void timing_message(struct record *record, const struct message *message,
                           const struct session_facts *session)
{
    struct trust trust = { 0 };
    set_span(record, FIELD_transfer_ms, &message->payload_began, &message->payload_ended, session, &trust);
    set_span(record, FIELD_final_rtt_ms, &message->said, &message->settled, session, &trust);
    set_trust(
        record, &trust,
        is_logging_bound(message->payload_lines, &message->payload_began, &message->payload_ended, session));
    if (session->resolution_ms && trust.any)
        record_number(record, FIELD_resolution_ms, session->resolution_ms);
}

/* What is known of the two clocks, where a log mixes them. */
static void set_clocks(struct record *record, const struct session_facts *session)
{
    uint32_t from, to;
    /* one clock has no phase, and a session without a stamp tells of none */
    if (session->one_clock || session->began.stamp == STAMP_MISSING)
        return;
    phases_range(&session->phases, &from, &to);
    record_number(record, FIELD_clock_phase_from_ms, from);
    record_number(record, FIELD_clock_phase_to_ms, to);
    if (session->phase_source != NAMES_count)
        record_name(record, FIELD_clock_phase_source, session->phase_source);
}

/* connect_ms has a second in it that the old library sleeps (FORMAT 4.6); it is reported as it is, and pages say
 * so. */
static void timing_session(struct record *record, const struct session_facts *session)
{
    struct trust trust = { 0 };
    set_span(record, FIELD_duration_ms, &session->began, &session->ended, session, &trust);
    set_span(record, FIELD_connect_ms, &session->connected, &session->first_sign, session, &trust);
    set_span(record, FIELD_greeting_ms, &session->connected, &session->greeted, session, &trust);
    set_trust(record, &trust, false);
    if (session->resolution_ms)
        record_number(record, FIELD_resolution_ms, session->resolution_ms);
    set_clocks(record, session);
    if (session->trips.count) {
        record_number(record, FIELD_slowest_rtt_ms, session->trips.slowest_ms);
        if (session->trips.slowest_command[0])
            record_text(record, FIELD_slowest_command, str_of(session->trips.slowest_command));
    }
    if (session->trips.median_known)
        record_number(record, FIELD_rtt_median_ms, session->trips.median_ms);
}

const struct enricher enricher_timing = {
    .name = "timing",
    .exchange = timing_exchange,
    .message = timing_message,
    .session = timing_session,
};
