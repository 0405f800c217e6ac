/* What a final reply's code means, who says so and what to do: the tables of its protocol. */
#include "enrich/enrich.h"
#include "protocol/protocol.h"

static void meaning_exchange(struct record *record, const struct exchange *exchange,
                             const struct session_facts *session)
{
    if (!exchange->answered)
        return;
    struct str verb = exchange->greeting ? STR("GREETING") : exchange->command;
    const struct reply *reply = session->spoken->meaning(exchange->code, exchange->enhanced, verb);
    if (!reply)
        return;
    record_text(record, FIELD_meaning, str_of(reply->meaning));
    record_text(record, FIELD_reference, str_of(reply->reference));
    if (reply->action[0])
        record_text(record, FIELD_action, str_of(reply->action));
}

const struct enricher enricher_meaning = {
    .name = "meaning",
    .exchange = meaning_exchange,
};
