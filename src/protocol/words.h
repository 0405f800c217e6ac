/* Words of a command line, and what in it is secret: shared by the protocols.
 * Views only; nothing here has state. */
#ifndef PROTOCOL_WORDS_H
#define PROTOCOL_WORDS_H

#include "protocol/protocol.h"

/* Cuts the next blank-separated word off *rest, which then begins at the following word. */
struct str words_next(struct str *rest);
/* Without blanks at both ends, nor a CR that was left behind. */
/* The first word, or as much of it as is more than any verb. */
struct str words_leading(struct str text);
/* As much of a line as tells what it is: who looks at no more does not mind how long it is. */
struct str words_beginning(struct str line);
struct str words_trim(struct str text);
/* The same for a stray line, where copying made other blanks of blanks. */
struct str words_bare(struct str text);
/* Whether text is this word (given in upper case), in any case. */
bool words_are(struct str text, struct str upper);
/* The row whose name is `word` in any case; NULL if there is none. */
const struct verb *words_verb(const struct verb *verbs, size_t count, struct str word);

/* Letters and digits only, and not too many of them: may be a verb. */
bool words_alphabetic(struct str word);

/* Where secret text begins in a line that is a credential command in any of the protocols (PASS, APOP, AUTH with an
 * initial response, IMAP LOGIN and AUTHENTICATE), or text.n if it holds none. The belt to the braces of protocol
 * state: for lines that no state explains. */
size_t words_secret_from(struct str text);
/* Where the token of an address stands that opens a mail to whoever holds it ("…;URLAUTH=who:mechanism:token", RFC 4467 3), and
 * in *n its bytes; text.n if there is none. */
size_t words_urlauth(struct str text, size_t *n);
/* The same for what stands behind a word that is none of these commands. */
size_t words_secret_behind(struct str rest);
/* The same for a line that nothing explains (its stamp is lost, it is quoted or wrapped): looks at every word, and takes
 * an opaque one for a secret. */
size_t words_secret_within(struct str text);
/* The same for a command that nobody knows: its verb may be misspelt, or speak of passwords. */
size_t words_secret_unknown(struct str line);
/* Whether a line ends in "{12}" or "{12+}": what follows belongs to it (RFC 9051 4.3, 7888). */
bool words_announces(struct str line);
/* Whether a word may name a SASL mechanism (RFC 4422 3.1), in any case. */
bool words_mechanism(struct str word);
/* One word that may well be base64 of a credential, where neither a verb nor a reply was recognised. */
bool words_opaque(struct str text);
/* A record may hold several lines, with tokens for the line ends between them. Answers the length of the first one and,
 * in *used, with its line end; it is the whole text unless what follows `begins` like a line, or like a command with
 * credentials where they are looked for. */
size_t words_first_line(struct str text, bool (*begins)(struct str), bool credentials, size_t *used);
/* What begins where anything may. */
bool words_any(struct str line);

#endif
