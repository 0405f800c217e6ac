/* The physical line that all dialects share (FORMAT 2.1 to 2.3): "HH:MM:SS.mmm: rest", arrows, tokens at the end, and
 * the class of what has no arrow. Line → event; it copies nothing and knows no protocol. */
#ifndef DIALECT_GRAMMAR_H
#define DIALECT_GRAMMAR_H

#include "base/calendar.h"
#include "model/event.h"
#include "source/lines.h"

/* The stamp read last: most lines of a body repeat it, or its second, and comparing is cheaper than reading. */
struct stamp_memory {
    char text[STAMP_TEXT];
    uint32_t ms;     /* of the whole stamp */
    uint32_t second; /* the same without its milliseconds */
};

/* What an opening or `Connect to` line tells. */
struct opening {
    struct date date;
    bool dated, ctime, plain; /* a date stands there; in which of the two shapes */
    bool server, connect;     /* `Connection from`; `Connect to` */
    bool seconds;             /* "timeout N seconds." and not "timeout N." */
    struct str host;          /* `Connect to`: host; `Connection from`: address; views */
    uint32_t timeout;         /* seconds */
};

/* The class of a line without arrows, by its text. */
enum tcplog_name grammar_class(struct str text);
/* Adds what an opening or connect line says to *opening. */
void grammar_opening(struct str text, struct opening *opening);
/* The date of a `--- Connection closed normally at …` line. */
bool grammar_closing(struct str text, struct date *date);
/* Reads a stamp of another second than the remembered one; STAMP_NONE if it is none. */
uint32_t grammar_stamp(const char *p, struct stamp_memory *memory);
/* The token that ends a payload whose last byte is '>'. */
void grammar_token(struct event *event);
/* What has no stamp or no arrow. */
void grammar_other(struct event *event);

/* Milliseconds of the day that p[0..12) tells; p need not be a stamp, but can be read. */
static inline uint32_t grammar_time(const char *p, struct stamp_memory *memory)
{
    uint64_t seconds, known;
    memcpy(&seconds, p, 8);
    memcpy(&known, memory->text, 8);
    unsigned a = (unsigned char)p[9] - '0', b = (unsigned char)p[10] - '0', c = (unsigned char)p[11] - '0';
    if (seconds != known || p[8] != '.' || a > 9 || b > 9 || c > 9)
        return grammar_stamp(p, memory);
    memory->ms = memory->second + a * 100 + b * 10 + c;
    return memory->ms;
}

/* The data line behind another one of the same second and arrow, as nearly all lines of a body are; false: not so.
 * Both are compared in two words; of the second, three digits may differ:
 *
 *   |21:41:43|.760: <<| Subject: …
 *   |xxxxxxxx|x___xxxx|                  x must be the same */
static inline bool grammar_like(struct event *event, const struct line *line, const struct event *before,
                                struct stamp_memory *memory)
{
    static const unsigned char ms_digits[8] = { 0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 };
    const char *p = line->p;
    uint64_t seconds, rest, known_seconds, known_rest, may_differ;
    memcpy(&seconds, p, 8);
    memcpy(&rest, p + 8, 8);
    memcpy(&known_seconds, before->line, 8);
    memcpy(&known_rest, before->line + 8, 8);
    memcpy(&may_differ, ms_digits, 8);
    if (seconds != known_seconds || ((rest ^ known_rest) & ~may_differ) != 0 || line->n < 16 ||
        before->arrow_at != 14 || line->cut)
        return false;
    unsigned a = (unsigned char)p[9] - '0', b = (unsigned char)p[10] - '0', c = (unsigned char)p[11] - '0';
    if (a > 9 || b > 9 || c > 9)
        return false;
    memory->ms = memory->second + a * 100 + b * 10 + c;
    *event = (struct event){ .line = p,
                             .length = (uint32_t)line->n,
                             .stamp = memory->ms,
                             .class = NAMES_class_data,
                             .arrow = before->arrow,
                             .start = (uint16_t)(16 + (line->n > 16 && p[16] == ' ')),
                             .arrow_at = 14,
                             .end = line->end };
    if (p[line->n - 1] == '>')
        grammar_token(event);
    return true;
}

/* One line understood. The line may be read up to LINES_PAD bytes past its end. */
static inline void grammar_event(struct event *event, const struct line *line, struct stamp_memory *memory)
{
    const char *p = line->p;
    *event = (struct event){ .line = p, .length = (uint32_t)line->n, .end = line->end, .cut = line->cut };
    event->stamp = grammar_time(p, memory);
    /* p[15] can be read though the line be shorter (LINES_PAD); its length is asked below */
    bool arrow = p[13] == ' ' && p[14] == p[15] && (p[14] == '<' || p[14] == '>');
    if (event->stamp == STAMP_NONE || line->n < 16 || p[12] != ':' || !arrow) {
        grammar_other(event);
        return;
    }
    event->class = NAMES_class_data;
    event->arrow = p[14] == '>' ? NAMES_arrow_received : NAMES_arrow_sent;
    event->arrow_at = 14;
    event->start = (uint16_t)(16 + (line->n > 16 && p[16] == ' '));
    if (p[line->n - 1] == '>')
        grammar_token(event);
}

#endif
