/* Getting to know who a session names: events are looked at a batch ahead of the records, so that a name is known where
 * it stands before it is given. It owns what must be remembered from line to line, to tell talk from mail. */
#ifndef SESSION_ACQUAINT_H
#define SESSION_ACQUAINT_H

#include "session/batch.h"
#include "session/roster.h"
#include "tcplog/buf.h"

enum { MECHANISM_MOST = 20 };

struct acquaint {
    struct roster roster;
    struct buf scratch;
    bool talked;           /* a line of talk was seen */
    uint8_t server_length; /* 0: the server has not said its name, or it is too long */
    char server[ROSTER_NAME_MOST];
    uint8_t mail;              /* 1 + the arrow on whose lines a mail is under way; 0: on neither */
    bool chunk;                /* it ends where the other side speaks */
    uint8_t fetching;          /* 1 + the arrow that asked for a mail */
    uint8_t login;             /* 1 + the arrow whose next line shows the user, by … */
    uint64_t literal;          /* … its first bytes, that many; 0: by … */
    size_t mechanism;          /* … */
    char name[MECHANISM_MOST]; /* … this mechanism */
};

/* Another session. */
void acquaint_begin(struct acquaint *acquaint);
void acquaint_batch(struct acquaint *acquaint, const struct batch *batch);
/* What the server has called itself; empty: nothing. */
struct str acquaint_server(const struct acquaint *acquaint);
void acquaint_free(struct acquaint *acquaint);

#endif
