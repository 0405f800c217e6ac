/* One look at the text each. */
#include "protocol/mail_path.h"

#include "base/ascii.h"
#include "base/decimal.h"

/* A quoted local part may hold what else would end the path, as in <"a>b"@c.example>. */
size_t mail_path_end(struct str text, char end)
{
    bool quoted = false;
    size_t first = text.n;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == end && first == text.n)
            first = i;
        if (!quoted && text.p[i] == end)
            return i;
        if (text.p[i] == '"')
            quoted = !quoted;
        else if (quoted && text.p[i] == '\\')
            i++;
    }
    /* a quote that never ends is none */
    return quoted ? first : text.n;
}

bool mail_path(struct str argument, struct str *path)
{
    const char *open = argument.n ? memchr(argument.p, '<', argument.n) : NULL;
    const char *colon = argument.n ? memchr(argument.p, ':', argument.n) : NULL;
    if (!open && !colon)
        return false;
    struct str rest = str_from(argument, (size_t)((open ? open : colon) + 1 - argument.p));
    while (!open && rest.n && rest.p[0] == ' ')
        rest = str_from(rest, 1);
    *path = str_upto(rest, mail_path_end(rest, open ? '>' : ' '));
    /* a parameter is no address */
    return open || (path->n && !memchr(path->p, '=', path->n));
}

bool mail_number(struct str text, uint64_t *number)
{
    size_t n = decimal_read_long(text, number);
    bool whole = n > 0 && (n == text.n || text.p[n] == ' ');
    *number = whole ? *number : 0;
    return whole;
}

bool mail_octets(struct str text, uint64_t *size)
{
    for (size_t i = 0; i < text.n; i++) {
        bool begins = is_digit(text.p[i]) && (i == 0 || text.p[i - 1] == ' ' || text.p[i - 1] == '(');
        size_t n = begins ? decimal_read_long(str_from(text, i), size) : 0;
        struct str unit = str_from(text, i + n);
        if (n && (n == text.n || ascii_starts(unit, STR(" octet")) || ascii_starts(unit, STR(" byte"))))
            return true;
    }
    *size = 0;
    return false;
}

bool mail_size(struct str argument, uint64_t *size)
{
    for (size_t i = 0; i + 6 <= argument.n; i++)
        if (argument.p[i] == ' ' && ascii_starts(str_from(argument, i + 1), STR("SIZE=")))
            return mail_number(str_from(argument, i + 6), size);
    return false;
}
