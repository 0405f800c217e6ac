/* Counts of a session: what its exchanges add up to. It owns nothing but numbers and the few texts a session record
 * shows. */
#ifndef SESSION_TALLY_H
#define SESSION_TALLY_H

#include "base/arena.h"
#include "model/exchange.h"
#include "model/session.h"
#include "protocol/protocol.h"

/* A command was sent: mechanism and user, where it shows them. */
void tally_request(struct session_facts *facts, struct arena *kept, const struct utterance *said);
/* Whether what is secret in a command is the user's name, of which the server needs not ask any more: AUTH LOGIN bm9ib2R5. */
bool tally_is_name(const struct utterance *said);
/* A login goes on with what is secret, and is no name. */
void tally_response(struct session_facts *facts);
/* A line of the server's list of capabilities. */
void tally_capability(struct session_facts *facts, struct arena *kept, struct str capability);
/* A whole new list of them, blanks between. */
void tally_capabilities(struct session_facts *facts, struct arena *kept, struct str list);
/* An exchange is complete. */
void tally_exchange(struct session_facts *facts, const struct exchange *exchange);
bool tally_is_failure(enum tcplog_name status);
/* The median of all final round trips in ms; false: none, or more than are kept. Reorders them. */
bool tally_median(struct round_trips *trips, uint32_t *median);

#endif
