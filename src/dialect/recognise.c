/* Bids on content: the first lines decide. */
#include "dialect/recognise.h"

#include "base/decimal.h"
#include "dialect/grammar.h"
#include "source/magic.h"

/* A log that was pasted into a mail has headers and prose in front of it. */
enum { LINES_LOOKED_AT = 200 };

static bool all_of(struct str text, size_t from, size_t n, bool hex)
{
    for (size_t i = from; i < from + n; i++)
        if (i >= text.n ||
            !(is_digit(text.p[i]) || (hex && (text.p[i] | 0x20) >= 'a' && (text.p[i] | 0x20) <= 'f')))
            return false;
    return true;
}

/* Lines of Mercury's general logs, of its modules S, C and E, and of its core:
 *   0 2        11     18
 *   T 20090710 044713 6b03c529 EHLO host
 *   I 20090710 0447 MG000001 from to 1812 */
static bool is_job_line(struct str line)
{
    if (line.n < 16 || line.p[1] != ' ' || line.p[10] != ' ' || !all_of(line, 2, 8, false))
        return false;
    bool job = strchr("TEW", line.p[0]) && all_of(line, 11, 6, false) && line.n > 26 && line.p[17] == ' ' &&
               all_of(line, 18, 8, true);
    bool core = all_of(line, 11, 4, false) && line.p[15] == ' ';
    /* strchr finds the terminator of its own text, too */
    return line.p[0] != '\0' && (job || core);
}

/* "Connection from IP, <ctime>", "User u, (2) 1 messages, 2016 bytes", "1 sec. elapsed, connection closed …" (P, I) */
static bool is_plain_line(struct str line)
{
    struct opening opening = { 0 };
    if (str_starts(line, STR("Connection from "))) {
        grammar_opening(line, &opening);
        return opening.dated;
    }
    return memmem(line.p, line.n, " sec. elapsed, connection closed ", 33) != NULL;
}

/* "HH:MM:SS.mmm:" at the start; a stamp of digits at least */
static bool is_session_line(struct str line)
{
    struct stamp_memory memory = { 0 };
    char text[STAMP_TEXT];
    if (line.n < STAMP_TEXT + 1 || line.p[STAMP_TEXT] != ':')
        return false;
    memcpy(text, line.p, sizeof(text));
    return grammar_stamp(text, &memory) != STAMP_NONE;
}

/* By its byte order mark; without one by the stamp that it begins with. */
static bool is_wide(struct str head)
{
    if (str_starts(head, STR("\xFF\xFE")) || str_starts(head, STR("\xFE\xFF")))
        return true;
    bool little = head.n > 3 && is_digit(head.p[0]) && is_digit(head.p[2]) && !head.p[1] && !head.p[3];
    bool big = head.n > 3 && is_digit(head.p[1]) && is_digit(head.p[3]) && !head.p[0] && !head.p[2];
    return little || big;
}

enum content recognise(struct str head)
{
    bool general = false;
    if (magic_of(head) != MAGIC_NONE)
        return CONTENT_PACKED;
    if (is_wide(head))
        return CONTENT_WIDE;
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        head = str_from(head, 3);
    for (int i = 0; i < LINES_LOOKED_AT && head.n; i++) {
        const char *lf = memchr(head.p, '\n', head.n);
        struct str line = str_upto(head, lf ? (size_t)(lf - head.p) : head.n);
        if (is_session_line(line))
            return CONTENT_SESSION_LOG;
        general |= is_job_line(line) || is_plain_line(line);
        head = str_from(head, lf ? line.n + 1 : line.n);
    }
    return general ? CONTENT_GENERAL_LOG : CONTENT_OTHER;
}

const struct refusal *recognise_refusal(enum content content)
{
    static const struct refusal general = {
        .id = "general-log",
        .text =
            "This is a general log of Mercury/32, not a session log: switch session logging on and convert its TCPxxxx files."
    };
    static const struct refusal wide = {
        .id = "utf-16",
        .text =
            "This is UTF-16, which no session log is: convert it back first, as with iconv -f UTF-16 -t UTF-8."
    };
    static const struct refusal other = {
        .id = "not-a-session-log",
        .text =
            "This is not a session log of Pegasus Mail or Mercury/32: no line begins with a time stamp like 21:41:43.760."
    };
    return content == CONTENT_GENERAL_LOG ? &general : content == CONTENT_WIDE ? &wide : &other;
}
