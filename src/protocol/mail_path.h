/* What MAIL, RCPT and the commands that fetch say of a mail: the address behind FROM: or TO: (RFC 5321 4.1.2), a size, a number. */
#ifndef PROTOCOL_MAIL_PATH_H
#define PROTOCOL_MAIL_PATH_H

#include "tcplog/str.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands between the first < and its >, or the word behind "FROM:" or "TO:" where there are none; false: neither, as
 * where copying has taken <…> for a tag. */
bool mail_path(struct str argument, struct str *path);
/* SIZE=n among the parameters (RFC 1870 3); false: there is none. */
bool mail_size(struct str argument, uint64_t *size);
/* A word that is a number, of no more digits than one can hold; else false, and 0. */
bool mail_number(struct str text, uint64_t *number);
/* The number in front of "octets" or "bytes" (RFC 1939 5), or all that is said; else false, and 0. */
bool mail_octets(struct str text, uint64_t *size);
/* How much of text is path: up to this character, unless it stands in a quoted string that has an end. */
size_t mail_path_end(struct str text, char end);

#endif
