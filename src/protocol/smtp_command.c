/* Commands of RFC 5321 4.1 and of its extensions, and the shapes by which they are told from lines of a mail. */
#include "protocol/smtp_command.h"

#include "base/decimal.h"
#include "protocol/words.h"

/* The most frequent ones first. */
static const struct verb verbs[] = {
    { { "RCPT", 4 }, NAMES_phase_envelope, VERB_NAMES_RECIPIENT, SMTP_PLAIN },
    { { "MAIL", 4 }, NAMES_phase_envelope, VERB_OPENS_MAIL, SMTP_PLAIN },
    { { "DATA", 4 }, NAMES_phase_data, VERB_SENDS, SMTP_DATA },
    { { "QUIT", 4 }, NAMES_phase_quit, VERB_ENDS, SMTP_QUIT },
    { { "EHLO", 4 }, NAMES_phase_capability, VERB_LISTS_CAPABILITIES | VERB_RESETS, SMTP_HELLO },
    { { "AUTH", 4 }, NAMES_phase_authentication, VERB_AUTHENTICATES, SMTP_AUTH },
    { { "RSET", 4 }, NAMES_phase_session, VERB_RESETS, SMTP_PLAIN },
    { { "STARTTLS", 8 }, NAMES_phase_tls, VERB_STARTS_TLS, SMTP_STARTTLS },
    { { "HELO", 4 }, NAMES_phase_capability, VERB_RESETS, SMTP_HELLO },
    { { "NOOP", 4 }, NAMES_phase_session, 0, SMTP_PLAIN },
    { { "BDAT", 4 }, NAMES_phase_data, VERB_SENDS | VERB_SENDS_AT_ONCE, SMTP_BDAT },
    { { "LHLO", 4 }, NAMES_phase_capability, VERB_LISTS_CAPABILITIES | VERB_RESETS, SMTP_HELLO },
    { { "BURL", 4 }, NAMES_phase_data, VERB_SENDS | VERB_SENDS_AT_ONCE, SMTP_BURL },
    { { "HELP", 4 }, NAMES_phase_session, 0, SMTP_PLAIN },
    { { "VRFY", 4 }, NAMES_phase_other, VERB_NAMES_USERS, SMTP_PLAIN },
    { { "EXPN", 4 }, NAMES_phase_other, VERB_NAMES_USERS, SMTP_PLAIN },
    { { "ETRN", 4 }, NAMES_phase_other, 0, SMTP_PLAIN },
    { { "ATRN", 4 }, NAMES_phase_other, 0, SMTP_PLAIN },
    { { "TURN", 4 }, NAMES_phase_other, 0, SMTP_PLAIN },
    { { "SEND", 4 }, NAMES_phase_envelope, VERB_OPENS_MAIL, SMTP_PLAIN },
    { { "SOML", 4 }, NAMES_phase_envelope, VERB_OPENS_MAIL, SMTP_PLAIN },
    { { "SAML", 4 }, NAMES_phase_envelope, VERB_OPENS_MAIL, SMTP_PLAIN },
    { { "XCLIENT", 7 }, NAMES_phase_session, 0, SMTP_PLAIN },
    { { "XFORWARD", 8 }, NAMES_phase_session, 0, SMTP_PLAIN },
};

const struct verb smtp_chunk = {
    { "BDAT", 4 }, NAMES_phase_data, VERB_SENDS_PART | VERB_SENDS_AT_ONCE, SMTP_BDAT
};

const struct verb *smtp_verb_named(struct str word)
{
    return words_verb(verbs, sizeof(verbs) / sizeof(*verbs), word);
}

const struct verb *smtp_verb(struct str line)
{
    return smtp_verb_named(words_leading(line));
}

bool smtp_is_command(struct str line)
{
    return smtp_verb(line) != NULL;
}

bool smtp_is_auth(struct str line)
{
    const struct verb *verb = smtp_verb(line);
    return verb && verb->kind == SMTP_AUTH;
}

bool smtp_is_strict_command(struct str line)
{
    const struct verb *verb = smtp_verb(line);
    struct str rest = line;
    words_next(&rest);
    rest = words_trim(rest);
    if (!verb)
        return false;
    if (verb->kind == SMTP_BDAT)
        return rest.n && is_digit(rest.p[0]);
    if (verb->kind == SMTP_AUTH || verb->kind == SMTP_HELLO)
        return rest.n > 0;
    return rest.n == 0 || words_are(str_upto(rest, rest.n < 5 ? rest.n : 5), STR("FROM:"));
}
