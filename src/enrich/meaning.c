/* What a final reply's code means, who says so and what to do: the tables of its protocol. */
#include "enrich/enrich.h"
#include "protocol/protocol.h"

/* Codes that no table has are left without a meaning: a guess would look like a fact. */
static void explain(struct record *record, const struct session_facts *session, struct str code,
                    struct str enhanced, struct str verb)
{
    const struct reply *reply = session->spoken->meaning(code, enhanced, verb);
    if (!reply)
        return;
    record->generation[LIFE_REPLY] += (uintptr_t)reply / sizeof(*reply);
    record_text(record, FIELD_meaning, reply->meaning);
    record_text(record, FIELD_reference, reply->reference);
    if (reply->action.n)
        record_text(record, FIELD_action, reply->action);
}

static void meaning_exchange(struct record *record, const struct exchange *exchange,
                             const struct session_facts *session)
{
    /* a code that was not final yet (354, 334) would explain what became of it too early */
    if (exchange->answered)
        explain(record, session, exchange->code, exchange->enhanced,
                exchange->greeting ? STR("GREETING") : exchange->command);
}

static void meaning_message(struct record *record, const struct message *message,
                            const struct session_facts *session)
{
    if (message->code.n && message->status != NAMES_status_unanswered)
        explain(record, session, message->code, message->enhanced, message->verb);
}

const struct enricher enricher_meaning = {
    .name = "meaning",
    .exchange = meaning_exchange,
    .message = meaning_message,
};
