/* Who is named in a line of talk, where the words themselves need not look like a name: the argument of USER, of EHLO,
 * the path of RCPT. Of any protocol, so that a line can be asked before anybody knows what is spoken. Views only. */
#ifndef PROTOCOL_PARTIES_H
#define PROTOCOL_PARTIES_H

#include "protocol/protocol.h"

/* PARTY_QUOTED: a user in a quoted string, as it stands between the quotes (RFC 9051 4.3). */
enum party_kind { PARTY_USER, PARTY_HOST, PARTY_QUOTED };

/* The name is a view into the line. */
struct party {
    enum party_kind kind;
    struct str name;
};

/* XCLIENT, XFORWARD and ATRN name several at once; no other verb does. */
enum { PARTIES_MOST = 8 };

/* Those whom a command's argument names; answers how many. */
size_t parties_of(struct str verb, struct str argument, struct party found[PARTIES_MOST]);
/* The same for a whole line; a tag of IMAP may stand in front. */
size_t parties_in(struct str line, struct party found[PARTIES_MOST]);
/* The mechanism of a line that begins a login by SASL, in any of the protocols; *response becomes what follows it. */
struct str parties_mechanism(struct str line, struct str *response);
/* "a1 LOGIN {3}": the next line of this side begins with the user, in so many bytes; else 0. */
uint64_t parties_literal(struct str line);
/* The users in a response of that mechanism, decoded into `room`, which has room for response.n bytes; answers how many it
 * shows. What else is in the response is nobody's business. */
size_t parties_response(struct str mechanism, struct str response, char *room,
                        struct party found[PARTIES_MOST]);

/* Whether data without a tag that has this word tells who may do what with a folder: names that nobody counts. */
bool parties_hidden(struct str word);

/* Whether a line that was not understood has the shape of a command or of a status line. What has not may be anything:
 * the text of a mail, for one. */
bool parties_talk(struct str line);

#endif
