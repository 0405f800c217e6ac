/* The tags of commands that wait for their reply, as far as a literal needs them whose length cannot be trusted: a mail
 * holds many a line whose second word is "no". Kept in the hearing, the newest last. */
#ifndef PROTOCOL_IMAP_TAGS_H
#define PROTOCOL_IMAP_TAGS_H

#include "protocol/protocol.h"

/* The client has given a command this tag; the server has replied to it. */
void imap_tags_add(struct hearing *hearing, struct str tag);
void imap_tags_remove(struct hearing *hearing, struct str tag);
/* Whether a command with this tag waits, or may; where none is known any may. */
bool imap_tags_wait(const struct hearing *hearing, struct str tag);
/* Whether a client that gave the newest tag would go on with this one: but for their numbers they are alike, or of one length
 * with a digit in each, as few words of a mail are. */
bool imap_tags_go_on(const struct hearing *hearing, struct str tag);
/* Whether a tag has a digit in it. */
bool imap_tags_counts(struct str tag);

#endif
