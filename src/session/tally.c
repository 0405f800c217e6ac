/* What exchanges add up to. A failure is a final reply that refuses; an unanswered command is counted apart. */
#include "session/tally.h"

#include "base/utf8.h"
#include "protocol/words.h"

#include <stdlib.h>

bool tally_is_failure(enum tcplog_name status)
{
    return status == NAMES_status_transient_failure || status == NAMES_status_permanent_failure ||
           status == NAMES_status_failure;
}

void tally_request(struct session_facts *facts, struct arena *kept, const struct utterance *said)
{
    if (said->mechanism.n)
        facts->mechanism = utf8_keep(kept, said->mechanism);
    if (said->user.n)
        facts->user = utf8_keep(kept, said->user);
    if (said->verb && said->verb->flags & VERB_AUTHENTICATES && said->mechanism.n && !facts->tls.established)
        facts->login_in_clear = true;
}

void tally_capability(struct session_facts *facts, struct arena *kept, struct str capability)
{
    if (facts->capability_count < CAPABILITIES_MOST && capability.n)
        facts->capabilities[facts->capability_count++] = utf8_keep(kept, capability);
}

void tally_capabilities(struct session_facts *facts, struct arena *kept, struct str list)
{
    facts->capability_count = 0;
    while (list.n)
        tally_capability(facts, kept, words_next(&list));
}

static void tally_trip(struct round_trips *trips, const struct exchange *exchange)
{
    if (exchange->said.stamp == UINT32_MAX || exchange->settled.stamp == UINT32_MAX ||
        exchange->said.breaks != exchange->settled.breaks)
        return;
    int64_t ms = exchange->settled.at - exchange->said.at;
    /* a reply that came before its payload was out answers something else than that payload */
    if (ms < 0)
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

static void tally_success(struct session_facts *facts, unsigned flags)
{
    facts->login_ok |= (flags & VERB_AUTHENTICATES) != 0;
    facts->messages_sent += (flags & VERB_SENDS) != 0;
    facts->messages_fetched += (flags & VERB_FETCHES) != 0;
    facts->goodbyes += (flags & VERB_ENDS) != 0;
}

/* What a client can do without, or try in another way. */
static bool is_preliminary(const struct exchange *exchange)
{
    enum tcplog_name phase = exchange->verb ? exchange->verb->phase : NAMES_phase_other;
    return phase == NAMES_phase_authentication || phase == NAMES_phase_capability || phase == NAMES_phase_tls;
}

/* Half a mail is no success, though the first line of the reply said so. */
static bool is_cut(const struct exchange *exchange)
{
    bool fetches = exchange->verb && exchange->verb->flags & VERB_FETCHES;
    return fetches && exchange->status == NAMES_status_success && !exchange->payload_whole;
}

void tally_exchange(struct session_facts *facts, const struct exchange *exchange)
{
    unsigned flags = exchange->verb ? exchange->verb->flags : 0;
    facts->exchanges++;
    facts->unanswered += exchange->status == NAMES_status_unanswered;
    facts->abandoned += exchange->status == NAMES_status_unanswered && !(flags & VERB_ENDS);
    facts->abandoned += is_cut(exchange);
    if (exchange->status == NAMES_status_success && !is_cut(exchange))
        tally_success(facts, flags);
    if (tally_is_failure(exchange->status)) {
        facts->failures++;
        facts->login_failed |= (flags & VERB_AUTHENTICATES) != 0;
        facts->refusals += !is_preliminary(exchange);
    }
    if (exchange->answered && !exchange->greeting && !exchange->unsolicited)
        tally_trip(&facts->trips, exchange);
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

bool tally_median(struct round_trips *trips, uint32_t *median)
{
    if (trips->count == 0 || trips->count > RTT_SAMPLES)
        return false;
    qsort(trips->samples, trips->count, sizeof(*trips->samples), by_size);
    *median = trips->samples[(trips->count - 1) / 2];
    return true;
}
