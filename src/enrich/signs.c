/* Patterns of signs, alternative after alternative. No allocation, no state; time is bounded by what is looked at of a
 * text. */
#include "enrich/signs.h"

#include "base/ascii.h"
#include "base/decimal.h"
#include "base/scan.h"
#include "protocol/codes.h"

/* A word with an @, and one from < to >, whatever stands behind that. */
static void blank_addresses(char *p, size_t n)
{
    size_t word = 0;
    bool address = false;
    for (size_t i = 0; i < n; i++) {
        bool ends = p[i] == ' ' || (p[i] == '>' && p[word] == '<');
        address |= p[i] == '@' || (ends && p[i] == '>');
        if (ends && address)
            memset(p + word, ' ', i - word);
        if (!ends)
            continue;
        word = i + 1;
        address = false;
    }
    if (address)
        memset(p + word, ' ', n - word);
}

/* The next line of a text, which moves on behind its end. */
static struct str next_line(struct str *text)
{
    const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
    struct str line = end ? str_upto(*text, (size_t)(end - text->p)) : *text;
    *text = end ? str_from(*text, line.n + 1) : (struct str){ 0 };
    return line;
}

struct str signs_enhanced(struct str text)
{
    struct str first = next_line(&text);
    return first.n ? codes_enhanced(first, first.p[0]) : first;
}

/* A line without the enhanced code of the first one, which each is to have (RFC 2034 4). */
static struct str without(struct str line, struct str enhanced)
{
    bool repeats = enhanced.n && str_equal(signs_enhanced(line), enhanced);
    return repeats ? str_from(line, enhanced.n) : line;
}

/* Goes on behind what is in the room; how much it is then. */
static size_t put_line(char *to, size_t n, struct str line)
{
    for (size_t i = 0; i < line.n && n < SIGNS_LOOKED_AT; i++)
        if (line.p[i] != ' ' || n == 0 || to[n - 1] != ' ')
            to[n++] = ascii_lower(line.p[i]);
    return n;
}

void signs_look(struct spoken *spoken, struct str code, struct str enhanced, struct str text)
{
    const struct str repeated = signs_enhanced(text);
    size_t n = put_line(spoken->room, 0, next_line(&text));
    while (text.n && n < SIGNS_LOOKED_AT) {
        n = put_line(spoken->room, n, STR(" "));
        n = put_line(spoken->room, n, without(next_line(&text), repeated));
    }
    blank_addresses(spoken->room, n);
    spoken->code = code;
    spoken->enhanced = enhanced;
    spoken->text = (struct str){ spoken->room, n };
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
    /* what has dots has one behind its class; without a dot an x is any one digit; behind a dot it is any detail, of one digit or three */
    bool dotted = sign.n > 1 && sign.p[1] == '.';
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

bool signs_is_words(struct str sign)
{
    return sign.p[0] != '[' && !is_code(sign) && !is_status_word(sign);
}

bool signs_code_fits(struct str sign, const struct spoken *spoken)
{
    if (sign.p[0] == '[')
        return str_equal(str_upto(str_from(sign, 1), sign.n - 2), spoken->enhanced);
    if (is_digit(sign.p[0]))
        return (spoken->code.n && code_fits(sign, spoken->code)) ||
               (spoken->enhanced.n && code_fits(sign, spoken->enhanced));
    return str_equal(sign, spoken->code);
}

struct str signs_next(const char **pattern)
{
    struct str sign = { *pattern, (size_t)(strchrnul(*pattern, '|') - *pattern) };
    *pattern += sign.n + ((*pattern)[sign.n] == '|');
    return sign;
}

bool signs_in(const char *words, struct str text)
{
    struct spoken spoken;
    bool found = false;
    signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, text);
    while (*words && !found) {
        struct str word = signs_next(&words);
        found = scan_find(spoken.text.p, spoken.text.n, 0, word.p, word.n) < spoken.text.n;
    }
    return found;
}
