/* Mail as the bodies of a log carry it: headers, plain text with the odd line, attachments in base64. Made for
 * generate.c, which alone includes it; it knows neither commands nor replies. */
#ifndef BENCH_MAIL_H
#define BENCH_MAIL_H

#include "pen.h"

#include <inttypes.h>

enum { BASE64_LINE = 76, LARGEST_DOUBLING = 12 };

static const char *const users[] = { "ida.moss",       "nils",  "rosa.field",
                                     "matt.o.harding", "sales", "j.van.der.berg" };
static const char *const words[] = {
    "the",     "meeting",   "on",      "friday",    "will",    "be",       "moved",  "to",
    "room",    "seven",     "please",  "send",      "your",    "comments", "before", "noon",
    "and",     "we",        "shall",   "print",     "invoice", "4711",     "for",    "customer",
    "regards", "quarterly", "figures", "attached",  "are",     "subject",  "change", "without",
    "notice",  "harbour",   "ferry",   "timetable", "of",      "a",
};
/* What makes a line interesting to a writer: quotes, backslashes, tabs, UTF-8, Latin-1, markup, and text that
 * looks like protocol. One line of plain text in twelve is one of these. */
static const char *const oddities[] = {
    "he said \"not before \"noon\"\" and left",
    "see C:\\PMAIL\\MAIL\\NEW for it",
    "\titem\tprice\ttotal\tVAT",
    "Gr\303\274\303\237e aus K\303\266ln, \342\202\254 25",
    "caf\351 at eight, not at nine",
    "<td class=3D\"price\">&nbsp;12=\r",
    "..and a line that begins with a dot",
    "250 OK is what it answered",
    "+OK is what the other one said",
    "21:41:50.791: << this looks like a log",
    "> quoted from your last mail",
    "-ERR",
    "na\303\257ve fa\347ade",
};

static const char *user(struct log *log)
{
    return users[below(log, COUNT(users))];
}

static const char *word(struct log *log)
{
    return words[below(log, COUNT(words))];
}

static inline void header(struct log *log, const char *arrow, const char *name, const char *value)
{
    char text[400];
    const int length = snprintf(text, sizeof text, "%s%s", name, value);

    body_line(log, arrow, text, (size_t)length);
}

/* Mail that waited in the queue: its Date is minutes older than the session and so no evidence of the zone.
 * */
static inline void date_header(struct log *log, const char *arrow)
{
    const struct date d = date_of(log->now - 3 * MINUTE - below(log, 40) * SECOND);
    char text[80];

    snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d +0200", weekdays[d.weekday], d.day,
             months[d.month - 1], d.year, d.hour, d.minute, d.second);
    header(log, arrow, "Date: ", text);
}

static inline void headers(struct log *log, const char *arrow, const char *type)
{
    const char *from = user(log), *to = user(log);
    char text[300];

    if (*arrow == '>') { /* what was fetched has travelled */
        header(log, arrow, "Received: from mx1.", log->host);
        header(log, arrow, "\tby pop.", log->host);
        header(log, arrow, "Return-Path: ", "<bounce@lists.example>");
    }
    snprintf(text, sizeof text, "\"%s\" <%s@%s>", from, from, log->host);
    header(log, arrow, "From: ", text);
    snprintf(text, sizeof text, "%s@godwit.example", to);
    header(log, arrow, "To: ", text);
    date_header(log, arrow);
    header(log, arrow, "MIME-Version: ", "1.0");
    snprintf(text, sizeof text, "%s for %s", word(log), to);
    header(log, arrow, "Subject: ", percent(log, 10) ? "=?ISO-8859-1?Q?Caf=E9_rota?=" : text);
    snprintf(text, sizeof text, "<%08" PRIX64 ".%u.A7EBF9@%s>", (uint64_t)log->now / SECOND,
             below(log, 30000), log->host);
    header(log, arrow, "Message-ID: ", text);
    header(log, arrow, "Priority: ", "normal");
    header(log, arrow, "X-mailer: ", "Pegasus Mail for Windows (4.70)");
    header(log, arrow, "Content-type: ", type);
}

static inline void paragraph_line(struct log *log, const char *arrow)
{
    char text[120];
    size_t length = 0;
    const size_t width = 20 + below(log, 52);

    while (length < width) {
        const char *chosen = word(log);

        if (length)
            text[length++] = ' ';
        memcpy(text + length, chosen, strlen(chosen));
        length += strlen(chosen);
    }
    body_line(log, arrow, text, length);
}

static inline void plain_text(struct log *log, const char *arrow, uint32_t lines)
{
    for (uint32_t i = 0; i < lines; i++) {
        const char *oddity = oddities[below(log, COUNT(oddities))];

        if (below(log, 12) == 0)
            body_line(log, arrow, oddity, strlen(oddity));
        else if (below(log, 6) == 0)
            body_line(log, arrow, "", 0);
        else
            paragraph_line(log, arrow);
    }
    header(log, arrow, "", "-- ");
    header(log, arrow, "", user(log));
}

static inline void base64_text(struct log *log, const char *arrow, uint32_t lines)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[BASE64_LINE];

    while (lines--) {
        uint64_t bits = 0;

        for (size_t i = 0; i < BASE64_LINE; i++, bits >>= 6) {
            if (i % 10 == 0)
                bits = next(log);
            text[i] = alphabet[bits & 63];
        }
        body_line(log, arrow, text, BASE64_LINE);
    }
}

/* Lines of an attachment: often a kilobyte or two, seldom megabytes. */
static inline uint32_t attachment_lines(struct log *log)
{
    uint32_t lines = 16;

    for (int i = 0; i < LARGEST_DOUBLING && percent(log, 57); i++)
        lines *= 2;
    return lines + below(log, lines);
}

static inline void mail(struct log *log, const char *arrow)
{
    static const char boundary[] = "Message-Boundary-15804";
    const bool attached = !log->small && percent(log, 17);

    headers(log, arrow,
            attached ? "Multipart/Mixed; boundary=Message-Boundary-15804" : "text/plain; charset=ISO-8859-1");
    header(log, arrow, "", "");
    if (attached)
        header(log, arrow, "--", boundary);
    plain_text(log, arrow, log->small ? 2 + below(log, 5) : 3 + below(log, 24));
    if (!attached)
        return;
    header(log, arrow, "--", boundary);
    header(log, arrow, "Content-type: ", "Application/Octet-stream; name=\"figures.xls\"");
    header(log, arrow, "Content-transfer-encoding: ", "BASE64");
    header(log, arrow, "", "");
    base64_text(log, arrow, attachment_lines(log));
    header(log, arrow, "--", "Message-Boundary-15804--");
}

#endif
