/* The physical line that all dialects share (FORMAT 2.1 to 2.3): "HH:MM:SS.mmm: rest", arrows, tokens at the end, and
 * the class of what has no arrow. Line → event; it copies nothing and knows no protocol. */
#ifndef DIALECT_GRAMMAR_H
#define DIALECT_GRAMMAR_H

#include "base/calendar.h"
#include "base/wide.h"
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
/* Reads a stamp, whatever is remembered; STAMP_NONE if it is none. */
uint32_t grammar_stamp(const char *p, struct stamp_memory *memory);
/* The token that ends a payload whose last byte is '>'. */
void grammar_token(struct event *event);
/* What the lines of a body have in common: all that stands before their text, but for the milliseconds. They are compared in
 * two words:
 *
 *   |21:41:43|.760: <<| Subject: …
 *   |xxxxxxxx|x___xxxx|                  x must be the same, _ a digit */
struct likeness {
    uint64_t seconds, rest; /* the 16 bytes; milliseconds of zero */
    uint64_t look;          /* of an event with this line end, no token and a blank before the text */
    uint32_t second;        /* in ms of the day */
    bool crlf;              /* such a line end */
};

/* Bytes in front of the text; and of the longest line that is looked at so, with those behind it. */
enum { LIKE_TEXT = 16, LIKE_MOST = 1024 };

/* What begins a line that is told apart from those around it: at the end of a body stands a dot. */
enum { RUN_MARK = '.' };

/* Whether it is worth while to look for lines like this event, of which the next one is here, and LIKE_TEXT bytes of it: the
 * seconds and the arrow must be the same, and the arrow in its place. */
static inline bool grammar_may_be_like(const struct event *event, const char *next)
{
    uint64_t seconds, other;
    uint32_t arrow, another;
    memcpy(&seconds, event->line, 8);
    memcpy(&other, next, 8);
    memcpy(&arrow, event->line + 12, 4);
    memcpy(&another, next + 12, 4);
    return ((seconds ^ other) | (arrow ^ another)) == 0 && event->arrow_at == 14 && !event->cut;
}

/* Lines like this one, which may have some. */
static inline void grammar_likeness(struct likeness *like, const struct event *event,
                                    const struct stamp_memory *memory)
{
    const struct event look = { .class = NAMES_class_data,
                                .arrow = event->arrow,
                                .end = event->end,
                                .arrow_at = 14,
                                .start = LIKE_TEXT + 1 };
    char rest[8];
    memcpy(rest, event->line + 8, 8);
    rest[1] = rest[2] = rest[3] = '0';
    memcpy(&like->seconds, event->line, 8);
    memcpy(&like->rest, rest, 8);
    like->rest = le64toh(like->rest);
    like->look = look.look;
    like->second = memory->second;
    like->crlf = event->end == 2;
}

/* Whether of the second word of a line, without what must be the same, three digits are left: six more takes what is above
 * nine out of the low half of its byte. */
static inline bool grammar_digits(uint64_t rest)
{
    return ((rest | (rest + 0x06060600u)) & ~(uint64_t)0x0F0F0F00u) == 0;
}

static inline uint32_t grammar_milliseconds(uint64_t rest)
{
    return (uint32_t)(rest >> 8 & 15) * 100 + (uint32_t)(rest >> 16 & 15) * 10 + (uint32_t)(rest >> 24 & 15);
}

/* Whether a line begins so, and its stamp. Reads LIKE_TEXT bytes. */
static inline bool grammar_like(const struct likeness *like, const char *p, uint32_t *stamp)
{
    uint64_t seconds, rest;
    memcpy(&seconds, p, 8);
    memcpy(&rest, p + 8, 8);
    rest = le64toh(rest) ^ like->rest;
    *stamp = like->second + grammar_milliseconds(rest);
    return seconds == like->seconds && grammar_digits(rest);
}

/* The same for a function that is WIDE. */
static inline WIDE bool grammar_like_wide(const struct likeness *like, const char *p, uint32_t *stamp)
{
#ifdef WIDE_IS_AVX2
    const __m128i most = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 0, 0, 0, 0);
    const __m128i worth = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 10, 1, 0, 0, 0, 0);
    const __m128i both = _mm_setr_epi16(0, 0, 0, 0, 1, 1, 0, 0);
    const __m128i zero = _mm_set_epi64x((int64_t)like->rest, (int64_t)like->seconds);
    __m128i digits = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)p), zero);
    __m128i over = _mm_subs_epu8(digits, most);
    __m128i sum = _mm_madd_epi16(_mm_maddubs_epi16(digits, worth), both);
    *stamp = (uint32_t)_mm_extract_epi32(_mm_add_epi32(sum, _mm_set1_epi32((int)like->second)), 2);
    return _mm_testz_si128(over, over);
#else
    return grammar_like(like, p, stamp);
#endif
}

/* Whether the text of such a line, which has its line feed here, looks as is told there; else it is to be looked at. A line
 * of LIKE_TEXT bytes ends in its arrow, and has its line end where others have their blank. `crlf`: as the likeness has it,
 * where that is known when this is compiled. */
static inline bool grammar_like_text(const char *p, const char *lf, bool crlf)
{
    return (lf[-1] == '\r') == crlf && p[LIKE_TEXT] == ' ' && p[LIKE_TEXT + 1] != RUN_MARK &&
           lf[crlf ? -2 : -1] != '>';
}

/* Makes an event of any line that begins so; whether the text begins with RUN_MARK. */
static inline bool grammar_other_text(const struct likeness *like, struct event *event, const char *p,
                                      const char *lf)
{
    const bool crlf = lf[-1] == '\r';
    *event = (struct event){ .line = p, .length = (uint32_t)(lf - p) - crlf, .look = like->look };
    event->end = (uint8_t)(1 + crlf);
    /* a blank there is no line end */
    event->start = (uint16_t)(LIKE_TEXT + (p[LIKE_TEXT] == ' '));
    if (p[event->length - 1] == '>')
        grammar_token(event);
    return p[event->start] == RUN_MARK;
}

/* A longer line is not taken for an opening by those who look for one in the middle of a log, though it may be one. */
enum { OPENING_MOST = 1024 };

/* Whether a line that opens a session stands at p, of which n bytes are there; *event is that line then. May read LINES_PAD
 * bytes past the end. */
bool grammar_opens(const char *p, size_t n, struct event *event);

/* One line understood, whatever it be. The line may be read up to LINES_PAD bytes past its end. */
void grammar_any(struct event *event, const struct line *line, struct stamp_memory *memory);

/* The same; most talk is of the second before, and has its arrow in its place. */
static inline void grammar_event(struct event *event, const struct line *line, struct stamp_memory *memory)
{
    const char *p = line->p;
    uint64_t seconds, known, rest, picture;
    memcpy(&seconds, p, 8);
    memcpy(&known, memory->text, 8);
    memcpy(&rest, p + 8, 8);
    memcpy(&picture, ".000: <<", 8);
    rest = le64toh(rest) ^ le64toh(picture);
    /* of an arrow the other way this is left */
    const uint64_t back = (uint64_t)('<' ^ '>') << 48 | (uint64_t)('<' ^ '>') << 56, arrow = rest & back;
    if (seconds != known || !grammar_digits(rest ^ arrow) || (arrow != 0 && arrow != back) ||
        line->n < LIKE_TEXT) {
        grammar_any(event, line, memory);
        return;
    }
    *event = (struct event){ .line = p,
                             .length = (uint32_t)line->n,
                             .stamp = memory->second + grammar_milliseconds(rest),
                             .class = NAMES_class_data,
                             .arrow = arrow ? NAMES_arrow_received : NAMES_arrow_sent,
                             .end = line->end,
                             .arrow_at = 14,
                             .start = (uint16_t)(LIKE_TEXT + (line->n > LIKE_TEXT && p[LIKE_TEXT] == ' ')),
                             .cut = line->cut };
    if (p[line->n - 1] == '>')
        grammar_token(event);
}

#endif
