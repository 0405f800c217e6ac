/* The verbs of SMTP, and whether a line is a command. Views only; where the talk stands is smtp.c's. */
#ifndef PROTOCOL_SMTP_COMMAND_H
#define PROTOCOL_SMTP_COMMAND_H

#include "protocol/protocol.h"

/* What the state of the talk depends on. */
enum smtp_kind {
    SMTP_PLAIN,
    SMTP_HELLO,
    SMTP_AUTH,
    SMTP_DATA,
    SMTP_BDAT,
    SMTP_BURL,
    SMTP_STARTTLS,
    SMTP_QUIT
};

/* A chunk that is not the last one: its success is no mail accepted yet. */
extern const struct verb smtp_chunk;

/* The row of this word, or of the verb that a line begins with; NULL: none that we know. */
const struct verb *smtp_verb_named(struct str word);
const struct verb *smtp_verb(struct str line);
bool smtp_is_command(struct str line);
bool smtp_is_auth(struct str line);
/* Commands that may stand where a body is expected: only in the shape that RFC 5321 4.1 gives them, for a line of a
 * mail may begin with "Mail" or "help", too. */
bool smtp_is_strict_command(struct str line);

#endif
