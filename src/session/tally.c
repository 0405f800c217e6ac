/* What exchanges add up to. A failure is a final reply that refuses; an unanswered command is counted apart. */
#include "session/tally.h"

#include "base/ascii.h"
#include "base/quoted.h"
#include "base/utf8.h"
#include "enrich/diagnosis.h"
#include "enrich/symptoms.h"
#include "protocol/words.h"

#include <stdlib.h>

bool tally_is_failure(enum tcplog_name status)
{
    return status == NAMES_status_transient_failure || status == NAMES_status_permanent_failure ||
           status == NAMES_status_failure;
}

/* Mechanisms that show the password, or a token as good as one: all that do not answer with a hash of it, and need one. */
static bool shows_password(struct str mechanism)
{
    static const struct str others[] = { { "CRAM-", 5 }, { "SCRAM-", 6 },   { "DIGEST-", 7 },
                                         { "APOP", 4 },  { "NTLM", 4 },     { "GSSAPI", 6 },
                                         { "GSS-", 4 },  { "EXTERNAL", 8 }, { "ANONYMOUS", 9 } };
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (ascii_starts(mechanism, others[i]))
            return false;
    return mechanism.n > 0;
}

static void tally_secret(struct session_facts *facts, struct str mechanism)
{
    struct traces *seen = &facts->traces;
    if (facts->tls.established || !shows_password(mechanism))
        return;
    traces_mark(&seen->clear_login, facts->line_end);
    seen->tls_passed_up = seen->tls_passed_up || session_offers_tls(facts);
}

bool tally_is_name(const struct utterance *said)
{
    return said->verb && words_are(said->mechanism, STR("LOGIN")) &&
           !words_are(said->mechanism, said->verb->name);
}

void tally_response(struct session_facts *facts)
{
    tally_secret(facts, facts->mechanism);
}

static __attribute__((noinline)) void tally_identity(struct session_facts *facts, struct arena *kept,
                                                     const struct utterance *said)
{
    static const struct str client_hello = { "\x16\x03", 2 };
    if (said->mechanism.n)
        facts->mechanism = arena_replace(kept, facts->mechanism, &facts->mechanism_room,
                                         arena_upper(kept, utf8_keep(kept, said->mechanism)));
    /* a mechanism that does not show who it is: whoever tried before is another one, for all we know */
    if (said->mechanism.n && said->verb && !words_are(said->mechanism, said->verb->name))
        facts->user.n = 0;
    if (said->user.n)
        facts->user = arena_replace(kept, facts->user, &facts->user_room, utf8_keep(kept, said->user));
    if (said->user.n && said->user_quoted)
        facts->user.n = quoted_plain(kept->p + (facts->user.p - kept->p), facts->user);
    if (said->verb && said->verb->flags & VERB_AUTHENTICATES && said->secret && !tally_is_name(said))
        tally_secret(facts, said->mechanism);
    if (!said->verb && str_starts(said->argument, client_hello))
        traces_mark(&facts->traces.handshake, facts->line_end);
}

/* Nearly all requests tell nothing of who asks. */
void tally_request(struct session_facts *facts, struct arena *kept, const struct utterance *said)
{
    if (!said->verb || said->verb->flags & VERB_AUTHENTICATES || said->mechanism.n || said->user.n)
        tally_identity(facts, kept, said);
}

void tally_capability(struct session_facts *facts, struct arena *kept, struct str capability)
{
    size_t at = facts->capability_count;
    if (capability.n == 0)
        return;
    if (at == CAPABILITIES_MOST) {
        kept->cut++;
        return;
    }
    /* what the server offered before makes room: some clients ask for each mail */
    if (at == facts->capability_slots)
        facts->capability_rooms[facts->capability_slots++] = 0;
    facts->capabilities[at] = arena_replace(kept, facts->capabilities[at], &facts->capability_rooms[at],
                                            utf8_keep(kept, capability));
    facts->capability_count += facts->capabilities[at].n > 0;
}

void tally_capabilities(struct session_facts *facts, struct arena *kept, struct str list)
{
    facts->capability_count = 0;
    while (list.n)
        tally_capability(facts, kept, words_next(&list));
}

/* What may be a second off would win every time, so that only durations that are certain count; and long ones, where a
 * second more or less changes nothing. */
static bool is_certain(const struct session_facts *facts, const struct exchange *exchange, int64_t ms)
{
    enum { LONG_MS = 10 * 1000 };
    if (moment_is_exact(&exchange->said, &exchange->settled, facts->one_clock))
        return true;
    enum span_trust trust =
        moment_trust(&exchange->said, &exchange->settled, &facts->phases, facts->one_clock);
    return trust < SPAN_UNCERTAIN || (trust == SPAN_UNCERTAIN && ms >= LONG_MS);
}

static void tally_trip(struct session_facts *facts, const struct exchange *exchange)
{
    struct round_trips *trips = &facts->trips;
    if (!exchange->answered || exchange->said.stamp == UINT32_MAX || exchange->settled.stamp == UINT32_MAX)
        return;
    int64_t ms = exchange->settled.at - exchange->said.at;
    /* a reply that came before its payload was out answers something else than that payload */
    if (ms < 0 || exchange_owes_nothing(exchange) || !is_certain(facts, exchange, ms))
        return;
    if (trips->count < RTT_SAMPLES)
        trips->samples[trips->count] = (uint32_t)(ms < UINT32_MAX ? ms : UINT32_MAX);
    trips->count++;
    if (ms > trips->slowest_ms || trips->count == 1) {
        size_t n = exchange->command.n < sizeof(trips->slowest_command) ? exchange->command.n
                                                                        : sizeof(trips->slowest_command) - 1;
        trips->slowest_ms = ms;
        trips->slowest_line = exchange->line;
        if (n)
            memcpy(trips->slowest_command, exchange->command.p, n);
        trips->slowest_command[n] = '\0';
    }
}

static void tally_mail(struct session_facts *facts, const struct exchange *exchange)
{
    facts->messages_sent++;
    facts->traces.taken = exchange->line_end;
    if (exchange_discards(exchange))
        traces_mark(&facts->traces.discarded, exchange->line_end);
}

static void tally_success(struct session_facts *facts, const struct exchange *exchange)
{
    unsigned flags = exchange->verb ? exchange->verb->flags : 0;
    enum stage stage = diagnosis_stage(exchange);
    /* branches: to add up what most do not have would take longer than to guess that */
    bool login = flags & VERB_AUTHENTICATES && !exchange_asks_for_ways(exchange);
    facts->login_ok |= login;
    if (flags & VERB_SENDS && exchange_was_sent(exchange))
        tally_mail(facts, exchange);
    if (flags & VERB_FETCHES)
        facts->messages_fetched++;
    if (flags & VERB_ENDS)
        facts->goodbyes++;
    /* a user name that is taken lets nobody in */
    if (stage != AT_LOGIN || login) {
        facts->traces.stages_ok |= stage;
        facts->traces.last_ok[__builtin_ctz(stage)] = exchange->line_end;
    }
    if (flags & VERB_STARTS_TLS)
        facts->traces.starttls = exchange->line_end;
}

static bool has_payload_of(const struct exchange *exchange, enum side side)
{
    return exchange->payload_began.stamp != UINT32_MAX && exchange->payload_from == side;
}

/* A command without a reply, or with half of one: what was under way tells what it may have cost. */
static void tally_loose_end(struct session_facts *facts, const struct exchange *exchange)
{
    struct traces *seen = &facts->traces;
    unsigned flags = exchange->verb ? exchange->verb->flags : 0;
    bool fetching = exchange_is_cut(exchange) || has_payload_of(exchange, SIDE_SERVER);
    if (fetching && diagnosis_stage(exchange) == AT_RETRIEVAL)
        traces_mark(&seen->fetch_open, exchange->line_end);
    /* a chunk that is whole is as good as the last one */
    bool sends = flags & VERB_SENDS || (flags & VERB_SENDS_PART && !exchange->payload_whole);
    if (sends && has_payload_of(exchange, SIDE_CLIENT))
        traces_mark(exchange->payload_whole ? &seen->message_sent : &seen->message_open, exchange->line_end);
    traces_mark(flags & VERB_ENDS ? &seen->goodbye : &seen->unanswered, exchange->line);
    bool owed = !(flags & VERB_ENDS) && !exchange_owes_nothing(exchange);
    seen->outwaited |= owed && session_waited_out(facts, &exchange->said);
}

void tally_exchange(struct session_facts *facts, const struct exchange *exchange)
{
    facts->exchanges++;
    facts->unanswered +=
        exchange->status == NAMES_status_unanswered && !exchange->greeting && !exchange->unsolicited;
    facts->failures += tally_is_failure(exchange->status);
    if (exchange->status == NAMES_status_unanswered || exchange_is_cut(exchange))
        tally_loose_end(facts, exchange);
    else if (exchange->status == NAMES_status_success)
        tally_success(facts, exchange);
    else
        diagnosis_hear(facts, exchange);
    if (exchange->answered)
        facts->traces.answer = exchange->line_end;
    if (exchange->answered && !exchange->greeting && !exchange->unsolicited)
        tally_trip(facts, exchange);
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Nearly all sessions have few: each takes its place among those before it, and no branch has to guess where. */
static void sort_few(uint32_t *samples, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t sample = samples[i];
        for (size_t at = 0; at < i; at++) {
            uint32_t other = samples[at];
            samples[at] = other < sample ? other : sample;
            sample = other < sample ? sample : other;
        }
        samples[i] = sample;
    }
}

bool tally_median(struct round_trips *trips, uint32_t *median)
{
    enum { FEW = 64 };
    if (trips->count == 0 || trips->count > RTT_SAMPLES)
        return false;
    if (trips->count <= FEW)
        sort_few(trips->samples, trips->count);
    else
        qsort(trips->samples, trips->count, sizeof(*trips->samples), by_size);
    *median = trips->samples[(trips->count - 1) / 2];
    return true;
}
