/* What a session's first batch tells before any record of it leaves: who wrote the log, who is the server, which
 * protocol, from which day on, and the id. It owns no state: it fills facts. */
#ifndef SESSION_PRELUDE_H
#define SESSION_PRELUDE_H

#include "base/arena.h"
#include "dialect/dialect.h"
#include "protocol/protocol.h"
#include "session/batch.h"
#include "source/name.h"

/* What is registered: NULL-terminated, protocols with the one for unknown talk first. */
struct trade {
    const struct dialect *const *dialects;
    const struct protocol *const *protocols;
};

struct prelude {
    const struct dialect *dialect; /* NULL: none fits */
    const struct protocol *protocol;
    enum tcplog_name server_arrow; /* NAMES_arrow_…; NAMES_count: not known */
    bool tokens;                   /* line ends of the traffic are written as <cr><lf> */
    bool unwelcome;                /* the server's welcome is not in the log */
    int32_t day;                   /* of the first stamp; DAY_NONE */
};

/* Texts go to *kept; `scratch` is memory for the hash, BATCH_BYTES and STAMP_TEXT more for each event; NULL: it gets no id. */
void prelude_read(struct prelude *prelude, struct session_facts *facts, const struct batch *batch,
                  const struct trade *trade, const struct log_name *name, struct arena *kept, char *scratch);

static inline enum side prelude_side(const struct prelude *prelude, const struct event *event)
{
    return event->arrow == prelude->server_arrow ? SIDE_SERVER : SIDE_CLIENT;
}

/* What stands behind stamp and arrow, without a token that ends a line. */
static inline struct str prelude_text(const struct prelude *prelude, const struct event *event)
{
    bool token = prelude->tokens || event->class == NAMES_class_opening;
    return token && event->token >= TOKEN_LF ? event_payload(event) : event_text(event);
}

/* The same of an event that is talk. */
static inline struct str prelude_talk(const struct prelude *prelude, const struct event *event)
{
    return prelude->tokens && event->token >= TOKEN_LF ? event_payload(event) : event_text(event);
}

/* By how many lines a session is known. */
enum { PRELUDE_ID_LINES = 16 };

enum { PRELUDE_SCRATCH = BATCH_BYTES + LINES_LONGEST + PRELUDE_ID_LINES * (STAMP_TEXT + 2) };

#endif
