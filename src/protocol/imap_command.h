/* The words of an IMAP command: tag, verb, argument, and who logs in. Views only;
 * where the talk stands is imap.c's. */
#ifndef PROTOCOL_IMAP_COMMAND_H
#define PROTOCOL_IMAP_COMMAND_H

#include "protocol/protocol.h"

/* What data of the server a verb is answered with. */
enum imap_kind {
    IMAP_PLAIN,
    IMAP_LOGIN,
    IMAP_AUTHENTICATE,
    IMAP_CAPABILITY,
    IMAP_IDLE,
    IMAP_APPEND,
    IMAP_LOGOUT,
    IMAP_SELECT,
    IMAP_LIST,
    IMAP_STATUS,
    IMAP_SEARCH,
    IMAP_FETCH,
    IMAP_URLAUTH,
};

struct imap_command {
    struct str tag, word, argument; /* word: the verb; of UID commands both words */
    const struct verb *verb;        /* NULL: none that we know */
};

/* The parts of a client's line, whatever it is: views, empty where there are none. */
struct imap_command imap_command(struct str line);
/* Whether a word may be a tag (RFC 9051 9), and not only by the grammar: 32 bytes are more than anybody counts. */
bool imap_is_tag(struct str word);
/* How sure it is that a line is a command of IMAP's and of no other protocol (protocol.h). */
int imap_bid_command(struct str line);
/* Where a line may hold a secret whose verb, `word`, nobody knows: it may stand behind a tag, or there is none. */
size_t imap_unknown_secret(struct str line, struct str word);
/* Whether a line is a tag and a verb that we know, where other things may stand. */
bool imap_is_command(struct str line);
/* Whether the verb, which must be known, is no word of other talk in the shape that it has. */
bool imap_is_sure(const struct imap_command *command);
/* Where a command that we know holds a secret; and who logs in, where that stands in clear. */
void imap_say_credentials(const struct imap_command *command, struct str line, struct utterance *said);

#endif
