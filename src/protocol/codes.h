/* Reply codes: how they look inside a reply's text, and what they mean (smtp_replies.def, enhanced_codes.def,
 * pop3_replies.def, imap_replies.def). Unknown codes fall back to the class of their digits. */
#ifndef PROTOCOL_CODES_H
#define PROTOCOL_CODES_H

#include "protocol/protocol.h"

/* "2.1.5" at the start of text, if its class fits the reply's (RFC 2034 4); else empty. */
struct str codes_enhanced(struct str text, char class);
/* The inside of "[IN-USE]" at the start of text (RFC 2449 8); else empty. */
struct str codes_bracketed(struct str text);
/* "UIDNEXT" of "[UIDNEXT 4] text" (RFC 9051 7.1), in any case; else empty. */
struct str codes_bracketed_word(struct str text);

/* The tables themselves, each list ended by one without a title. */
extern const struct code_table codes_smtp_tables[], codes_pop3_tables[], codes_imap_tables[];

/* What a final reply means: by its code (upper case), the enhanced or response code without brackets ("" if it has
 * none), and the verb that it answers, or GREETING. NULL: it is in no table. Rows are static. */
const struct reply *codes_smtp(struct str code, struct str enhanced, struct str verb);
const struct reply *codes_pop3(struct str code, struct str enhanced, struct str verb);
const struct reply *codes_imap(struct str code, struct str enhanced, struct str verb);

#endif
