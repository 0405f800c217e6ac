/* RFC 3339, read from front to back. */
#include "base/timestamp.h"

#include "base/calendar.h"
#include "base/decimal.h"

enum { MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS };

/* A number of so many digits from the front of the text, up to `most`. */
static bool take(struct str *text, size_t digits, uint32_t most, uint32_t *number)
{
    if (text->n < digits || decimal_read(str_upto(*text, digits), number) != digits || *number > most)
        return false;
    *text = str_from(*text, digits);
    return true;
}

static bool skip(struct str *text, char c)
{
    if (text->n == 0 || text->p[0] != c)
        return false;
    *text = str_from(*text, 1);
    return true;
}

static bool take_date(struct str *text, struct timestamp *time)
{
    uint32_t year, month, day;
    if (!take(text, 4, 9999, &year) || !skip(text, '-') || !take(text, 2, 12, &month) || !skip(text, '-') ||
        !take(text, 2, 31, &day) || !calendar_valid(year, month, day))
        return false;
    time->wall = (int64_t)calendar_day((int)year, month, day) * DAY_MS;
    return true;
}

/* ".5", ".507", ".507123": what is finer than a millisecond is passed over. */
static bool take_fraction(struct str *text, struct timestamp *time)
{
    uint32_t digit;
    if (!skip(text, '.'))
        return true;
    if (!take(text, 1, 9, &digit))
        return false;
    int64_t worth = 100;
    do {
        time->wall += digit * worth;
        worth /= 10;
    } while (take(text, 1, 9, &digit));
    return true;
}

/* Hours and minutes; the seconds may be missing. */
static bool take_clock(struct str *text, struct timestamp *time)
{
    uint32_t hour, minute, second = 0;
    if (!take(text, 2, 23, &hour) || !skip(text, ':') || !take(text, 2, 59, &minute))
        return false;
    bool seconds = skip(text, ':');
    if (seconds && !take(text, 2, 60, &second))
        return false;
    time->wall += (int64_t)hour * HOUR_MS + (int64_t)minute * MINUTE_MS + (int64_t)second * 1000;
    return !seconds || take_fraction(text, time);
}

static bool take_zone(struct str *text, struct timestamp *time)
{
    uint32_t hours, minutes;
    time->zoned = text->n > 0;
    if (text->n == 0 || skip(text, 'Z'))
        return true;
    bool west = skip(text, '-');
    if ((!west && !skip(text, '+')) || !take(text, 2, 23, &hours) || !skip(text, ':') ||
        !take(text, 2, 59, &minutes))
        return false;
    time->offset = (int32_t)(hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

bool timestamp_read(struct str text, struct timestamp *time)
{
    *time = (struct timestamp){ 0 };
    if (!take_date(&text, time))
        return false;
    if ((skip(&text, 'T') || skip(&text, ' ')) && !take_clock(&text, time))
        return false;
    return take_zone(&text, time) && text.n == 0;
}

char *timestamp_write(char *to, int64_t wall)
{
    int64_t day = wall >= 0 ? wall / DAY_MS : -((DAY_MS - 1 - wall) / DAY_MS);
    to = calendar_write(to, (int32_t)day);
    *to++ = 'T';
    return calendar_write_stamp(to, (uint32_t)(wall - day * DAY_MS));
}
