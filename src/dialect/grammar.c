/* The rarer half of the line grammar: stamps that differ, tokens, and lines without arrows. */
#include "dialect/grammar.h"

#include "base/decimal.h"

/* Eight bytes, or four. */
static inline uint64_t bytes_at(const char *p, size_t n)
{
    uint64_t eight;
    uint32_t four;
    if (n == sizeof(four)) {
        memcpy(&four, p, sizeof(four));
        return four;
    }
    memcpy(&eight, p, sizeof(eight));
    return eight;
}

/* Whether every digit place holds a digit and every other place its mark: the text is taken eight bytes at a time;
 * xor with the picture leaves 0 to 9 at digit places and 0 at marks, and adding `most` carries into the top bit of
 * whatever is larger. A carry out of a byte needs that byte's own top bit, which is refused anyway. */
/* In `most`, 'v' is 0x7F - 9: with it a digit place carries above 9; with 0x7F a mark's place carries above 0. */
static inline bool looks_like(const char *p, const char *picture, const char *most, size_t n)
{
    uint64_t text = bytes_at(p, n) ^ bytes_at(picture, n), add = bytes_at(most, n);
    return (((text + add) | text) & 0x8080808080808080u) == 0;
}

/* Two bytes that are known to be digits. */
static uint32_t two(const char *p)
{
    return (uint32_t)(p[0] & 15) * 10 + (uint32_t)(p[1] & 15);
}

uint32_t grammar_stamp(const char *p, struct stamp_memory *memory)
{
    if (!looks_like(p, "00:00:00", "vv\x7Fvv\x7Fvv", 8) || !looks_like(p + 8, ".000", "\x7Fvvv", 4))
        return STAMP_NONE;
    uint32_t hour = two(p), minute = two(p + 3), second = two(p + 6);
    if (hour > 23 || minute > 59 || second > 59)
        return STAMP_NONE;
    memcpy(memory->text, p, STAMP_TEXT);
    memory->second = ((hour * 60 + minute) * 60 + second) * 1000;
    return memory->second + (uint32_t)(p[9] & 15) * 100 + two(p + 10);
}

/* Milliseconds of the day that p[0..12) tells; p need not be a stamp, but can be read. */
static uint32_t time_of(const char *p, struct stamp_memory *memory)
{
    uint64_t seconds, known;
    memcpy(&seconds, p, 8);
    memcpy(&known, memory->text, 8);
    unsigned a = (unsigned char)p[9] - '0', b = (unsigned char)p[10] - '0', c = (unsigned char)p[11] - '0';
    if (seconds != known || p[8] != '.' || a > 9 || b > 9 || c > 9)
        return grammar_stamp(p, memory);
    return memory->second + a * 100 + b * 10 + c;
}

/* The longest token comes first: <cr><lf> ends in <lf>. */
void grammar_token(struct event *event)
{
    static const struct {
        struct str text;
        enum token token;
    } tokens[] = {
        { { "<cr><lf>", 8 }, TOKEN_CRLF },
        { { "<lf>", 4 }, TOKEN_LF },
        { { "<cr>", 4 }, TOKEN_CR },
    };
    struct str text = event_text(event);
    for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
        if (str_ends(text, tokens[i].text)) {
            event->token = (uint8_t)tokens[i].token;
            event->token_length = (uint8_t)tokens[i].text.n;
            return;
        }
}

/* What has no stamp or no arrow. */
static void other(struct event *event)
{
    const char *p = event->line;
    event->class = NAMES_class_unparsed;
    /* no stamp, or a line too short to hold one? it is kept whole */
    if (event->stamp == STAMP_NONE || event->length < 13 || p[12] != ':') {
        event->stamp = STAMP_NONE;
        return;
    }
    /* an empty remark is "21:41:43.760: " or, where blanks were trimmed, without the last byte */
    event->start = (uint16_t)(13 + (event->length > 13 && p[13] == ' '));
    struct str text = event_text(event);
    /* an arrow at the very end, or without the blank before it: trimmed by copying */
    if (text.n >= 2 && text.p[0] == text.p[1] && (text.p[0] == '<' || text.p[0] == '>')) {
        event->class = NAMES_class_data;
        event->arrow = text.p[0] == '>' ? NAMES_arrow_received : NAMES_arrow_sent;
        event->start = (uint16_t)(event->start + 2 + (text.n > 2 && text.p[2] == ' '));
    } else {
        event->class = (uint8_t)grammar_class(text);
    }
    if (event->class == NAMES_class_data || event->class == NAMES_class_opening)
        grammar_token(event);
}

void grammar_any(struct event *event, const struct line *line, struct stamp_memory *memory)
{
    const char *p = line->p;
    *event = (struct event){ .line = p, .length = (uint32_t)line->n, .end = line->end, .cut = line->cut };
    event->stamp = time_of(p, memory);
    /* p[15] can be read though the line be shorter (LINES_PAD); its length is asked below */
    bool arrow = p[13] == ' ' && p[14] == p[15] && (p[14] == '<' || p[14] == '>');
    if (event->stamp == STAMP_NONE || line->n < 16 || p[12] != ':' || !arrow) {
        other(event);
        return;
    }
    event->class = NAMES_class_data;
    event->arrow = p[14] == '>' ? NAMES_arrow_received : NAMES_arrow_sent;
    event->arrow_at = 14;
    event->start = (uint16_t)(16 + (line->n > 16 && p[16] == ' '));
    if (p[line->n - 1] == '>')
        grammar_token(event);
}

/* "--- <date> ---" */
static bool dated_opening(struct str text, struct opening *opening)
{
    if (!str_starts(text, STR("--- ")))
        return false;
    struct str rest = str_from(text, 4);
    size_t n = calendar_read_ctime(rest, &opening->date);
    opening->ctime = n > 0;
    if (n == 0)
        n = calendar_read_plain(rest, &opening->date);
    opening->plain = n > 0 && !opening->ctime;
    opening->dated = n > 0;
    return n > 0 && str_starts(str_from(rest, n), STR(" ---"));
}

/* "Connection from 203.0.113.77, Thu Apr 07 03:14:07 2011", with or without <lf> */
static bool server_opening(struct str text, struct opening *opening)
{
    if (!str_starts(text, STR("Connection from ")))
        return false;
    struct str rest = str_from(text, 16);
    const char *comma = memchr(rest.p, ',', rest.n);
    opening->host = comma ? str_upto(rest, (size_t)(comma - rest.p)) : rest;
    opening->server = true;
    /* behind the comma and a blank */
    size_t date = opening->host.n + 2;
    opening->dated = opening->ctime =
        rest.n > date && calendar_read_ctime(str_from(rest, date), &opening->date) > 0;
    return true;
}

/* "Connect to 'host', timeout 30." or "… 30 seconds." The host is what stands between the first and the last quote. */
static bool connecting(struct str text, struct opening *opening)
{
    if (!str_starts(text, STR("Connect to '")))
        return false;
    struct str rest = str_from(text, 12);
    const char *quote = memrchr(rest.p, '\'', rest.n);
    opening->connect = true;
    opening->host = quote ? str_upto(rest, (size_t)(quote - rest.p)) : rest;
    rest = str_from(rest, opening->host.n);
    if (str_starts(rest, STR("', timeout "))) {
        size_t n = decimal_read(str_from(rest, 11), &opening->timeout);
        opening->seconds = str_starts(str_from(rest, 11 + n), STR(" seconds"));
    }
    return true;
}

void grammar_opening(struct str text, struct opening *opening)
{
    if (!dated_opening(text, opening) && !server_opening(text, opening))
        connecting(text, opening);
}

bool grammar_closing(struct str text, struct date *date)
{
    static const struct str words = { "--- Connection closed normally at ", 34 };
    if (!str_starts(text, words))
        return false;
    struct str rest = str_from(text, words.n);
    return calendar_read_ctime(rest, date) > 0 || calendar_read_plain(rest, date) > 0;
}

/* "8: Socket read timeout": one or two digits, a colon, a blank */
static bool is_error(struct str text)
{
    uint32_t number;
    size_t n = decimal_read(text, &number);
    return n >= 1 && n <= 2 && text.n > n + 1 && text.p[n] == ':' && text.p[n + 1] == ' ';
}

/* A closing line begins as a dated opening does, so the rows come first. An unknown remark stays one (FORMAT 2.2):
 * the new library has more of them than anybody has seen. */
enum tcplog_name grammar_class(struct str text)
{
    static const struct {
        struct str start;
        enum tcplog_name class;
    } rows[] = {
        { { "[*]", 3 }, NAMES_class_tls },
        { { "[!]", 3 }, NAMES_class_warning },
        { { "--- Connection closed", 21 }, NAMES_class_closing },
        { { "Connection from ", 16 }, NAMES_class_opening },
        { { "Connect to '", 12 }, NAMES_class_connect },
    };
    struct opening opening = { 0 };
    if (text.n == 0)
        return NAMES_class_empty;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (str_starts(text, rows[i].start))
            return rows[i].class;
    if (dated_opening(text, &opening))
        return NAMES_class_opening;
    return is_error(text) ? NAMES_class_error : NAMES_class_remark;
}

bool grammar_opens(const char *p, size_t n, struct event *event)
{
    struct stamp_memory memory = { .text = "00:00:00" };
    struct line line = { .p = p };
    char mark = p[13] == ' ' ? p[14] : p[13];
    /* "--- " and "Connection from": nearly all others are passed here */
    if (p[12] != ':' || (mark != '-' && mark != 'C'))
        return false;
    const char *lf = memchr(p, '\n', n < OPENING_MOST ? n : OPENING_MOST);
    if (!lf)
        return false;
    line.n = (size_t)(lf - p);
    line.n -= line.n > 0 && p[line.n - 1] == '\r';
    grammar_event(event, &line, &memory);
    return event->class == NAMES_class_opening;
}
