/* Words of command lines, walked along byte by byte. */
#include "protocol/words.h"

#include "base/decimal.h"
#include "protocol/word_bytes.h"

const unsigned char word_bytes[256] = {
    [0 ... 8] = SEPARATOR, ['\t'] = BLANK | SEPARATOR, [10 ... 31] = SEPARATOR, [' '] = BLANK | SEPARATOR,
    ['0' ... '9'] = DIGIT, ['A' ... 'Z'] = LETTER,     ['a' ... 'z'] = LETTER,  [0x7F] = SEPARATOR,
    [0xA0] = SEPARATOR,    [0xC2] = SEPARATOR,
};

struct str words_trim(struct str text)
{
    while (text.n && blank(text.p[0]))
        text = str_from(text, 1);
    while (text.n && (blank(text.p[text.n - 1]) || text.p[text.n - 1] == '\r'))
        text.n--;
    return text;
}

struct str words_bare(struct str text)
{
    while (text.n && separates(text.p[0]))
        text = str_from(text, 1);
    while (text.n && separates(text.p[text.n - 1]))
        text.n--;
    return text;
}

static uint32_t four_at(const char *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof(four));
    return four;
}

/* "MAIL FROM:<ann@b.example>" or "QUIT": four letters or so, and nothing, or one blank and more behind it. */
static bool is_usual(struct str line)
{
    enum { FOUR = sizeof(uint32_t) };
    if (line.n < FOUR || (four_at(line.p) & 0xC0C0C0C0u) != 0x40404040u)
        return false;
    return line.n == FOUR || (line.n > FOUR + 1 && line.p[FOUR] == ' ' && !blank(line.p[FOUR + 1]));
}

struct str words_next(struct str *rest)
{
    /* nothing may be nowhere, too */
    if (rest->n == 0)
        return *rest;
    const char *p = rest->p, *end = p + rest->n;
    if (is_usual(*rest)) {
        *rest = str_from(*rest, rest->n == 4 ? 4 : 5);
        return (struct str){ p, 4 };
    }
    while (p < end && blank(*p))
        p++;
    struct str word = { p, 0 };
    while (p < end && !blank(*p))
        p++;
    word.n = (size_t)(p - word.p);
    while (p < end && blank(*p))
        p++;
    *rest = (struct str){ p, (size_t)(end - p) };
    return word;
}

struct str words_leading(struct str text)
{
    enum { MOST = 40 };
    if (text.n == 0)
        return text;
    const char *p = text.p, *end = p + text.n;
    while (p < end && blank(*p))
        p++;
    struct str word = { p, 0 };
    while (p < end && word.n < MOST && !blank(*p)) {
        p++;
        word.n++;
    }
    return word;
}

struct str words_beginning(struct str line)
{
    enum { TELLING = 128 };
    return str_upto(line, line.n < TELLING ? line.n : TELLING);
}

static char to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool words_are(struct str text, struct str upper)
{
    size_t i = 0;
    if (text.n != upper.n)
        return false;
    while (i < upper.n && (text.p[i] == upper.p[i] || to_upper(text.p[i]) == upper.p[i]))
        i++;
    return i == upper.n;
}

/* The first two bytes, letters of either case alike; digits and a few other bytes alike, too. */
static unsigned first_two(const char *p)
{
    uint16_t two;
    memcpy(&two, p, sizeof(two));
    return two & 0xDFDFu;
}

/* One that is written otherwise, or not there. No name is shorter than two letters. */
static __attribute__((noinline)) const struct verb *other_verb(const struct verb *verbs, size_t count,
                                                               struct str word)
{
    if (word.n < 2)
        return NULL;
    unsigned two = first_two(word.p);
    for (size_t i = 0; i < count; i++)
        if (first_two(verbs[i].name.p) == two && words_are(word, verbs[i].name))
            return &verbs[i];
    return NULL;
}

/* Most verbs have four letters, and are written as they stand in the table. */
const struct verb *words_verb(const struct verb *verbs, size_t count, struct str word)
{
    enum { FOUR = sizeof(uint32_t) };
    if (word.n != FOUR)
        return other_verb(verbs, count, word);
    uint32_t four = four_at(word.p);
    for (size_t i = 0; i < count; i++)
        if (verbs[i].name.n == FOUR && four_at(verbs[i].name.p) == four)
            return &verbs[i];
    return other_verb(verbs, count, word);
}

bool words_alphabetic(struct str word)
{
    /* longer than any verb that is registered; a secret on a line of its own may well be longer */
    enum { VERB_LONGEST = 32 };
    for (size_t i = 0; i < word.n; i++)
        if (!is_alnum(word.p[i]))
            return false;
    return word.n > 0 && word.n <= VERB_LONGEST;
}

bool words_announces(struct str line)
{
    line = words_bare(line);
    const char *close = line.n ? memrchr(line.p, '}', line.n) : NULL;
    if (!close)
        return false;
    /* a token of a line end, or what is left of one, may stand behind it */
    struct str behind = str_from(line, (size_t)(close + 1 - line.p));
    const char *open = memrchr(line.p, '{', (size_t)(close - line.p));
    return open && is_digit(open[1]) && (behind.n == 0 || behind.p[0] == '<');
}
