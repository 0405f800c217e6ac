/* What is remembered of a line in which the client says a secret, so that the server may not repeat it. */
#ifndef SESSION_CONFIDE_H
#define SESSION_CONFIDE_H

#include "session/talk.h"

/* "334 VXNlcm5hbWU6" is "Username:"; some say "User Name", and in base64 of whatever case. */
bool confide_asks_for_name(const struct utterance *said);
/* False: it is a name, or what else was said where one was asked for. */
bool confide(struct echo *echo, const struct hearing_of *of, bool asks_name);

#endif
