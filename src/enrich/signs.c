/* Patterns of signs, alternative after alternative. No allocation, no state; time is bounded by what is looked at of a
 * text. */
#include "enrich/signs.h"

#include "base/decimal.h"
#include "base/scan.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A number below 1024 for two letters in a row. */
static unsigned pair_at(const char *p)
{
    return ((unsigned char)p[0] * 37u + (unsigned char)p[1]) % 1024;
}

void signs_look(struct spoken *spoken, struct str code, struct str enhanced, struct str text)
{
    size_t n = text.n < SIGNS_LOOKED_AT ? text.n : SIGNS_LOOKED_AT;
    memset(spoken->pairs, 0, sizeof(spoken->pairs));
    for (size_t i = 0; i < n; i++)
        spoken->room[i] = lower(text.p[i]);
    for (size_t i = 0; i + 1 < n; i++)
        spoken->pairs[pair_at(spoken->room + i) / 64] |= (uint64_t)1 << pair_at(spoken->room + i) % 64;
    spoken->code = code;
    spoken->enhanced = enhanced;
    spoken->text = (struct str){ spoken->room, n };
}

static bool has_pair(const struct spoken *spoken, const char *p)
{
    return spoken->pairs[pair_at(p) / 64] >> pair_at(p) % 64 & 1;
}

/* A false alarm of the pairs costs a search, no more. */
static bool contains(const struct spoken *spoken, struct str words)
{
    bool may = words.n < 2 || (has_pair(spoken, words.p) && has_pair(spoken, words.p + words.n - 2));
    return may && scan_find(spoken->text.p, spoken->text.n, 0, words.p, words.n) < spoken->text.n;
}

static bool is_code(struct str sign)
{
    for (size_t i = 0; i < sign.n; i++)
        if (!is_digit(sign.p[i]) && sign.p[i] != '.' && sign.p[i] != 'x')
            return false;
    return is_digit(sign.p[0]);
}

/* "45x" fits "451"; "5.1.x" fits "5.1.10". */
static bool code_fits(struct str sign, struct str code)
{
    /* without a dot an x is any one digit; behind a dot it is any detail, of one digit or three */
    bool dotted = memchr(sign.p, '.', sign.n) != NULL;
    if (dotted && sign.p[sign.n - 1] == 'x')
        return str_starts(code, str_upto(sign, sign.n - 1));
    if (dotted || sign.n != code.n)
        return str_equal(sign, code);
    for (size_t i = 0; i < sign.n; i++)
        if (sign.p[i] != code.p[i] && !(sign.p[i] == 'x' && is_digit(code.p[i])))
            return false;
    return true;
}

static bool is_status_word(struct str sign)
{
    return str_equal(sign, STR("NO")) || str_equal(sign, STR("BAD")) || str_equal(sign, STR("BYE")) ||
           str_equal(sign, STR("-ERR"));
}

/* By its shape a sign is a code, a status word, a response code in brackets, or words. */
static bool sign_fits(struct str sign, const struct spoken *spoken)
{
    if (is_code(sign))
        return (spoken->code.n && code_fits(sign, spoken->code)) ||
               (spoken->enhanced.n && code_fits(sign, spoken->enhanced));
    if (is_status_word(sign))
        return str_equal(sign, spoken->code);
    if (sign.p[0] == '[')
        return str_equal(str_upto(str_from(sign, 1), sign.n - 2), spoken->enhanced);
    return contains(spoken, sign);
}

/* The alternative that the pattern begins with; moves on behind its bar. */
static struct str next_sign(const char **pattern)
{
    struct str sign = { *pattern, (size_t)(strchrnul(*pattern, '|') - *pattern) };
    *pattern += sign.n + ((*pattern)[sign.n] == '|');
    return sign;
}

/* Whether the first two letters of a sign show that it does not fit: words are in lower case, and most begin with what
 * does not stand in the text. */
static bool is_ruled_out(const char *sign, const struct spoken *spoken)
{
    return *sign >= 'a' && *sign <= 'z' && sign[1] != '|' && sign[1] != '\0' && !has_pair(spoken, sign);
}

bool signs_fit(const char *pattern, const struct spoken *spoken)
{
    bool fits = *pattern == '\0';
    while (*pattern && !fits)
        if (is_ruled_out(pattern, spoken))
            next_sign(&pattern);
        else
            fits = sign_fits(next_sign(&pattern), spoken);
    return fits;
}

bool signs_in(const char *words, struct str text)
{
    struct spoken spoken;
    bool found = false;
    signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, text);
    while (*words && !found)
        found = contains(&spoken, next_sign(&words));
    return found;
}
