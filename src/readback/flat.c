/* One pass, without memory. Every byte of a record goes through here when an export is read by `cat`, so texts are
 * scanned in blocks, and nothing is looked up but the kind. What ours never have is left to the parser: blanks, objects in
 * objects, numbers with a fraction, escapes of more than a byte. */
#include "readback/flat.h"

#include "base/decimal.h"
#include "base/scan.h"
#include "base/utf8.h"
#include "tcplog/record.h"

static bool take(struct str *rest, char c)
{
    bool there = rest->n > 0 && rest->p[0] == c;
    *rest = str_from(*rest, there);
    return there;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Bytes of the escape at the start of a text; 0: it is none of ours, but a control character, say. A record has no NUL. */
static size_t escape(struct str text)
{
    static const char letters[] = { '"', '\\', '/', 'b', 'f', 'n', 'r', 't' };
    if (text.p[0] != '\\')
        return 0;
    if (text.n >= 2 && memchr(letters, text.p[1], sizeof(letters)))
        return 2;
    bool byte = text.n >= 6 && memcmp(text.p, "\\u00", 4) == 0 && is_hex(text.p[4]) && is_hex(text.p[5]);
    return byte && memcmp(text.p + 4, "00", 2) != 0 ? 6 : 0;
}

/* From a backslash to behind the second quote. */
static __attribute__((noinline)) bool take_escaped(struct str *rest)
{
    while (!take(rest, '"')) {
        size_t n = rest->n ? escape(*rest) : 0;
        if (n == 0)
            return false;
        *rest = str_from(*rest, n);
        *rest = str_from(*rest, scan_plain(rest->p, rest->n, '"', '\\', 0x1F));
    }
    return true;
}

/* What stands behind the first quote of a text, and the second one. */
static inline __attribute__((always_inline)) bool take_rest_of_text(struct str *rest)
{
    *rest = str_from(*rest, scan_plain(rest->p, rest->n, '"', '\\', 0x1F));
    return take(rest, '"') || take_escaped(rest);
}

static bool take_text(struct str *rest)
{
    return take(rest, '"') && take_rest_of_text(rest);
}

static bool take_list(struct str *rest)
{
    if (take(rest, ']'))
        return true;
    do {
        if (!take_text(rest))
            return false;
    } while (take(rest, ','));
    return take(rest, ']');
}

static bool take_number(struct str *rest)
{
    uint64_t number;
    take(rest, '-');
    size_t digits = decimal_read_long(*rest, &number);
    bool good = digits > 0 && (digits == 1 || rest->p[0] != '0');
    *rest = str_from(*rest, digits);
    return good;
}

static bool take_word(struct str *rest, struct str word)
{
    bool there = str_starts(*rest, word);
    *rest = str_from(*rest, there ? word.n : 0);
    return there;
}

static bool take_value(struct str *rest)
{
    if (take(rest, '"'))
        return take_rest_of_text(rest);
    if (take(rest, '['))
        return take_list(rest);
    return take_number(rest) || take_word(rest, STR("true")) || take_word(rest, STR("false"));
}

static bool take_kind(struct str *rest)
{
    if (!take_word(rest, STR("{\"kind\":\"")))
        return false;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (take_word(rest, str_of(tcplog_kind_names[kind])))
            return take(rest, '"');
    return false;
}

bool flat_is_record(struct str line)
{
    struct str rest = line;
    if (!take_kind(&rest))
        return false;
    while (take(&rest, ','))
        if (!take_text(&rest) || !take(&rest, ':') || !take_value(&rest))
            return false;
    return take(&rest, '}') && rest.n == 0 && (utf8_plain(line) || utf8_valid(line));
}
