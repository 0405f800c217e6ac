/* Whether a session did what it came for: by what was found wrong with it, and by what was done all the same. */
#include "enrich/diagnosis.h"
#include "enrich/enrich.h"

/*                cause: FAULT   OPEN      none
 *    achieved           partial partial   success
 *    not achieved       failure unknown   success where somebody logged in or said goodbye, else unknown */
static enum tcplog_name outcome_of(const struct session_facts *session)
{
    const struct diagnosis *cause = session->verdict.cause;
    bool achieved = session_achieved(session);
    if (cause && achieved)
        return NAMES_outcome_partial;
    if (cause)
        return cause->weight == OPEN ? NAMES_outcome_unknown : NAMES_outcome_failure;
    return achieved || session->login_ok || session->goodbyes ? NAMES_outcome_success : NAMES_outcome_unknown;
}

static void outcome_session(struct record *record, const struct session_facts *session)
{
    record_name(record, FIELD_outcome, outcome_of(session));
}

const struct enricher enricher_outcome = {
    .name = "outcome",
    .session = outcome_session,
};
