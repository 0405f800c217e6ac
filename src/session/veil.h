/* What of a talk nobody can search for names, and is not to be seen where they are redacted: mails, what may be of one,
 * what was searched for in them, and what a server tells of people. It only says so; masking is the talk's. */
#ifndef SESSION_VEIL_H
#define SESSION_VEIL_H

#include "session/talk.h"

/* Whether a line of a payload of this side that passes now may be of a mail. */
bool veil_hides_payload(const struct talk *talk, enum side side, struct str line);
/* From which byte on the line that was heard so is not to be seen; line.n: it may be seen. */
size_t veil_from(const struct talk *talk, enum side side, struct str line, const struct utterance *said);

#endif
