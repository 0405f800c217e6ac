/* Whether a file is a session log at all, by its first bytes; and Mercury's general logs, which are often taken for
 * session logs (FORMAT 1). */
#ifndef DIALECT_RECOGNISE_H
#define DIALECT_RECOGNISE_H

#include "tcplog/str.h"

enum content { CONTENT_SESSION_LOG, CONTENT_GENERAL_LOG, CONTENT_OTHER };

/* By the first bytes of a file, cut anywhere. One line with a stamp makes it a session log, whatever stands before
 * that; a general log has none. */
enum content recognise(struct str head);

#endif
