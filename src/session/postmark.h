/* The zone that a client tells by the mail it sends: the Date header that it has just written, next to the stamp of the
 * log's own clock. It reads a session's first batch, and takes nothing of a mail but that offset. */
#ifndef SESSION_POSTMARK_H
#define SESSION_POSTMARK_H

#include "session/prelude.h"

/* False: no such mail. Only logs of SMTP clients tell; to a server, dates are what others say. */
bool postmark_offset(const struct batch *batch, const struct prelude *prelude,
                     const struct session_facts *facts, int32_t *offset);

#endif
