/* Who took part and how they were secured: TLS facts, login, what the server offers. */
#include "enrich/enrich.h"

static void set(struct record *record, enum field_id id, struct str text)
{
    if (text.n)
        record_text(record, id, text);
}

static void identity_session(struct record *record, const struct session_facts *session)
{
    record_number(record, FIELD_tls, session->tls.established);
    set(record, FIELD_tls_version, session->tls.version);
    set(record, FIELD_tls_cipher, session->tls.cipher);
    set(record, FIELD_tls_subject, session->tls.subject);
    set(record, FIELD_auth_mechanism, session->mechanism);
    set(record, FIELD_user, session->user);
    if (session->capability_count)
        record_set(record, FIELD_capabilities)->list =
            (struct list){ session->capabilities, session->capability_count };
}

const struct enricher enricher_identity = {
    .name = "identity",
    .session = identity_session,
};
