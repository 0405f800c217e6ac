/* What lines without arrows tell of their session. It owns nothing: it fills the session's facts. */
#ifndef SESSION_REMARKS_H
#define SESSION_REMARKS_H

#include "base/arena.h"
#include "dialect/dialect.h"
#include "model/session.h"

struct remarks {
    struct session_facts *facts;
    struct arena *kept;            /* for texts that the facts keep */
    const struct dialect *dialect; /* NULL: none fits */
    bool hidden;                   /* from `hidden_from` on the text is not to be seen */
    size_t hidden_from;
};

/* An event that is no data, its line number, and when it was. */
void remarks_take(const struct remarks *remarks, const struct event *event, uint64_t number,
                  const struct moment *now);

#endif
