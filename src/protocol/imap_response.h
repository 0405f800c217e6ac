/* The words of an IMAP response: what kind of line it is, and which command its data is for. Views only; where the talk
 * stands is imap.c's. */
#ifndef PROTOCOL_IMAP_RESPONSE_H
#define PROTOCOL_IMAP_RESPONSE_H

#include "protocol/imap_command.h"

/* OK, NO, BAD: what a tagged response says first. */
bool imap_is_status(struct str word);
/* "a1 OK done"; "* 12 EXISTS"; "+ go ahead" (RFC 9051 2.2.2). */
bool imap_is_tagged(struct str line);
bool imap_is_untagged(struct str line);
bool imap_is_continuation(struct str line);
/* Any of the three. */
bool imap_is_response(struct str line);
/* "* 12 FETCH (…". */
bool imap_is_fetch(struct str line);
/* Words that open a talk; what tells of a mailbox comes later. */
bool imap_is_welcome(struct str line);
/* Data finds its command by what only some verbs are answered with; IMAP_PLAIN: any. */
enum imap_kind imap_answers(struct str word);
/* Whether what is named before a literal is a whole mail. */
bool imap_is_mail(struct str item);

#endif
