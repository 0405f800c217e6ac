/* TZif (RFC 9636): a block of changes, each to a type of local time, with seconds of 32 bits; but for the oldest files the
 * same with 64 bits behind it; and behind that, as a text of POSIX, the rule for the years after the last change.
 *
 *   CET-1CEST,M3.5.0,M10.5.0/3    names, offsets with the sign turned around, last Sundays of March and October */
#include "base/tzif.h"

#include "base/calendar.h"
#include "base/decimal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEADER = 44, COUNTS_AT = 20, TYPE_BYTES = 6, FILE_MOST = 1 << 16 }; /* files have 4 KB at most */
enum { YEAR_FIRST = 1970, YEAR_END = 2100, DAY = 86400, HOUR = 3600, HOURS_MOST = 167 };
static const int64_t last_second = (int64_t)4102444800; /* 2100-01-01 */

struct table {
    struct zone_change *changes;
    size_t count;
};

/* Offsets that follow each other are different; what comes out of turn is nothing that the format knows. */
static void add(struct table *table, int64_t from, int32_t offset)
{
    const struct zone_change *last = &table->changes[table->count - 1];
    if (from <= 0 && table->count == 1)
        table->changes[0].offset = offset;
    else if (from > last->from && from < last_second && offset != last->offset && table->count < TZIF_CHANGES)
        table->changes[table->count++] = (struct zone_change){ from, offset };
}

/* --- blocks --------------------------------------------------------------------------------------------------- */

enum { COUNT_UT, COUNT_STANDARD, COUNT_LEAP, COUNT_CHANGE, COUNT_TYPE, COUNT_LETTER, COUNTS };

struct block {
    size_t width; /* bytes of a second */
    uint64_t counts[COUNTS], bytes;
};

static uint32_t read_word(const char *from)
{
    uint32_t word;
    memcpy(&word, from, sizeof(word));
    return be32toh(word);
}

static int64_t read_second(const char *from, size_t width)
{
    uint64_t high = read_word(from);
    return width == 4 ? (int32_t)high : (int64_t)(high << 32 | read_word(from + 4));
}

static bool read_block(struct str data, size_t width, struct block *block)
{
    uint64_t *counts = block->counts;
    block->width = width;
    if (data.n < HEADER || !str_starts(data, STR("TZif")))
        return false;
    for (size_t i = 0; i < COUNTS; i++)
        counts[i] = read_word(data.p + COUNTS_AT + 4 * i);
    block->bytes = HEADER + counts[COUNT_CHANGE] * (width + 1) + counts[COUNT_TYPE] * TYPE_BYTES +
                   counts[COUNT_LETTER] + counts[COUNT_LEAP] * (width + 4) + counts[COUNT_STANDARD] +
                   counts[COUNT_UT];
    return counts[COUNT_TYPE] > 0 && block->bytes <= data.n;
}

/* Seconds, then the number of the type of each, then the types. Before the first change the first type holds. */
static bool add_changes(struct table *table, struct str data, const struct block *block, int64_t *last)
{
    size_t count = block->counts[COUNT_CHANGE];
    const char *seconds = data.p + HEADER, *numbers = seconds + count * block->width;
    const char *types = numbers + count;
    *last = INT64_MIN;
    add(table, *last, (int32_t)read_word(types));
    for (size_t i = 0; i < count; i++) {
        size_t type = (unsigned char)numbers[i];
        if (type >= block->counts[COUNT_TYPE])
            return false;
        *last = read_second(seconds + i * block->width, block->width);
        add(table, *last, (int32_t)read_word(types + type * TYPE_BYTES));
    }
    return true;
}

/* --- the rule ------------------------------------------------------------------------------------------------- */

/* "M10.5.0/3", "J60", "59". */
struct turn {
    bool weekly, leapless; /* a day of a week of a month; a day of a year that counts no 29th of February */
    uint32_t month, week, day;
    int32_t time;
};

static bool take(struct str *text, char c)
{
    bool there = text->n > 0 && text->p[0] == c;
    *text = str_from(*text, there);
    return there;
}

static bool take_number(struct str *text, uint32_t *number)
{
    size_t digits = decimal_read(*text, number);
    *text = str_from(*text, digits);
    return digits > 0;
}

/* "-9:30", in seconds. */
static bool take_clock(struct str *text, int32_t *seconds)
{
    uint32_t hours, minutes = 0, rest = 0;
    bool minus = take(text, '-');
    if (!minus)
        take(text, '+');
    if (!take_number(text, &hours) || (take(text, ':') && !take_number(text, &minutes)) ||
        (take(text, ':') && !take_number(text, &rest)) || hours > HOURS_MOST || minutes > 59 || rest > 59)
        return false;
    *seconds = (int32_t)(hours * HOUR + minutes * 60 + rest) * (minus ? -1 : 1);
    return true;
}

/* "CET", "<+01>". */
static bool take_name(struct str *text)
{
    size_t n = 0;
    bool marked = take(text, '<');
    while (n < text->n &&
           (marked ? text->p[n] != '>' : ((text->p[n] | 0x20) >= 'a' && (text->p[n] | 0x20) <= 'z')))
        n++;
    *text = str_from(*text, n);
    return n > 0 && (!marked || take(text, '>'));
}

static bool take_turn(struct str *text, struct turn *turn)
{
    *turn = (struct turn){ .time = 2 * HOUR };
    turn->weekly = take(text, 'M');
    if (turn->weekly && (!take_number(text, &turn->month) || !take(text, '.') ||
                         !take_number(text, &turn->week) || !take(text, '.')))
        return false;
    turn->leapless = !turn->weekly && take(text, 'J');
    if (!take_number(text, &turn->day) || turn->day > 365 ||
        (turn->weekly && (turn->month - 1 > 11 || turn->week - 1 > 4 || turn->day > 6)))
        return false;
    return !take(text, '/') || take_clock(text, &turn->time);
}

/* In seconds since 1970 as a wall clock has them. */
static int64_t turn_in(const struct turn *turn, int year)
{
    unsigned month = turn->weekly ? turn->month : 1;
    int32_t first = calendar_day(year, month, 1), day = first + (int32_t)turn->day;
    if (turn->weekly) {
        int32_t weekday = (first + 4) % 7; /* 1970-01-01 was a Thursday */
        int32_t end = calendar_day(year + (month == 12), month % 12 + 1, 1);
        day = first + ((int32_t)turn->day - weekday + 7) % 7 + ((int32_t)turn->week - 1) * 7;
        day -= day < end ? 0 : 7;
    } else if (turn->leapless) {
        day -= turn->day < 60 || !calendar_valid((unsigned)year, 2, 29);
    }
    return (int64_t)day * DAY + turn->time;
}

/* Nothing where the offset stays as it is; false: this is no rule. */
static bool add_rule(struct table *table, struct str text, int64_t after)
{
    int32_t standard, summer;
    struct turn begins, ends;
    if (text.n == 0)
        return true;
    if (!take_name(&text) || !take_clock(&text, &standard))
        return false;
    if (text.n == 0)
        return true;
    summer = standard - HOUR;
    if (!take_name(&text) || (text.n > 0 && text.p[0] != ',' && !take_clock(&text, &summer)) ||
        !take(&text, ',') || !take_turn(&text, &begins) || !take(&text, ',') || !take_turn(&text, &ends) ||
        text.n > 0)
        return false;
    for (int year = YEAR_FIRST; year < YEAR_END; year++) {
        struct zone_change both[] = { { turn_in(&begins, year) + standard, -summer },
                                      { turn_in(&ends, year) + summer, -standard } };
        bool second_first = both[1].from < both[0].from;
        for (int i = 0; i < 2; i++)
            if (both[i ^ second_first].from > after)
                add(table, both[i ^ second_first].from, both[i ^ second_first].offset);
    }
    return true;
}

/* --- the file ------------------------------------------------------------------------------------------------- */

static bool add_all(struct table *table, struct str data)
{
    struct block block = { 0 };
    int64_t last;
    if (!read_block(data, 4, &block))
        return false;
    if (data.p[4] == '\0')
        return add_changes(table, data, &block, &last);
    data = str_from(data, block.bytes);
    if (!read_block(data, 8, &block) || !add_changes(table, data, &block, &last))
        return false;
    struct str rule = str_from(data, block.bytes);
    const char *end = take(&rule, '\n') ? memchr(rule.p, '\n', rule.n) : NULL;
    return end && add_rule(table, str_upto(rule, (size_t)(end - rule.p)), last);
}

/* Answers the bytes read. */
static size_t load(const char *path, char *to, size_t room)
{
    ssize_t got = 1;
    size_t n = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (fd >= 0 && n < room && got > 0) {
        got = read(fd, to + n, room - n);
        n += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0)
        close(fd);
    return got < 0 ? 0 : n;
}

size_t tzif_read(const char *path, struct zone_change *changes)
{
    struct table table = { changes, 1 };
    char *bytes = malloc(FILE_MOST);
    if (!bytes)
        return 0;
    changes[0] = (struct zone_change){ INT64_MIN, 0 };
    bool good = add_all(&table, (struct str){ bytes, load(path, bytes, FILE_MOST) });
    free(bytes);
    errno = good ? errno : ENOENT;
    return good ? table.count : 0;
}
