/* Calendar arithmetic (days from civil and back, after the well-known era method) and the two date shapes. */
#include "base/calendar.h"

#include "base/decimal.h"

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool calendar_valid(unsigned year, unsigned month, unsigned day)
{
    static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= lengths[month - 1] || (month == 2 && day == 29 && is_leap(year));
}

/* Years begin in March here, so that the leap day comes last and month lengths follow one formula: five months from
 * March on (and from August on) have 31, 30, 31, 30 and 31 days, 153 together. The calendar repeats after an era of
 * 400 years, which are 146097 days; 719468 days lie between 0000-03-01 and 1970-01-01. */
int32_t calendar_day(int year, unsigned month, unsigned day)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    unsigned in_era = (unsigned)(year - era * 400);
    unsigned in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    unsigned days = in_era * 365 + in_era / 4 - in_era / 100 + in_year;
    return era * 146097 + (int32_t)days - 719468;
}

/* The way back. doe and yoe are day and year of the era; doy and mp are day and month, from 0, of a year that begins in
 * March. The leap days so far are taken out first (one in 1460 days, none in each 36524, one again in each 146096),
 * so that all years have 365 days. */
char *calendar_write(char *to, int32_t day)
{
    int32_t z = day + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    unsigned month = mp < 10 ? mp + 3 : mp - 9;
    unsigned year = (unsigned)((int)yoe + era * 400 + (month <= 2)) % 10000;
    to = decimal_two(to, year / 100);
    to = decimal_two(to, year % 100);
    *to++ = '-';
    to = decimal_two(to, month);
    *to++ = '-';
    return decimal_two(to, doy - (153 * mp + 2) / 5 + 1);
}

char *calendar_write_stamp(char *to, uint32_t ms)
{
    to = decimal_two(to, ms / 3600000);
    *to++ = ':';
    to = decimal_two(to, ms / 60000 % 60);
    *to++ = ':';
    to = decimal_two(to, ms / 1000 % 60);
    *to++ = '.';
    return decimal_three(to, ms % 1000);
}

unsigned calendar_month(struct str text)
{
    for (unsigned i = 0; text.n >= 3 && i < 12; i++)
        if (memcmp(text.p, months + (size_t)i * 3, 3) == 0)
            return i + 1;
    return 0;
}

/* "HH:MM:SS", ms of the day or -1. Second 60 is a leap second (C writes it, RFC 5322 3.3 allows it): the next minute. */
static int32_t clock_ms(const char *p)
{
    uint32_t hour, minute, second;
    if (decimal_read((struct str){ p, 2 }, &hour) != 2 || p[2] != ':' ||
        decimal_read((struct str){ p + 3, 2 }, &minute) != 2 || p[5] != ':' ||
        decimal_read((struct str){ p + 6, 2 }, &second) != 2 || hour > 23 || minute > 59 || second > 60)
        return -1;
    return (int32_t)((hour * 60 + minute) * 60 + second) * 1000;
}

static bool date_set(struct date *date, uint32_t year, unsigned month, uint32_t day, int32_t ms)
{
    if (!calendar_valid(year, month, day) || ms < 0)
        return false;
    *date = (struct date){ calendar_day((int)year, month, day), ms };
    return true;
}

/*    0   4   8  11       20
 *    Thu Apr 07 03:14:07 2011
 * The day of the week tells nothing new and is passed over. */
size_t calendar_read_ctime(struct str text, struct date *date)
{
    enum { WHOLE = 24 };
    uint32_t day, year;
    if (text.n < WHOLE || text.p[3] != ' ' || text.p[7] != ' ')
        return 0;
    size_t blank = text.p[8] == ' ';
    if (decimal_read((struct str){ text.p + 8 + blank, 2 - blank }, &day) != 2 - blank ||
        decimal_read((struct str){ text.p + 20, 4 }, &year) != 4)
        return 0;
    return date_set(date, year, calendar_month(str_from(text, 4)), day, clock_ms(text.p + 11)) ? WHOLE : 0;
}

/*    0   4    9 11      19
 *    Aug 2014, 21:41:43.760      behind the day, at p; nobody has seen whether an hour of one digit is padded */
size_t calendar_read_plain(struct str text, struct date *date)
{
    uint32_t day, year, ms;
    char padded[STAMP_TEXT] = "0";
    size_t n = decimal_read(str_upto(text, text.n < 2 ? text.n : 2), &day);
    enum { TO_CLOCK = 11 };
    if (n == 0 || text.n < n + TO_CLOCK + 2)
        return 0;
    const char *p = text.p + n;
    size_t blank = p[TO_CLOCK + 1] == ':', rest = TO_CLOCK + STAMP_TEXT - blank;
    if (text.n < n + rest)
        return 0;
    memcpy(padded + blank, p + TO_CLOCK, STAMP_TEXT - blank);
    if (p[0] != ' ' || p[4] != ' ' || decimal_read((struct str){ p + 5, 4 }, &year) != 4 || p[9] != ',' ||
        p[10] != ' ' || padded[8] != '.' || decimal_read((struct str){ padded + 9, 3 }, &ms) != 3)
        return 0;
    int32_t of_day = clock_ms(padded);
    bool good = date_set(date, year, calendar_month((struct str){ p + 1, 3 }), day,
                         of_day < 0 ? -1 : of_day + (int32_t)ms);
    return good ? n + rest : 0;
}
