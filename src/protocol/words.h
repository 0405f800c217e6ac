/* Words of a command line, shared by the protocols; what of them is secret: credentials.h.
 * Views only; nothing here has state. */
#ifndef PROTOCOL_WORDS_H
#define PROTOCOL_WORDS_H

#include "protocol/protocol.h"

/* Cuts the next blank-separated word off *rest, which then begins at the following word. */
struct str words_next(struct str *rest);
/* The first word, or as much of it as is more than any verb. */
struct str words_leading(struct str text);
/* As much of a line as tells what it is: who looks at no more does not mind how long it is. */
struct str words_beginning(struct str line);
/* Without blanks at both ends, nor a CR that was left behind. */
struct str words_trim(struct str text);
/* The same for a stray line, where copying made other blanks of blanks. */
struct str words_bare(struct str text);
/* Whether text is this word (given in upper case), in any case. */
bool words_are(struct str text, struct str upper);
/* The row whose name is `word` in any case; NULL if there is none. */
const struct verb *words_verb(const struct verb *verbs, size_t count, struct str word);

/* Letters and digits only, and not too many of them: may be a verb. */
bool words_alphabetic(struct str word);

/* Whether a line ends in "{12}" or "{12+}": what follows belongs to it (RFC 9051 4.3, 7888). */
bool words_announces(struct str line);

#endif
