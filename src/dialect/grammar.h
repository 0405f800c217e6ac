/* The physical line that all dialects share (FORMAT 2.1 to 2.3): "HH:MM:SS.mmm: rest", arrows, tokens at the end, and
 * the class of what has no arrow. Line → event; it copies nothing and knows no protocol. */
#ifndef DIALECT_GRAMMAR_H
#define DIALECT_GRAMMAR_H

#include "base/calendar.h"
#include "model/event.h"
#include "source/lines.h"

#include <endian.h>

/* The stamp read last: most lines of a body repeat it, or its second, and comparing is cheaper than reading. */
struct stamp_memory {
    char text[STAMP_TEXT];
    uint32_t second; /* ms of the day, without its milliseconds */
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
    return memory->second + a * 100 + b * 10 + c;
}

/* What the lines of a body have in common: all that stands before their text, but for the milliseconds. They are compared in
 * two words:
 *
 *   |21:41:43|.760: <<| Subject: …
 *   |xxxxxxxx|x___xxxx|                  x must be the same, _ a digit */
struct likeness {
    uint64_t seconds, rest; /* the 16 bytes; milliseconds of zero */
    uint64_t look;          /* of an event with a bare line end, no token and no blank before the text */
    uint32_t second;        /* in ms of the day */
};

enum { LIKE_TEXT = 16 };

/* Lines like this one, if there can be any: it must be data whose arrow is in its place. */
static inline bool grammar_likeness(struct likeness *like, const struct event *event,
                                    const struct stamp_memory *memory)
{
    const struct event look = {
        .class = NAMES_class_data, .arrow = event->arrow, .end = 1, .arrow_at = 14, .start = LIKE_TEXT
    };
    char rest[8];
    if (event->arrow_at != look.arrow_at || event->cut)
        return false;
    memcpy(rest, event->line + 8, 8);
    rest[1] = rest[2] = rest[3] = '0';
    memcpy(&like->seconds, event->line, 8);
    memcpy(&like->rest, rest, 8);
    like->rest = le64toh(like->rest);
    like->look = look.look;
    like->second = memory->second;
    return true;
}

/* Whether a line begins so; its text is then still to be found. Reads LIKE_TEXT bytes. */
static inline bool grammar_like(const struct likeness *like, const char *p, struct event *event)
{
    uint64_t seconds, rest;
    memcpy(&seconds, p, 8);
    memcpy(&rest, p + 8, 8);
    /* what is left are the three digits; six more takes what is above nine out of the low half of its byte */
    rest = le64toh(rest) ^ like->rest;
    if (seconds != like->seconds || ((rest | (rest + 0x06060600u)) & ~(uint64_t)0x0F0F0F00u) != 0)
        return false;
    event->line = p;
    event->stamp = like->second + (uint32_t)(rest >> 8 & 15) * 100 + (uint32_t)(rest >> 16 & 15) * 10 +
                   (uint32_t)(rest >> 24);
    event->look = like->look;
    event->cut = false;
    return true;
}

/* The text of such a line, which has its line feed here. */
static inline void grammar_like_text(struct event *event, const char *lf)
{
    const char *p = event->line;
    bool crlf = lf[-1] == '\r';
    event->length = (uint32_t)(lf - p) - crlf;
    event->end = (uint8_t)(1 + crlf);
    /* a blank there is no line end */
    event->start = (uint16_t)(LIKE_TEXT + (p[LIKE_TEXT] == ' '));
    if (p[event->length - 1] == '>')
        grammar_token(event);
}

/* A longer line is not taken for an opening by those who look for one in the middle of a log, though it may be one. */
enum { OPENING_MOST = 1024 };

/* Whether a line that opens a session stands at p, of which n bytes are there; *event is that line then. May read LINES_PAD
 * bytes past the end. */
bool grammar_opens(const char *p, size_t n, struct event *event);

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
