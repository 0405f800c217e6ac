/* Whether a session did what it came for: by what was found wrong with it, and by what was done all the same. */
#include "enrich/diagnosis.h"
#include "enrich/enrich.h"

/* Who only asks what a server can has done what it came for, when it says goodbye; but not who only says that. A mail whose
 * recipient was taken, and which was not sent for all that, may have been given up; so may one behind a refusal. */
static bool is_content(const struct session_facts *session)
{
    unsigned taken = AT_RECIPIENT | (session->failures ? AT_SENDER : 0);
    bool given_up = session->traces.stages_ok & taken;
    return !given_up && (session->login_ok || (session->goodbyes && session_agreed(session)));
}

/*                cause: FAULT   OPEN      none
 *    achieved           partial partial   success
 *    not achieved       failure unknown   success or unknown: is_content() */
static enum tcplog_name outcome_of(const struct session_facts *session)
{
    const struct diagnosis *cause = session->verdict.cause;
    bool achieved = session_achieved(session);
    if (cause && achieved)
        return NAMES_outcome_partial;
    if (cause)
        return cause->weight == OPEN ? NAMES_outcome_unknown : NAMES_outcome_failure;
    return achieved || is_content(session) ? NAMES_outcome_success : NAMES_outcome_unknown;
}

static void outcome_session(struct record *record, const struct session_facts *session)
{
    record_name(record, FIELD_outcome, outcome_of(session));
}

const struct enricher enricher_outcome = {
    .name = "outcome",
    .session = outcome_session,
};
