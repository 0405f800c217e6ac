/* Reads "Wed, 6 Aug 2014 21:41:40 +0200 (CEST)", a token at a time; blanks and comments may stand between any two. */
#include "base/mail_date.h"

#include "base/ascii.h"
#include "base/decimal.h"

/* Kiribati is 14 hours east; nobody is further away from Greenwich in either direction. */
enum { MINUTE = 60, HOUR = 3600, EASTMOST = 14 };

/* The zones of RFC 5322 4.3 that are known for certain. */
static const struct named_zone {
    struct str name;
    int32_t hours;
} named_zones[] = {
    { { "UT", 2 }, 0 },   { { "GMT", 3 }, 0 },  { { "EST", 3 }, -5 }, { { "EDT", 3 }, -4 },
    { { "CST", 3 }, -6 }, { { "CDT", 3 }, -5 }, { { "MST", 3 }, -7 }, { { "MDT", 3 }, -6 },
    { { "PST", 3 }, -8 }, { { "PDT", 3 }, -7 },
};

/* Bytes of the comment that text begins with. Comments may hold comments; a backslash takes the next byte as it is
 * (RFC 5322 3.2.2). One without an end takes all of the text. */
static size_t comment_length(struct str text)
{
    size_t i = 0;
    unsigned depth = 0;
    do {
        if (text.p[i] == '\\')
            i++;
        else if (text.p[i] == '(')
            depth++;
        else if (text.p[i] == ')')
            depth--;
        i++;
    } while (depth > 0 && i < text.n);
    return i < text.n ? i : text.n;
}

static void skip_space(struct str *text)
{
    while (text->n > 0 && (text->p[0] == ' ' || text->p[0] == '\t' || text->p[0] == '('))
        *text = str_from(*text, text->p[0] == '(' ? comment_length(*text) : 1);
}

/* The one character, with blanks and comments around it. */
static bool take(struct str *text, char wanted)
{
    skip_space(text);
    if (text->n == 0 || text->p[0] != wanted)
        return false;
    *text = str_from(*text, 1);
    skip_space(text);
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Letters up to anything else; none is an empty word. */
static struct str take_word(struct str *text)
{
    size_t n = 0;
    skip_space(text);
    while (n < text->n && is_letter(text->p[n]))
        n++;
    struct str word = str_upto(*text, n);
    *text = str_from(*text, n);
    return word;
}

/* A number of so many digits at least and at most; answers how many, or 0. */
static size_t take_number(struct str *text, size_t least, size_t most, uint32_t *number)
{
    skip_space(text);
    size_t n = decimal_read(*text, number);
    if (n < least || n > most)
        return 0;
    *text = str_from(*text, n);
    return n;
}

/* "Wed, 6 Aug 2014" */
static bool take_day(struct str *text, int32_t *day)
{
    uint32_t of_month, year;
    /* the day of the week tells nothing new */
    if (take_word(text).n && !take(text, ','))
        return false;
    if (!take_number(text, 1, 2, &of_month))
        return false;
    unsigned month = calendar_month(take_word(text));
    size_t digits = take_number(text, 2, 4, &year);
    /* RFC 5322 4.3: 00 to 49 are of this century, 50 to 99 and three digits count from 1900 */
    if (digits == 2 && year < 50)
        year += 2000;
    else if (digits == 2 || digits == 3)
        year += 1900;
    if (digits == 0 || !calendar_valid(year, month, of_month))
        return false;
    *day = calendar_day((int)year, month, of_month);
    return true;
}

/* "21:41:40" or "21:41". */
static bool take_time(struct str *text, int32_t *ms)
{
    uint32_t hour, minute, second = 0;
    if (!take_number(text, 1, 2, &hour) || !take(text, ':') || !take_number(text, 2, 2, &minute) ||
        (take(text, ':') && !take_number(text, 2, 2, &second)) || hour > 23 || minute > 59 || second > 60)
        return false;
    *ms = (int32_t)(hour * HOUR + minute * MINUTE + second) * 1000;
    return true;
}

/* "+0200": hours and minutes. "-0000" says that the writer does not know its zone (RFC 5322 3.3). */
static bool read_offset(struct str text, int32_t *offset)
{
    uint32_t digits;
    bool west = text.p[0] == '-';
    if (decimal_read(str_from(text, 1), &digits) != 4 || (west && digits == 0))
        return false;
    *offset = (int32_t)(digits / 100 * HOUR + digits % 100 * MINUTE) * (west ? -1 : 1);
    return digits % 100 < 60 && digits <= EASTMOST * 100;
}

/* "+0200" or one of the names; the letters of the military zones tell nothing (RFC 5322 4.3). */
static bool take_zone(struct str *text, int32_t *offset)
{
    skip_space(text);
    if (text->n > 0 && (text->p[0] == '+' || text->p[0] == '-'))
        return read_offset(*text, offset);
    struct str word = take_word(text);
    for (size_t i = 0; i < sizeof(named_zones) / sizeof(*named_zones); i++) {
        const struct named_zone *zone = &named_zones[i];
        if (ascii_same(word, zone->name)) {
            *offset = zone->hours * HOUR;
            return true;
        }
    }
    return false;
}

/* The number of so many digits that stands at p; UINT32_MAX if they are none. */
static uint32_t digits_at(const char *p, size_t n)
{
    uint32_t number;
    return decimal_read((struct str){ p, n }, &number) == n ? number : UINT32_MAX;
}

/* "Wed, 6 Aug 2014 21:41:40 +0200", as nearly all are written; false: it is written otherwise, or wrong. */
static bool read_usual(struct str text, struct mail_date *date)
{
    enum { BEHIND_DAY = 24 /* bytes, from the blank in front of the month to the offset's last digit */ };
    size_t digits = text.n > 7 && is_digit(text.p[6]) ? 2 : 1, at = 5 + digits;
    if (text.n < at + BEHIND_DAY || !is_letter(text.p[0]) || !is_letter(text.p[1]) || !is_letter(text.p[2]) ||
        text.p[3] != ',' || text.p[4] != ' ')
        return false;
    const char *p = text.p + at;
    if (p[0] != ' ' || p[4] != ' ' || p[9] != ' ' || p[12] != ':' || p[15] != ':' || p[18] != ' ' ||
        (p[19] != '+' && p[19] != '-'))
        return false;
    uint32_t day = digits_at(text.p + 5, digits), year = digits_at(p + 5, 4);
    uint32_t hour = digits_at(p + 10, 2), minute = digits_at(p + 13, 2), second = digits_at(p + 16, 2);
    unsigned month = calendar_month((struct str){ p + 1, 3 });
    if (year == UINT32_MAX || hour > 23 || minute > 59 || second > 60 || !calendar_valid(year, month, day))
        return false;
    date->date.day = calendar_day((int)year, month, day);
    date->date.ms = (int32_t)(hour * HOUR + minute * MINUTE + second) * 1000;
    return read_offset(str_from(text, at + 19), &date->offset);
}

bool mail_date_read(struct str text, struct mail_date *date)
{
    if (read_usual(text, date))
        return true;
    return take_day(&text, &date->date.day) && take_time(&text, &date->date.ms) &&
           take_zone(&text, &date->offset);
}
