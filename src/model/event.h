/* An event: one physical line understood. It is a view into the reader's block. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "tcplog/record.h"

/* No stamp: the line has none; of a moment, nothing happened. */
enum { STAMP_NONE = UINT32_MAX };
/* Bytes of traffic in a record: what is beyond them is not logged. Tokens come on top of them (FORMAT 2.3). */
enum { TRAFFIC_MOST = 1000 };

/* How the payload of a data line ended in tokens; CR alone is what is left of a line end that was cut. */
enum token { TOKEN_NONE, TOKEN_CR, TOKEN_LF, TOKEN_CRLF };

/*    21:41:43.760: << 250 ok<cr><lf>\r\n
 *    |             |  |     |       |
 *    line          |  start token   end: that many bytes, which are no part of length
 *                  arrow_at */
struct event {
    const char *line; /* the physical line */
    uint32_t length;  /* its bytes, without the line end */
    uint32_t stamp;   /* milliseconds of the day as logged, or STAMP_NONE */
    union {
        struct {
            uint8_t class;        /* NAMES_class_… */
            uint8_t arrow;        /* NAMES_arrow_…, data only */
            uint8_t token;        /* enum token */
            uint8_t token_length; /* bytes it takes at the end of line */
            uint8_t end;          /* bytes of line end: 0, 1, 2 */
            uint8_t arrow_at;     /* where the arrow of data stands if it is in its place; else 0 */
            uint16_t start;       /* where, in line, the text behind stamp and arrow begins */
        };
        _Alignas(8) uint64_t look; /* all of these: the lines of one body look alike */
    };
    uint16_t run; /* number of the batch's run that it is in, from 1 on; 0: of none */
    bool cut;     /* longer than the reader takes: the rest was passed over */
};

_Static_assert(sizeof(struct event) == 32, "an event is copied as one register");
_Static_assert(NAMES_count <= UINT8_MAX, "a name fits into a byte");

/* All text behind stamp and arrow. */
static inline struct str event_text(const struct event *event)
{
    return (struct str){ event->line + event->start, event->length - event->start };
}

/* The same without the token at its end. */
static inline struct str event_payload(const struct event *event)
{
    return (struct str){ event->line + event->start, event->length - event->start - event->token_length };
}

#endif
