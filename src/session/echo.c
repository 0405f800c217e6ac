/* Remembers secrets as they were sent, and the part of a decoded response that matters: what follows the last NUL, \1
 * or blank (RFC 4616 PLAIN, RFC 2195 CRAM-MD5, bearer tokens). */
#include "session/echo.h"

#include "base/base64.h"
#include "base/scan.h"

void echo_forget(struct echo *echo)
{
    if (echo->count)
        memset(echo, 0, sizeof(*echo));
}

/* A secret that was quoted may be repeated without its quotes. */
static bool is_margin(char c)
{
    return (unsigned char)c <= ' ' || c == '"';
}

static struct str trim(struct str text)
{
    while (text.n && is_margin(text.p[0]))
        text = str_from(text, 1);
    while (text.n && is_margin(text.p[text.n - 1]))
        text.n--;
    return text;
}

static void keep(struct echo *echo, struct str text)
{
    text = trim(text);
    text = str_upto(text, text.n < ECHO_LONGEST ? text.n : ECHO_LONGEST);
    if (text.n == 0)
        return;
    size_t slot = echo->count++ % ECHO_SECRETS;
    memcpy(echo->secrets[slot].text, text.p, text.n);
    echo->secrets[slot].n = text.n;
}

static struct str last_part(struct str text)
{
    text = trim(text);
    size_t at = text.n;
    while (at > 0 && (unsigned char)text.p[at - 1] > ' ')
        at--;
    return str_from(text, at);
}

void echo_remember(struct echo *echo, struct str secret)
{
    char decoded[ECHO_LONGEST];
    keep(echo, secret);
    secret = trim(secret);
    if (secret.n > ECHO_LONGEST)
        return;
    size_t n = base64_decode(decoded, secret);
    if (n)
        keep(echo, last_part((struct str){ decoded, n }));
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A secret of a few bytes stands in many a word: it counts only as a word of its own. */
static bool stands_alone(struct str line, size_t at, size_t n)
{
    enum { LONG = 4 };
    bool before = at > 0 && is_word(line.p[at - 1]), behind = at + n < line.n && is_word(line.p[at + n]);
    return n >= LONG || (!before && !behind);
}

static size_t find_alone(struct str line, struct str secret)
{
    size_t at = 0;
    if (line.n < secret.n)
        return line.n;
    while ((at = scan_find(line.p, line.n, at, secret.p, secret.n)) < line.n)
        if (stands_alone(line, at++, secret.n))
            return at - 1;
    return line.n;
}

size_t echo_find(const struct echo *echo, struct str line)
{
    size_t first = line.n;
    for (size_t i = 0; i < ECHO_SECRETS && i < echo->count; i++) {
        size_t at = find_alone(line, (struct str){ echo->secrets[i].text, echo->secrets[i].n });
        first = at < first ? at : first;
    }
    return first;
}
