/* An exchange: one client command and everything up to its final reply; or the greeting; or a reply that answers
 * nothing. Its texts live in the session's arena, or in the line that completed it. */
#ifndef MODEL_EXCHANGE_H
#define MODEL_EXCHANGE_H

#include "model/moment.h"
#include "model/stamp.h"
#include "model/verb.h"

/* When what was said, and the durations that come of it (enrich/timing.c):
 *
 *    250 ok    DATA          354 go     .               250-queued   250 as 1A2B
 *    before    began         replied    said            settled      ended
 *    |─think_ms|────rtt_ms───|          |──final_rtt_ms─|
 *              |───────────────────────total_ms──────────────────────| */
struct exchange {
    uint64_t sequence;
    uint64_t line, line_end, reply_line;
    uint64_t offset;
    const struct verb *verb; /* NULL: greeting, unsolicited reply, or a verb we do not know */
    bool greeting, unsolicited, redacted, has_argument;
    bool complete;           /* nothing more will come */
    bool answered;           /* a final reply came */
    bool payload_follows;    /* its reply said that a listing or a body comes behind it */
    bool payload_whole;      /* the end of its payload was heard */
    enum tcplog_name status; /* of the final reply, or NAMES_status_unanswered / _unsolicited */
    uint64_t
        tag_key; /* of the tag as it was said, for that may have been masked before it was kept; 0: it has none */
    struct str tag, command, argument;
    struct str code, enhanced, text, intermediate;
    struct str message_id; /* of the mail that it carries, if it stood in this part */
    /* what its reply tells of a mail, taken from it before it was masked, where it was: */
    struct str queue_id;
    uint64_t octets;
    struct stamp stamp;    /* of its first line */
    size_t texts;          /* where its texts begin in their arena: none is older */
    struct moment began;   /* its first line */
    struct moment said;    /* the last thing the client sent for it */
    struct moment replied; /* first reply line, intermediate ones included */
    struct moment settled; /* first line of the final reply */
    struct moment ended;   /* last line of the final reply */
    struct moment before;  /* end of the reply before it, if nothing was under way then */
    struct moment payload_began, payload_ended;
    uint64_t payload_bytes, payload_lines;
    uint64_t payload_unlogged; /* bytes that were announced, and are not in the log */
    enum side payload_from;
    uint32_t steps, reply_lines;
};

/* Half a listing or half a mail: no success, though the first line of its reply said so. */
static inline bool exchange_is_cut(const struct exchange *exchange)
{
    return exchange->payload_follows && !exchange->payload_whole;
}

/* Whether a command that carries content got to send any: DATA has to be asked for it first (RFC 5321 4.1.1.4). */
static inline bool exchange_was_sent(const struct exchange *exchange)
{
    return exchange->verb->flags & VERB_SENDS_AT_ONCE || exchange->intermediate.n ||
           exchange->payload_began.stamp != UINT32_MAX;
}

/* IDLE that was granted and that the client has not ended: the server owes no reply, whatever comes (RFC 9051 6.3.13). */
static inline bool exchange_owes_nothing(const struct exchange *exchange)
{
    return exchange->verb && exchange->verb->flags & VERB_WAITS && exchange->intermediate.n &&
           exchange->steps < 2;
}

/* AUTH with nothing behind it asks which ways there are to log in, and is no login (RFC 5034 4). */
static inline bool exchange_asks_for_ways(const struct exchange *exchange)
{
    return exchange->verb && !exchange->has_argument && str_equal(exchange->verb->name, STR("AUTH"));
}

#endif
