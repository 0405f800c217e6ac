/* Words and secrets of command lines. Redaction by keyword errs on the side of masking. */
#include "protocol/words.h"

#include "base/decimal.h"

/* What a byte is, looked up: lines are walked along byte by byte. Blanks part the words of a command; those of a stray line
 * are parted by control bytes and no-break spaces of either encoding, too. */
enum { BLANK = 1, SEPARATOR = 2, DIGIT = 4, LETTER = 8 };
static const unsigned char kinds[256] = {
    [0 ... 8] = SEPARATOR, ['\t'] = BLANK | SEPARATOR, [10 ... 31] = SEPARATOR, [' '] = BLANK | SEPARATOR,
    ['0' ... '9'] = DIGIT, ['A' ... 'Z'] = LETTER,     ['a' ... 'z'] = LETTER,  [0x7F] = SEPARATOR,
    [0xA0] = SEPARATOR,    [0xC2] = SEPARATOR,
};

static bool is(char c, unsigned kind)
{
    return kinds[(unsigned char)c] & kind;
}

static bool blank(char c)
{
    return is(c, BLANK);
}

static bool separates(char c)
{
    return is(c, SEPARATOR);
}

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
        if (!is(word.p[i], DIGIT | LETTER))
            return false;
    return word.n > 0 && word.n <= VERB_LONGEST;
}

static bool is_letter(char c)
{
    return is(c, LETTER);
}

static bool is_alnum(char c)
{
    return is(c, DIGIT | LETTER);
}

static size_t word_end(struct str text, size_t at)
{
    while (at < text.n && !separates(text.p[at]))
        at++;
    return at;
}

static size_t skip_separators(struct str text, size_t at)
{
    while (at < text.n && separates(text.p[at]))
        at++;
    return at;
}

/* RFC 4422 3.1 has capitals, digits, `-` and `_`, 20 at most. Small letters are let pass, for clients write them;
 * both kinds together look like base64: "AUTH cGxhaW4K" names none. */
bool words_mechanism(struct str word)
{
    enum { LONGEST = 20 };
    bool upper = false, lower = false;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        upper |= c >= 'A' && c <= 'Z';
        lower |= c >= 'a' && c <= 'z';
        if (!is_alnum(c) && c != '-' && c != '_')
            return false;
    }
    return word.n > 0 && word.n <= LONGEST && !(upper && lower && words_opaque(word));
}

/* Where the next word begins behind a keyword: "PASS x", "PASS:x", "AUTH=PLAIN". */
static size_t skip_gap(struct str text, size_t at)
{
    while (at < text.n && (separates(text.p[at]) || text.p[at] == ':' || text.p[at] == '='))
        at++;
    return at;
}

static size_t keyword_length(struct str text)
{
    size_t n = 0;
    while (n < text.n && is_alnum(text.p[n]))
        n++;
    return n;
}

/* Where the secret of a credential command begins that text may start with; text.n if it holds none. `known`: where its
 * first word ends, if that has been looked for, else 0: one may be as long as a line, and hold many that look like such. */
static size_t secret_of(struct str text, size_t known)
{
    /* what comes first; of LOGIN the user, but a quoted one ends where only imap_command.c can tell, so it is
     * masked, too */
    enum { SECRET, USER, MECHANISM };
    static const struct {
        struct str verb;
        int first;
    } rows[] = {
        { { "PASS", 4 }, SECRET },  { { "AUTH", 4 }, MECHANISM },          { { "APOP", 4 }, USER },
        { { "LOGIN", 5 }, SECRET }, { { "AUTHENTICATE", 12 }, MECHANISM },
    };
    /* one of their letters */
    char first = text.n ? (char)(text.p[0] & 0xDF) : 0;
    if (first != 'P' && first != 'A' && first != 'L')
        return text.n;
    struct str keyword = str_upto(text, keyword_length(text));
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        if (!words_are(keyword, rows[i].verb))
            continue;
        size_t at = skip_gap(text, keyword.n), end = at < known ? known : word_end(text, at);
        struct str word = str_upto(str_from(text, at), end - at);
        /* "AUTH cGxhaW4K" has its secret where a mechanism should be */
        bool shown = rows[i].first == USER || (rows[i].first == MECHANISM && words_mechanism(word));
        return shown ? skip_separators(text, end) : at;
    }
    return text.n;
}

/* The word that a place of a text stands in, and where a credential behind it shows its secret: looked for once, for many
 * lines may begin within one word. */
struct outlook {
    size_t end, behind;
};

size_t words_secret_behind(struct str rest)
{
    size_t at = skip_separators(rest, 0);
    return at + secret_of(str_from(rest, at), 0);
}

/* "PASS x" as well as "a1 LOGIN ann x": nobody knows which protocol it is. */
static size_t secret_at(struct str text, size_t at, struct outlook *word)
{
    at = skip_separators(text, at);
    if (at >= word->end) {
        word->end = word_end(text, at);
        word->behind = word->end + words_secret_behind(str_from(text, word->end));
    }
    size_t bare = at + secret_of(str_from(text, at), word->end - at);
    /* else behind an IMAP tag */
    return bare < text.n ? bare : word->behind;
}

size_t words_secret_from(struct str text)
{
    struct outlook word = { 0 };
    return secret_at(text, 0, &word);
}

size_t words_urlauth(struct str text, size_t *n)
{
    static const struct str key = { "URLAUTH", 7 };
    const char *sign = text.n ? memchr(text.p, '=', text.n) : NULL;
    for (; sign; sign = memchr(sign + 1, '=', (size_t)(text.p + text.n - sign - 1))) {
        size_t at = (size_t)(sign - text.p), end = at + 1, token = at + 1;
        if (at < key.n || !words_are((struct str){ sign - key.n, key.n }, key))
            continue;
        for (; end < text.n && !strchr(" \t\"<>)]", text.p[end]); end++)
            token = text.p[end] == ':' ? end + 1 : token;
        *n = end - token;
        return end > token ? token : text.n;
    }
    return text.n;
}

bool words_opaque(struct str text)
{
    enum { SHORTEST = 8 };
    size_t n = 0;
    bool natural = true, digits = true;
    text = words_bare(text);
    /* a token of a line end, or what is left of one, is no part of it, nor is what stands behind */
    for (; n < text.n && text.p[n] != '<'; n++) {
        char c = text.p[n];
        if (!is_alnum(c) && c != '+' && c != '/' && c != '=')
            return false;
        digits &= is_digit(c);
        natural &= is_letter(c) && (n < 2 || (c & 0x20) == (text.p[1] & 0x20));
    }
    /* a number; a word in one case, or with a capital: a verb we do not know, or prose */
    return n >= SHORTEST && !digits && !(natural && ((text.p[0] & 0x20) == 0 || (text.p[1] & 0x20)));
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

size_t words_secret_within(struct str text)
{
    size_t end = 0; /* of the word at hand */
    for (size_t i = 0; i < text.n; i++) {
        if (!is_alnum(text.p[i]) || (i > 0 && is_alnum(text.p[i - 1])))
            continue;
        end = i < end ? end : word_end(text, i);
        size_t at = i + secret_of(str_from(text, i), end - i);
        if (at < text.n)
            return at;
        /* an answer to a challenge, or the challenge */
        if (words_opaque(str_upto(str_from(text, i), end - i)))
            return i;
    }
    return text.n;
}

/* The end of the first part of word that speaks of a secret, "XPASSWD", "PASSsecret"; 0 if none does. */
static size_t suspect(struct str word)
{
    static const struct str parts[] = { { "PASS", 4 },  { "AUTH", 4 },   { "APOP", 4 }, { "LOGIN", 5 },
                                        { "TOKEN", 5 }, { "SECRET", 6 }, { "PWD", 3 } };
    for (size_t at = 0; at < word.n; at++)
        for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
            if (word.n - at >= parts[i].n && words_are(str_upto(str_from(word, at), parts[i].n), parts[i]))
                return at + parts[i].n;
    return 0;
}

size_t words_secret_unknown(struct str line)
{
    struct str rest = line, word = words_next(&rest);
    size_t within = words_secret_within(line), end = suspect(word);
    /* edited while it was typed? then no word of it can be trusted */
    if (line.n && memchr(line.p, '\b', line.n))
        return 0;
    if (end == 0)
        return within;
    size_t from = (size_t)((end == word.n ? rest.p : word.p + end) - line.p);
    return from < within ? from : within;
}

/* What stands behind the line end at `at`; nothing where there is none. */
static struct str behind_line_end(struct str text, size_t at)
{
    enum { TOKEN = 4 };
    struct str rest = str_from(text, at);
    if (!str_starts(rest, STR("<cr>")) && !str_starts(rest, STR("<lf>")))
        return str_from(text, text.n);
    rest = str_from(rest, TOKEN);
    return str_from(rest, str_starts(rest, STR("<lf>")) ? TOKEN : 0);
}

bool words_any(struct str line)
{
    return line.n > 0;
}

size_t words_first_line(struct str text, bool (*begins)(struct str), bool credentials, size_t *used)
{
    struct outlook word = { 0 };
    const char *mark = text.n ? memchr(text.p, '<', text.n) : NULL;
    while (mark) {
        size_t at = (size_t)(mark - text.p);
        struct str behind = behind_line_end(text, at);
        size_t next = text.n - behind.n;
        if (behind.n &&
            (begins(words_beginning(behind)) || (credentials && secret_at(text, next, &word) < text.n))) {
            *used = next;
            return at;
        }
        mark = memchr(mark + 1, '<', text.n - at - 1);
    }
    return *used = text.n;
}
