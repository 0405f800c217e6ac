/* Whether a file is a session log at all, by its first bytes; and Mercury's general logs, which are often taken for
 * session logs (FORMAT 1). */
#ifndef DIALECT_RECOGNISE_H
#define DIALECT_RECOGNISE_H

#include "tcplog/str.h"

enum content { CONTENT_SESSION_LOG, CONTENT_GENERAL_LOG, CONTENT_PACKED, CONTENT_WIDE, CONTENT_OTHER };

/* By the first bytes of a file, cut anywhere. What is compressed or an archive is PACKED, whatever else it seems: the
 * lines of the first log in a tar can be read. One line with a stamp makes it a session log, whatever stands before
 * that; a general log has none. WIDE: UTF-16, which PowerShell makes of a log whose text it passes on; no keyword in it would be
 * known, so that passwords would go out. */
enum content recognise(struct str head);

/* What is told of a file that is refused as this. */
struct refusal {
    const char *id, *text;
};
const struct refusal *recognise_refusal(enum content content);

/* Whether it is taken for a session log, also by its name. */
static inline bool content_is_log(enum content content, bool named_so)
{
    return content == CONTENT_SESSION_LOG || (named_so && content == CONTENT_OTHER);
}

#endif
