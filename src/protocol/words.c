/* Words and secrets of command lines. Redaction by keyword errs on the side of masking. */
#include "protocol/words.h"

#include "base/decimal.h"

#include <strings.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str words_trim(struct str text)
{
    while (text.n && blank(text.p[0]))
        text = str_from(text, 1);
    while (text.n && (blank(text.p[text.n - 1]) || text.p[text.n - 1] == '\r'))
        text.n--;
    return text;
}

struct str words_next(struct str *rest)
{
    size_t n = 0;
    while (rest->n && blank(rest->p[0]))
        *rest = str_from(*rest, 1);
    while (n < rest->n && !blank(rest->p[n]))
        n++;
    struct str word = str_upto(*rest, n);
    while (n < rest->n && blank(rest->p[n]))
        n++;
    *rest = str_from(*rest, n);
    return word;
}

bool words_are(struct str text, struct str upper)
{
    return text.n == upper.n && strncasecmp(text.p, upper.p, upper.n) == 0;
}

const struct verb *words_verb(const struct verb *verbs, size_t count, struct str word)
{
    if (word.n == 0)
        return NULL;
    char first = (char)(word.p[0] & 0xDF);
    for (size_t i = 0; i < count; i++)
        if (verbs[i].name.p[0] == first && words_are(word, verbs[i].name))
            return &verbs[i];
    return NULL;
}

bool words_alphabetic(struct str word)
{
    enum { VERB_LONGEST = 32 };
    for (size_t i = 0; i < word.n; i++)
        if (!is_digit(word.p[i]) && ((unsigned char)((word.p[i] & 0xDF) - 'A') > 'Z' - 'A'))
            return false;
    return word.n > 0 && word.n <= VERB_LONGEST;
}

/* Offset of what follows `words` words. */
static size_t after(struct str text, unsigned words)
{
    struct str rest = text;
    while (words-- > 0)
        words_next(&rest);
    return (size_t)(rest.p - text.p);
}

static size_t secret_of(struct str text, unsigned before)
{
    static const struct {
        struct str verb;
        unsigned keep; /* words, verb included, that are no secret */
    } rows[] = {
        { { "PASS", 4 }, 1 },  { { "AUTH", 4 }, 2 },          { { "APOP", 4 }, 2 },
        { { "LOGIN", 5 }, 1 }, { { "AUTHENTICATE", 12 }, 2 },
    };
    struct str rest = str_from(text, after(text, before)), word = words_next(&rest);
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (words_are(word, rows[i].verb))
            return after(text, before + rows[i].keep);
    return text.n;
}

size_t words_secret_from(struct str text)
{
    size_t bare = secret_of(text, 0);
    return bare < text.n ? bare : secret_of(text, 1); /* behind an IMAP tag */
}

bool words_opaque(struct str text)
{
    text = words_trim(text);
    if (text.n < 8)
        return false;
    bool letters_only = true;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && !(c >= '0' && c <= '9') && c != '+' && c != '/' && c != '=')
            return false;
        letters_only &= letter && (c & 0x20) == (text.p[0] & 0x20);
    }
    return !letters_only; /* a word in one case is a verb we do not know */
}

size_t words_secret_within(struct str text)
{
    if (words_opaque(text))
        return 0;
    for (size_t i = 0; i < text.n; i++) {
        bool begins = i == 0 || blank(text.p[i - 1]) || text.p[i - 1] == '>' || text.p[i - 1] == '<';
        size_t at = begins && !blank(text.p[i]) ? secret_of(str_from(text, i), 0) : text.n - i;
        if (i + at < text.n)
            return i + at;
        /* an answer to a challenge, or the challenge, behind an arrow */
        if (begins && words_opaque(str_from(text, i)))
            return i;
    }
    return text.n;
}

struct str words_path(struct str argument)
{
    const char *open = memchr(argument.p, '<', argument.n);
    if (!open)
        return words_next(&argument);
    struct str rest = { open + 1, argument.n - (size_t)(open + 1 - argument.p) };
    const char *close = memchr(rest.p, '>', rest.n);
    return str_upto(rest, close ? (size_t)(close - rest.p) : rest.n);
}
