/* What of command lines is secret. Redaction by keyword errs on the side of masking. */
#include "protocol/credentials.h"

#include "base/decimal.h"
#include "base/scan.h"
#include "protocol/word_bytes.h"
#include "protocol/words.h"

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

bool credentials_opaque(struct str text)
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

/* RFC 4422 3.1 has capitals, digits, `-` and `_`, 20 at most. Small letters are let pass, for clients write them;
 * both kinds together look like base64: "AUTH cGxhaW4K" names none. */
bool credentials_mechanism(struct str word)
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
    return word.n > 0 && word.n <= LONGEST && !(upper && lower && credentials_opaque(word));
}

/* Where the next word begins behind a keyword: "PASS x", "PASS:x", "AUTH=PLAIN". Behind a blank all of it is the word: a password may be
 * ":::". */
static size_t skip_gap(struct str text, size_t at)
{
    bool sign = at < text.n && (text.p[at] == ':' || text.p[at] == '=');
    return skip_separators(text, at + sign);
}

static size_t keyword_length(struct str text)
{
    size_t n = 0;
    while (n < text.n && is_alnum(text.p[n]))
        n++;
    return n;
}

/* What comes first behind a keyword; of LOGIN the user, but a quoted one ends where only imap_command.c can tell, so it is
 * masked, too. */
enum first { NO_KEYWORD, SECRET, USER, MECHANISM };

static enum first keyword(struct str word)
{
    static const struct {
        struct str verb;
        enum first first;
    } rows[] = {
        { { "PASS", 4 }, SECRET },  { { "AUTH", 4 }, MECHANISM },          { { "APOP", 4 }, USER },
        { { "LOGIN", 5 }, SECRET }, { { "AUTHENTICATE", 12 }, MECHANISM },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (words_are(word, rows[i].verb))
            return rows[i].first;
    return NO_KEYWORD;
}

/* Where the secret of a credential command begins that text may start with; text.n if it holds none. `known`: where its
 * first word ends, if that has been looked for, else 0: one may be as long as a line, and hold many that look like such. */
static size_t secret_of(struct str text, size_t known)
{
    /* one of their letters */
    char letter = text.n ? (char)(text.p[0] & 0xDF) : 0;
    if (letter != 'P' && letter != 'A' && letter != 'L')
        return text.n;
    size_t n = keyword_length(text);
    enum first first = keyword(str_upto(text, n));
    if (first == NO_KEYWORD)
        return text.n;
    size_t at = skip_gap(text, n), end = at < known ? known : word_end(text, at);
    struct str word = str_upto(str_from(text, at), end - at);
    /* "AUTH cGxhaW4K" has its secret where a mechanism should be */
    bool shown = first == USER || (first == MECHANISM && credentials_mechanism(word));
    return shown ? skip_separators(text, end) : at;
}

size_t credentials_behind(struct str rest)
{
    size_t at = skip_separators(rest, 0);
    return at + secret_of(str_from(rest, at), 0);
}

/* "PASS x" as well as "a1 LOGIN ann x": nobody knows which protocol it is. */
size_t credentials_at(struct str text, size_t at, struct outlook *word)
{
    at = skip_separators(text, at);
    if (at >= word->end) {
        word->end = word_end(text, at);
        word->behind = word->end + credentials_behind(str_from(text, word->end));
    }
    size_t bare = at + secret_of(str_from(text, at), word->end - at);
    /* else behind an IMAP tag */
    return bare < text.n ? bare : word->behind;
}

size_t credentials_from(struct str text)
{
    struct outlook word = { 0 };
    return credentials_at(text, 0, &word);
}

bool credentials_is_login(struct str line)
{
    struct str rest = line;
    return keyword(words_next(&rest)) != NO_KEYWORD && rest.n > 0;
}

/* "21:41:43.760", and ": << " behind it. */
enum { STAMP = 12, ARROW = 5 };

#ifdef __SSE2__
/* Whether an arrowhead stands beside its like at one of these bytes. */
static bool has_arrow(const char *p)
{
    const __m128i here = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
    /* the other bit of '<' and '>' */
    const __m128i heads = _mm_cmpeq_epi8(_mm_or_si128(here, _mm_set1_epi8('<' ^ '>')), _mm_set1_epi8('>'));
    return _mm_movemask_epi8(_mm_and_si128(heads, _mm_cmpeq_epi8(here, next))) != 0;
}

/* Whether an arrow may stand in a line of BLOCK bytes and one, or more: hardly ever. */
static bool may_swallow(struct str line)
{
    enum { BLOCK = 16 };
    const size_t last = line.n - BLOCK - 1;
    for (size_t i = STAMP; i < last; i += BLOCK)
        if (has_arrow(line.p + i))
            return true;
    /* the last block reaches back */
    return has_arrow(line.p + last);
}
#else
static bool may_swallow(struct str line)
{
    return memchr(line.p, ':', line.n) != NULL;
}
#endif

static bool is_stamp(const char *p)
{
    static const struct str picture = { "00:00:00.000", 12 };
    for (size_t i = 0; i < STAMP; i++)
        if (picture.p[i] == '0' ? !is_digit(p[i]) : p[i] != picture.p[i])
            return false;
    return true;
}

size_t credentials_swallowed(struct str line)
{
    static const char *const arrows[] = { ": << ", ": >> " };
    size_t first = line.n;
    if (line.n < STAMP + ARROW || !may_swallow(line))
        return line.n;
    for (size_t i = 0; i < sizeof(arrows) / sizeof(*arrows); i++)
        for (size_t at = STAMP; (at = scan_find(line.p, first, at, arrows[i], ARROW)) < first; at++)
            if (is_stamp(line.p + at - STAMP))
                first = at + ARROW;
    return first;
}

size_t credentials_urlauth(struct str text, size_t *n)
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

size_t credentials_within(struct str text)
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
        if (credentials_opaque(str_upto(str_from(text, i), end - i)))
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

/* Behind a first word that speaks of a secret, in so many bytes at most; or within it, for "PASSsecret" is one. */
static size_t behind_suspect(struct str line, size_t most)
{
    struct str rest = line, word = words_next(&rest);
    size_t end = suspect(str_upto(word, word.n < most ? word.n : most));
    if (end == 0)
        return line.n;
    return (size_t)((end == word.n ? rest.p : word.p + end) - line.p);
}

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t credentials_unknown(struct str line)
{
    /* edited while it was typed? then no word of it can be trusted */
    if (line.n && memchr(line.p, '\b', line.n))
        return 0;
    return lesser(behind_suspect(line, line.n), credentials_within(line));
}

enum { NAME_MOST = 64 }; /* a longer word is neither a verb nor the name of a field */

/* "…&password=x&…" (RFC 3986 3.4): what is given to a name that speaks of a secret. */
static size_t assigned(struct str line)
{
    size_t from = 0;
    const char *sign = line.n ? memchr(line.p, '=', line.n) : NULL;
    for (; sign; sign = memchr(line.p + from, '=', line.n - from)) {
        size_t at = (size_t)(sign - line.p), begin = at;
        while (begin > from && at - begin < NAME_MOST && is_alnum(line.p[begin - 1]))
            begin--;
        from = at + 1;
        if (suspect((struct str){ line.p + begin, at - begin }))
            return from;
    }
    return line.n;
}

/* Numbered, as tags of IMAP are. */
static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (is_digit(word.p[i]))
            return true;
    return false;
}

/* The same where keywords have been looked for, which may show what comes first. */
static size_t behind_verb(struct str line)
{
    struct str rest = line;
    return keyword(words_next(&rest)) == NO_KEYWORD ? behind_suspect(line, NAME_MOST) : line.n;
}

size_t credentials_foreign(struct str line)
{
    struct str rest = line, word = words_next(&rest);
    size_t behind = (size_t)(rest.p - line.p), from = lesser(behind_verb(line), assigned(line));
    if (words_are(word, STR("COOKIE:")) || words_are(word, STR("SET-COOKIE:")))
        from = lesser(from, behind);
    if (has_digit(word))
        from = lesser(from, behind + behind_verb(rest));
    return lesser(from, credentials_opaque(line) ? 0 : credentials_from(line));
}
