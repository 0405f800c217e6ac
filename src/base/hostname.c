/* Versions, sizes and queue ids have dots, too: the last label tells. */
#include "base/hostname.h"

#include "base/ascii.h"
#include "base/decimal.h"

static bool in_label(char c)
{
    return hostname_letter(c) || c == '-' || c == '_';
}

size_t hostname_domain(struct str text)
{
    size_t n = 0;
    while (n < text.n && (in_label(text.p[n]) || text.p[n] == '.'))
        n++;
    while (n > 0 && text.p[n - 1] == '.')
        n--;
    return n;
}

/* The last label of a host has letters only, or is a Punycode one; a single letter is an abbreviation, as in "e.g". */
static bool is_top(struct str label)
{
    size_t letters = 0;
    while (letters < label.n && hostname_letter(label.p[letters]) && !is_digit(label.p[letters]))
        letters++;
    return (letters == label.n && label.n > 1) || (label.n > 4 && ascii_starts(label, STR("xn--")));
}

/* The last label that can be a top one ends the host: of "mx.example.25" it is "mx.example". "4.72" and "1.0.12kB"
 * have none. */
size_t hostname_length(struct str text, size_t *looked)
{
    size_t found = 0, at = 0;
    for (int labels = 0; at < text.n; labels++) {
        size_t end = at;
        while (end < text.n && in_label(text.p[end]))
            end++;
        *looked = end;
        if (end == at)
            break;
        if (labels > 0 && is_top((struct str){ text.p + at, end - at }))
            found = end;
        if (end == text.n || text.p[end] != '.')
            break;
        at = end + 1;
    }
    return found;
}
