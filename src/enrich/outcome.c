/* Whether a session did what it came for. "Closed normally" is printed for every session that ever connected, so the
 * dialogue alone is asked (FORMAT 5.2). */
#include "enrich/enrich.h"

static bool went_wrong(const struct session_facts *session)
{
    bool login = session->login_failed && !session->login_ok;
    return session->refusals || session->abandoned || login || session->ending == NAMES_ending_error;
}

static enum tcplog_name outcome_of(const struct session_facts *session)
{
    bool mail = session->messages_sent || session->messages_fetched;
    bool mailbox = session->protocol != NAMES_protocol_smtp && session->login_ok;
    if (went_wrong(session))
        return mail || mailbox ? NAMES_outcome_partial : NAMES_outcome_failure;
    return mail || session->login_ok || session->goodbyes ? NAMES_outcome_success : NAMES_outcome_unknown;
}

static void outcome_session(struct record *record, const struct session_facts *session)
{
    record_name(record, FIELD_outcome, outcome_of(session));
}

const struct enricher enricher_outcome = {
    .name = "outcome",
    .session = outcome_session,
};
