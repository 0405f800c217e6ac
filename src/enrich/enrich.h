/* An enricher adds fields to a record that is about to leave; it changes none that is there, and sees the noun that the
 * record was made of. It is one file that ends with a const struct enricher, and one line in src/registry.def. */
#ifndef ENRICH_ENRICH_H
#define ENRICH_ENRICH_H

#include "model/exchange.h"
#include "model/message.h"
#include "model/session.h"

struct enricher {
    const char *name;
    /* Any may be NULL. Exchanges and messages are complete; sessions have ended. */
    void (*exchange)(struct record *record, const struct exchange *exchange,
                     const struct session_facts *session);
    void (*message)(struct record *record, const struct message *message,
                    const struct session_facts *session);
    void (*session)(struct record *record, const struct session_facts *session);
};

#endif
