/* Records that hold several lines of the wire, with tokens ("<cr><lf>") for the line ends between them.
 * Views only; nothing here has state. */
#ifndef PROTOCOL_TOKENS_H
#define PROTOCOL_TOKENS_H

#include "tcplog/str.h"

/* Answers the length of the first line of a record and, in *used, with its line end; it is the whole text unless what
 * follows `begins` like a line, or like a command with credentials where they are looked for. */
size_t tokens_first_line(struct str text, bool (*begins)(struct str), bool credentials, size_t *used);
/* What begins where anything may. */
bool tokens_any(struct str line);

#endif
