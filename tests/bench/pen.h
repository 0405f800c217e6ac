/* The pen that writes a log: chance, calendar, and stamped lines. All its own, so that no C library's random
 * numbers, time zone or locale changes a byte. Made for generate.c, which alone includes it; it knows neither
 * mail nor sessions. */
#ifndef BENCH_PEN_H
#define BENCH_PEN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
enum { STAMP = 14, LONGEST_TEXT = 1000 };

struct log {
    FILE *file;
    uint64_t seed;        /* state of chance */
    uint64_t bytes;       /* written so far, all files together */
    int64_t now, stamped; /* local time in ms since 1970; the time that `stamp` shows */
    char stamp[STAMP + 1];
    uint32_t phase; /* ms by which the counter of milliseconds is ahead of the clock, with the old library */
    bool small, only_old, old, failed;
    const char *host;
};

static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const weekdays[] = {
    "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"
}; /* 1 January 1970 was a Thursday */

static inline uint64_t next(struct log *log)
{
    uint64_t z = log->seed += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint32_t below(struct log *log, uint32_t limit)
{
    return (uint32_t)((next(log) >> 32) * limit >> 32);
}

static inline bool percent(struct log *log, uint32_t share)
{
    return below(log, 100) < share;
}

/* --- the calendar --------------------------------------------------------------------------------------- */

struct date {
    int year, month, day, hour, minute, second, milli, weekday;
};

static inline struct date date_of(int64_t time)
{
    const int64_t days = time / DAY, rest = time % DAY;
    const int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097; /* years begin in March */
    const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const int64_t month = mp < 10 ? mp + 3 : mp - 9;

    return (struct date){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = (int)month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / HOUR),
        .minute = (int)(rest / MINUTE % 60),
        .second = (int)(rest / SECOND % 60),
        .milli = (int)(rest % SECOND),
        .weekday = (int)(days % 7),
    };
}

/* A banner line: ctime's date with the old library, with the new the day first and with milliseconds. */
static inline size_t banner(const struct log *log, const char *format, char *text, size_t size)
{
    const struct date d = date_of(log->now);
    char date[80];

    if (log->old)
        snprintf(date, sizeof date, "%s %s %02d %02d:%02d:%02d %d", weekdays[d.weekday], months[d.month - 1],
                 d.day, d.hour, d.minute, d.second, d.year);
    else
        snprintf(date, sizeof date, "%d %s %d, %02d:%02d:%02d.%03d", d.day, months[d.month - 1], d.year,
                 d.hour, d.minute, d.second, d.milli);
    return (size_t)snprintf(text, size, format, date);
}

/* --- lines ---------------------------------------------------------------------------------------------- */

static inline void stamp(struct log *log)
{
    const struct date d = date_of(log->now);

    snprintf(log->stamp, sizeof log->stamp, "%02u:%02u:%02u.%03u: ", (unsigned)d.hour % 24,
             (unsigned)d.minute % 60, (unsigned)d.second % 60, ((unsigned)d.milli + log->phase) % 1000);
    log->stamped = log->now;
}

static inline void write_line(struct log *log, const char *arrow, const char *text, size_t length)
{
    char line[STAMP + 3 + LONGEST_TEXT + 2];
    size_t at = STAMP;

    if (log->now != log->stamped)
        stamp(log);
    memcpy(line, log->stamp, STAMP);
    if (*arrow) {
        memcpy(line + at, arrow, 3);
        at += 3;
    }
    memcpy(line + at, text, length);
    memcpy(line + at + length, "\r\n", 2);
    log->bytes += fwrite(line, 1, at + length + 2, log->file);
}

/* Who speaks decides how long it takes: the client a few ms, the server a journey, and each further line of a
 * reply one tick of the logger. */
enum turn { CLIENT, SERVER, FURTHER, REMARK, TURNS };

/* The wait is drawn here and not by the caller: C leaves the order of a call's arguments open, and the bytes
 * must not depend on it. For the same reason no call below has two draws among its arguments. */
static inline void say(struct log *log, enum turn turn, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline void say(struct log *log, enum turn turn, const char *format, ...)
{
    static const struct {
        const char *arrow;
        uint32_t least, spread;
    } turns[TURNS] = { [CLIENT] = { "<< ", 0, 17 },
                       [SERVER] = { ">> ", 20, 130 },
                       [FURTHER] = { ">> ", 0, 17 },
                       [REMARK] = { "", 1, 30 } };
    char text[LONGEST_TEXT];
    va_list arguments;

    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    log->now += turns[turn].least + below(log, turns[turn].spread);
    write_line(log, turns[turn].arrow, text, (size_t)length);
}

/* A line of a body: a fast machine logs several in one tick of its clock. */
static inline void body_line(struct log *log, const char *arrow, const char *text, size_t length)
{
    if (below(log, 10) >= 7)
        log->now += 1 + below(log, 16);
    write_line(log, arrow, text, length);
}

#endif
