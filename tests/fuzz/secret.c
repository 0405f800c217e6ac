/* Planting and finding; see secret.h. It knows the words that lead to a credential, and no protocol. */
#include "secret.h"

#include "base/base64.h"

#include <strings.h>

#define WORD "Kx7vQ2mZ9pLwR4tN"

enum { HALF = 8, PADS = 3, ENCODED_MOST = 64, STAMP = 14 };

static const char plain[] = "\0ann\0" WORD;

struct line {
    struct str stamp, arrow, text, token;
};

static struct str take(struct str *rest, size_t n)
{
    struct str taken = str_upto(*rest, n);
    *rest = str_from(*rest, n);
    return taken;
}

static struct line line_of(struct str rest)
{
    struct line line = { 0 };
    bool stamped = rest.n >= STAMP && rest.p[2] == ':' && rest.p[5] == ':' && rest.p[12] == ':';
    line.stamp = take(&rest, stamped ? STAMP : 0);
    bool arrow = rest.n >= 2 && rest.p[0] == rest.p[1] && (rest.p[0] == '<' || rest.p[0] == '>');
    line.arrow = take(&rest, !arrow ? 0 : rest.n > 2 && rest.p[2] == ' ' ? 3 : 2);
    const char *token = rest.n ? memchr(rest.p, '<', rest.n) : NULL;
    line.text = take(&rest, token ? (size_t)(token - rest.p) : rest.n);
    line.token = rest;
    return line;
}

static bool starts(struct str text, const char *word)
{
    return text.n >= strlen(word) && strncasecmp(text.p, word, strlen(word)) == 0;
}

static void add_encoded(struct buf *out, struct str bytes)
{
    char text[ENCODED_MOST];
    tcplog_buf_add(out, (struct str){ text, (size_t)(base64_encode(text, bytes) - text) });
}

/* What the line becomes; `asked`: it answers a prompt. */
static void plant(struct buf *out, struct str text, bool asked)
{
    const struct str login = STR(WORD), both = { plain, sizeof(plain) - 1 };
    if (starts(text, "PASS ")) {
        tcplog_buf_add(out, STR("PASS " WORD));
    } else if (starts(text, "AUTH PLAIN ")) {
        tcplog_buf_add(out, STR("AUTH PLAIN "));
        add_encoded(out, both);
    } else if (starts(text, "AUTH LOGIN ")) {
        tcplog_buf_add(out, STR("AUTH LOGIN "));
        add_encoded(out, login);
    } else if (starts(text, "A1 LOGIN ")) {
        tcplog_buf_add(out, STR("A1 LOGIN ann " WORD));
    } else if (asked && text.n) {
        add_encoded(out, login);
    } else {
        tcplog_buf_add(out, text);
    }
}

static bool asks(struct str text)
{
    return str_starts(text, STR("334 ")) || str_starts(text, STR("+ ")) || str_equal(text, STR("+"));
}

void secret_plant(struct str log, struct buf *out)
{
    struct str prompt = { 0 }; /* the arrow of one, while it is the latest thing said */
    while (log.n) {
        const char *lf = memchr(log.p, '\n', log.n);
        struct line line = line_of(str_upto(log, lf ? (size_t)(lf - log.p) : log.n));
        bool cr = str_ends(line.text, STR("\r"));
        line.text.n -= cr;
        bool other = prompt.n && line.arrow.n && prompt.p[0] != line.arrow.p[0];
        tcplog_buf_add(out, line.stamp);
        tcplog_buf_add(out, line.arrow);
        plant(out, line.text, other);
        tcplog_buf_add(out, cr ? STR("\r") : line.token);
        if (lf)
            tcplog_buf_add(out, STR("\n"));
        prompt = line.arrow.n && asks(line.text) ? line.arrow : (struct str){ 0 };
        log = str_from(log, lf ? (size_t)(lf + 1 - log.p) : log.n);
    }
}

/* In base64 the word looks differently by what stands before it; the characters at its ends depend on its
 * neighbours, too. */
static bool encoded_in(struct str text, size_t pad)
{
    char raw[PADS + sizeof(WORD)] = "...", code[ENCODED_MOST];
    memcpy(raw + pad, WORD, sizeof(WORD) - 1);
    size_t n = (size_t)(base64_encode(code, (struct str){ raw, pad + sizeof(WORD) - 1 }) - code);
    struct str core = { code + 4, n - 8 };
    return holds(text, str_upto(core, HALF)) || holds(text, str_from(core, core.n - HALF));
}

bool secret_in(struct str text)
{
    bool found = holds(text, str_upto(STR(WORD), HALF)) || holds(text, str_from(STR(WORD), HALF));
    for (size_t pad = 0; pad < PADS; pad++)
        found |= encoded_in(text, pad);
    return found;
}

bool secret_may_be_body(struct str log)
{
    static const char *const words[] = { "DATA", "BDAT", "RETR", "TOP",   "LIST", "UIDL",
                                         "CAPA", "LANG", "AUTH", "FETCH", "{" };
    for (size_t at = 0; at < log.n; at++)
        for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
            if (starts(str_from(log, at), words[i]) &&
                (strcmp(words[i], "AUTH") != 0 || log.n - at < 6 || log.p[at + 5] < 'A'))
                return true;
    return false;
}
