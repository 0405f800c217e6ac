/* The physical line that all dialects share (FORMAT 2.1 to 2.3): "HH:MM:SS.mmm: rest", arrows, tokens at the end, and
 * the class of what has no arrow. Line → event; it copies nothing and knows no protocol. */
#ifndef DIALECT_GRAMMAR_H
#define DIALECT_GRAMMAR_H

#include "base/calendar.h"
#include "model/event.h"
#include "source/lines.h"

/* The stamp read last: most lines of a body repeat it, and comparing is cheaper than reading. */
struct stamp_memory {
    char text[STAMP_TEXT];
    uint32_t ms;
};

/* What an opening or `Connect to` line tells. */
struct opening {
    struct date date;
    bool dated, ctime, plain;      /* a date stands there; in which of the two shapes */
    bool server, connect;          /* `Connection from`; `Connect to` */
    bool seconds;                  /* "timeout N seconds." and not "timeout N." */
    struct str host;               /* `Connect to`: host; `Connection from`: address; views */
    uint32_t timeout;              /* seconds */
};

/* The class of a line without arrows, by its text. */
enum tcplog_name grammar_class(struct str text);
/* Adds what an opening or connect line says to *opening. */
void grammar_opening(struct str text, struct opening *opening);
/* The date of a `--- Connection closed normally at …` line. */
bool grammar_closing(struct str text, struct date *date);
/* Reads a stamp that differs from the remembered one; STAMP_NONE if it is none. */
uint32_t grammar_stamp(const char *p, struct stamp_memory *memory);
/* The token that ends a payload whose last byte is '>'. */
void grammar_token(struct event *event);
/* What has no stamp or no arrow. */
void grammar_other(struct event *event);

/* One line understood. The line may be read up to LINES_PAD bytes past its end. */
static inline void grammar_event(struct event *event, const struct line *line, struct stamp_memory *memory)
{
    const char *p = line->p;
    *event = (struct event){ .line = p, .length = (uint32_t)line->n, .end = line->end, .cut = line->cut };
    bool same = memcmp(p, memory->text, 8) == 0 && memcmp(p + 8, memory->text + 8, 4) == 0;
    event->stamp = same ? memory->ms : grammar_stamp(p, memory);
    bool arrow = p[13] == ' ' && p[14] == p[15] && (p[14] == '<' || p[14] == '>');
    if (event->stamp == STAMP_NONE || line->n < 16 || p[12] != ':' || !arrow) {
        grammar_other(event);
        return;
    }
    event->class = NAMES_class_data;
    event->arrow = p[14] == '>' ? NAMES_arrow_received : NAMES_arrow_sent;
    event->start = (uint16_t)(16 + (line->n > 16 && p[16] == ' '));
    if (p[line->n - 1] == '>')
        grammar_token(event);
}

#endif
