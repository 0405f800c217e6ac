/* Paths of mails: the addresses behind FROM: and TO: (RFC 5321 4.1.2). */
#ifndef PROTOCOL_MAIL_PATH_H
#define PROTOCOL_MAIL_PATH_H

#include "tcplog/str.h"

/* How much of text is path: up to this character, unless it stands in a quoted string that has an end. */
size_t mail_path_end(struct str text, char end);

#endif
