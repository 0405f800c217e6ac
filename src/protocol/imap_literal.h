/* Literals of IMAP: how they are announced, and how much of one a line of the log is. Views only; where the talk
 * stands is imap.c's. */
#ifndef PROTOCOL_IMAP_LITERAL_H
#define PROTOCOL_IMAP_LITERAL_H

#include "protocol/imap_command.h"

/* "{12}", "{12+}" or "~{12}" at the end of a line: that many bytes follow (RFC 9051 4.3, 7888, 3516). */
struct imap_literal {
    uint64_t size;
    size_t at;  /* where the announcement begins */
    bool waits; /* for the server's + */
};

/* False: the line ends in no announcement, and *literal is not to be looked at. */
bool imap_announces(struct str line, struct imap_literal *literal);
/* What may stand behind a literal, and hardly at the start of one. */
bool imap_is_rest(struct str line);
/* Whether a line holds what was announced, or at least its beginning, if it may have several lines. */
bool imap_holds(struct str line, uint64_t announced, bool lines);
/* Takes from *remaining what a line holds of a literal, and says it as payload; what is left of the line is not used.
 * Answers whether part of the literal is not in the log, so that its end cannot be told. */
bool imap_take(uint64_t *remaining, bool tokens, struct str line, unsigned end, struct utterance *said);

#endif
