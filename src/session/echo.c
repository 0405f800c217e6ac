/* Remembers secrets as they were sent, and the parts of a decoded response that matter: what follows the last NUL
 * or \1, and the last blank in that (RFC 4616 PLAIN, RFC 2195 CRAM-MD5, bearer tokens). */
#include "session/echo.h"

#include "base/base64.h"
#include "base/quoted.h"
#include "base/scan.h"

/* What makes a small letter of a capital; of other bytes, what as few are. */
enum { SMALL = 0x20 };

static size_t kept_of(const struct echo *echo)
{
    return echo->count < ECHO_SECRETS ? echo->count : ECHO_SECRETS;
}

void echo_forget(struct echo *echo)
{
    for (size_t i = 0, kept = kept_of(echo); i < kept; i++) {
        alike_forget(&echo->secrets[i].word);
        memset(echo->firsts[i], 0, ECHO_BLOCK);
        memset(echo->seconds[i], 0, ECHO_BLOCK);
        echo->secrets[i].name = false;
    }
    echo->count = 0;
    echo->shortest = 0;
    echo->named = false;
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

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct str up_to(struct str text, size_t most)
{
    return str_upto(text, text.n < most ? text.n : most);
}

/* Who tries the same again takes no other secret's place. */
static bool is_kept(const struct echo *echo, struct str text, bool name)
{
    for (size_t i = 0, kept = kept_of(echo); i < kept; i++)
        if (str_equal(alike_text(&echo->secrets[i].word), text) && echo->secrets[i].name <= name)
            return true;
    return false;
}

/* Trimmed. A single sign is what is left of a binary token, and stands in any text. By how it begins a long secret is known
 * though it be cut; a name is masked from its first byte to its last. */
static void keep(struct echo *echo, struct str text, bool name)
{
    text = up_to(text, name ? ECHO_LONGEST : ECHO_TELLING);
    if (text.n == 0 || (text.n == 1 && !is_word(text.p[0])) || is_kept(echo, text, name))
        return;
    size_t slot = echo->count++ % ECHO_SECRETS;
    alike_set(&echo->secrets[slot].word, text);
    echo->secrets[slot].name = name;
    echo->named |= name;
    memset(echo->firsts[slot], text.p[0] | SMALL, ECHO_BLOCK);
    memset(echo->seconds[slot], text.p[text.n > 1] | SMALL, ECHO_BLOCK);
    echo->shortest = echo->count == 1 || text.n < echo->shortest ? text.n : echo->shortest;
}

static struct str last_part(struct str text)
{
    text = trim(text);
    size_t at = text.n;
    while (at > 0 && (unsigned char)text.p[at - 1] > ' ')
        at--;
    return trim(str_from(text, at));
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ';
}

/* What stands behind the last control byte, as a password does in a PLAIN response, which may have blanks in it; and the
 * last word of that. */
static void keep_said(struct echo *echo, struct str text)
{
    text = trim(text);
    size_t at = text.n;
    while (at > 0 && !is_control(text.p[at - 1]))
        at--;
    const struct str whole = trim(str_from(text, at)), last = last_part(whole);
    keep(echo, whole, false);
    if (last.n < whole.n)
        keep(echo, last, false);
}

/* Who repeats a quoted string may leave its backslashes out. */
static void keep_unquoted(struct echo *echo, struct str secret)
{
    char plain[ECHO_LONGEST];
    keep(echo, (struct str){ plain, quoted_plain(plain, up_to(secret, sizeof(plain))) }, false);
}

static bool is_of_token(char c)
{
    return c == '<' || c == 'c' || c == 'r' || c == 'l' || c == 'f' || c == '>';
}

/* What stands in front of a token for a line end, or of what is left of one: "secret<cr><l". A blank behind one makes it a part of
 * the text, and so does a record that is full. */
static struct str bare(struct str secret)
{
    static const struct str tokens[] = { { "<cr><lf>", 8 }, { "<lf>", 4 } };
    if (secret.n == 0 || !is_of_token(secret.p[secret.n - 1]))
        return secret;
    for (size_t n = tokens[0].n; n > 0; n--)
        for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++)
            if (n <= tokens[i].n && str_ends(secret, str_upto(tokens[i], n)))
                return trim(str_upto(secret, secret.n - n));
    return secret;
}

/* Of a token of thousands of bytes it begins in the first of them. */
static void remember(struct echo *echo, struct str secret)
{
    enum { DECODED_MOST = 1024 };
    char decoded[DECODED_MOST];
    keep(echo, secret, false);
    if (secret.n && memchr(secret.p, '\\', secret.n))
        keep_unquoted(echo, secret);
    keep_said(echo, (struct str){ decoded, base64_decode(decoded, up_to(secret, DECODED_MOST)) });
}

void echo_remember(struct echo *echo, struct str secret)
{
    secret = trim(secret);
    const struct str front = bare(secret);
    remember(echo, secret);
    if (front.n < secret.n)
        remember(echo, front);
}

static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_control(text.p[i]))
            return true;
    return false;
}

static void remember_name(struct echo *echo, struct str name)
{
    char decoded[ECHO_LONGEST];
    size_t n = name.n <= ECHO_LONGEST ? base64_decode(decoded, name) : 0;
    const struct str text = trim(n ? (struct str){ decoded, n } : name);
    /* too long to be kept whole, or the parts of a response */
    if (name.n > ECHO_LONGEST || has_control(text)) {
        echo_remember(echo, name);
        return;
    }
    const struct str last = last_part(text);
    keep(echo, name, true);
    if (n)
        keep(echo, text, true);
    if (last.n < text.n)
        keep(echo, last, true);
}

void echo_remember_name(struct echo *echo, struct str name)
{
    name = trim(name);
    const struct str front = bare(name);
    remember_name(echo, name);
    if (front.n < name.n)
        remember_name(echo, front);
}

static bool is_own_word(struct str line, size_t at, size_t n)
{
    return (at == 0 || !is_word(line.p[at - 1])) && (at + n >= line.n || !is_word(line.p[at + n]));
}

/* A secret of a few bytes stands in many a word: it counts only as a word of its own, and as it was sent. */
enum { LONG = 4 };

static bool stands_alone(struct str line, size_t at, size_t n)
{
    return n >= LONG || is_own_word(line, at, n);
}

/* Some servers repeat a command in capitals. */
static size_t find_from(struct str line, size_t at, const struct alike *word)
{
    if (word->n >= LONG)
        return alike_find(word, line, at);
    if (word->n > 1)
        return scan_find(line.p, line.n, at, word->text, word->n);
    const char *found = at < line.n ? memchr(line.p + at, word->text[0], line.n - at) : NULL;
    return found ? (size_t)(found - line.p) : line.n;
}

static size_t find_alone(struct str line, const struct alike *word)
{
    for (size_t at = 0; (at = find_from(line, at, word)) < line.n; at++)
        if (stands_alone(line, at, word->n))
            return at;
    return line.n;
}

#ifdef __SSE2__
static __m128i block_at(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static __m128i small_at(const char *p)
{
    return _mm_or_si128(block_at(p), _mm_set1_epi8(SMALL));
}

/* Two times eight bytes. */
static __m128i small_halves_at(const char *p, const char *q)
{
    const __m128i halves = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)p),
                                              _mm_loadl_epi64((const __m128i *)(const void *)q));
    return _mm_or_si128(halves, _mm_set1_epi8(SMALL));
}

/* Whether a secret may begin at one of these bytes, behind each of which stands the one in `next`. */
static bool may_begin(const struct echo *echo, size_t kept, __m128i here, __m128i next)
{
    __m128i found = _mm_setzero_si128();
    for (size_t i = 0; i < kept; i++)
        found = _mm_or_si128(found, _mm_and_si128(_mm_cmpeq_epi8(here, block_at(echo->firsts[i])),
                                                  _mm_cmpeq_epi8(next, block_at(echo->seconds[i]))));
    return _mm_movemask_epi8(found) != 0;
}

/* Whether a secret of two bytes or more may stand in the line, by what it begins with: hardly ever. All are looked for in a
 * line of a few bytes. */
static bool may_repeat(const struct echo *echo, size_t kept, struct str line)
{
    enum { HALF = ECHO_BLOCK / 2 };
    const char *p = line.p, *last = p + line.n - 1;
    if (line.n <= HALF)
        return true;
    if (line.n <= ECHO_BLOCK)
        return may_begin(echo, kept, small_halves_at(p, last - HALF),
                         small_halves_at(p + 1, last - HALF + 1));
    for (; p + ECHO_BLOCK <= last; p += ECHO_BLOCK)
        if (may_begin(echo, kept, small_at(p), small_at(p + 1)))
            return true;
    /* the last block reaches back */
    return may_begin(echo, kept, small_at(last - ECHO_BLOCK), small_at(last - ECHO_BLOCK + 1));
}
#else
static bool may_repeat(const struct echo *echo, size_t kept, struct str line)
{
    (void)echo;
    (void)kept;
    (void)line;
    return true;
}
#endif

/* Where the line first repeats one of so many bytes at most. A function of its own, so that a line which repeats none costs
 * no more than the look. */
static __attribute__((noinline)) size_t find_first(const struct echo *echo, struct str line, size_t most)
{
    size_t first = line.n;
    most = most < line.n ? most : line.n;
    for (size_t i = 0, kept = kept_of(echo); i < kept; i++) {
        if (echo->secrets[i].word.n > most)
            continue;
        size_t at = find_alone(line, &echo->secrets[i].word);
        first = at < first ? at : first;
    }
    return first;
}

size_t echo_find(const struct echo *echo, struct str line)
{
    if (line.n < echo->shortest)
        return line.n;
    bool any = may_repeat(echo, kept_of(echo), line);
    return any || echo->shortest == 1 ? find_first(echo, line, any ? ECHO_LONGEST : 1) : line.n;
}

/* A name of letters only is a word that stands in others: "info", "mail", "support". */
static bool is_natural(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_word(name.p[i]) || (name.p[i] >= '0' && name.p[i] <= '9'))
            return false;
    return true;
}

/* Where it stands as a word of its own, or else as part of another one. */
static size_t find_name(struct str line, size_t from, const struct alike *name, bool own)
{
    for (size_t at = from; (at = find_from(line, at, name)) < line.n; at++)
        if (is_own_word(line, at, name->n) == own)
            return at;
    return line.n;
}

static size_t find_cut(struct str line, const struct alike *word, bool name)
{
    if (!name)
        return find_alone(line, word);
    bool seldom = word->n > 3 && !is_natural(alike_text(word));
    return seldom ? find_name(line, 0, word, false) : line.n;
}

void echo_walk(struct echo_walk *walk, const struct echo *echo, struct str line)
{
    walk->echo = echo;
    walk->line = line;
    walk->kept = echo && echo->named ? kept_of(echo) : 0;
    walk->from = 0;
    for (size_t i = 0; i < walk->kept; i++)
        walk->next[i] = echo->secrets[i].name ? find_name(line, 0, &echo->secrets[i].word, true) : line.n;
}

struct str echo_next(struct echo_walk *walk)
{
    const struct str line = walk->line;
    size_t first = line.n, longest = 0;
    for (size_t i = 0; i < walk->kept; i++) {
        const struct alike *name = &walk->echo->secrets[i].word;
        size_t at = walk->next[i];
        if (at < walk->from)
            at = walk->next[i] = find_name(line, walk->from, name, true);
        if (at < first || (at == first && at < line.n && name->n > longest)) {
            first = at;
            longest = name->n;
        }
    }
    walk->from = first + longest;
    return str_upto(str_from(line, first), longest);
}

struct str echo_name(const struct echo *echo, struct str line)
{
    struct echo_walk walk;
    echo_walk(&walk, echo, line);
    return echo_next(&walk);
}

/* Where so many names have been, and there is another; line.n if it has not as many. */
static size_t find_many(const struct echo *echo, struct str line)
{
    struct echo_walk walk;
    struct str name;
    echo_walk(&walk, echo, line);
    for (size_t names = 0; (name = echo_next(&walk)).n; names++)
        if (names == ECHO_NAMES)
            return (size_t)(name.p - line.p);
    return line.n;
}

size_t echo_cut(const struct echo *echo, struct str line)
{
    size_t first = line.n;
    for (size_t i = 0, kept = kept_of(echo); i < kept; i++) {
        size_t at = find_cut(line, &echo->secrets[i].word, echo->secrets[i].name);
        first = at < first ? at : first;
    }
    size_t many = echo->named ? find_many(echo, str_upto(line, first)) : first;
    return many < first ? many : first;
}
