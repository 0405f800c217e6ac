/* Where credentials stand in command lines of any protocol, and words that may be such. Each function errs on the side of
 * masking: it is the belt to the braces of what the protocols know of a conversation.
 * Views only; nothing here has state. */
#ifndef PROTOCOL_CREDENTIALS_H
#define PROTOCOL_CREDENTIALS_H

#include "tcplog/str.h"

/* The word that a place of a text stands in, and where a credential behind it shows its secret: looked for once, for many
 * lines may begin within one word. Zero before the first place. */
struct outlook {
    size_t end, behind;
};

/* Where secret text begins in a line that is a credential command in any of the protocols (PASS, APOP, AUTH with an
 * initial response, IMAP LOGIN and AUTHENTICATE), with a tag or without, or text.n if it holds none. For lines that no
 * state explains. */
size_t credentials_from(struct str text);
/* The same for what stands behind a word that is none of these commands. */
size_t credentials_behind(struct str rest);
/* The same for the line that begins at `at` of a text; places must not go back. */
size_t credentials_at(struct str text, size_t at, struct outlook *word);
/* The same for a line that nothing explains (its stamp is lost, it is quoted or wrapped): looks at every word, and takes
 * an opaque one for a secret. */
size_t credentials_within(struct str text);
/* Whether a line begins with the verb of one of these commands, and more stands behind it. */
bool credentials_is_login(struct str line);
/* Where the text of the next line begins that this one goes on with, its end being lost: "+OK21:41:43.760: << PASS x"; text.n:
 * it holds no other line. */
size_t credentials_swallowed(struct str line);
/* The same for a command that nobody knows: its verb may be misspelt, or speak of passwords. */
size_t credentials_unknown(struct str line);
/* The same for a line of talk that may be any protocol's: verbs that speak of passwords, with a tag or without, headers and
 * forms of HTTP; prose is let pass. */
size_t credentials_foreign(struct str line);
/* Where the token of an address stands that opens a mail to whoever holds it ("…;URLAUTH=who:mechanism:token", RFC 4467 3), and
 * in *n its bytes; text.n if there is none. */
size_t credentials_urlauth(struct str text, size_t *n);
/* Whether a word may name a SASL mechanism (RFC 4422 3.1), in any case. */
bool credentials_mechanism(struct str word);
/* One word that may well be base64 of a credential, where neither a verb nor a reply was recognised. */
bool credentials_opaque(struct str text);

#endif
