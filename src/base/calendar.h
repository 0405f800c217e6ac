/* Dates and times of day: the proleptic Gregorian calendar as day numbers from 1970-01-01, and the two ways in which
 * the logs write a date. Local wall time throughout; zones are zone.h's. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include "tcplog/str.h"

#include <stdint.h>

/* A day in milliseconds; the bytes that calendar_write and calendar_write_stamp put down. */
enum { DAY_MS = 86400000, DATE_TEXT = 10, STAMP_TEXT = 12 };
enum { DAY_NONE = INT32_MIN };                    /* no date is known */
enum { DAY_FIRST = -719528, DAY_LAST = 2932896 }; /* 0000-01-01 and 9999-12-31: years of four digits */

/* A date and, where the text had one, a time of day in ms (else -1). */
struct date {
    int32_t day;
    int32_t ms;
};

/* Whether the calendar has such a day. */
bool calendar_valid(unsigned year, unsigned month, unsigned day);
/* Days since 1970-01-01, negative before it, of a date that is valid. */
int32_t calendar_day(int year, unsigned month, unsigned day);
/* 1 to 12 by the first three letters, "Aug"; 0: none. */
unsigned calendar_month(struct str text);
/* Writes YYYY-MM-DD of a day from DAY_FIRST to DAY_LAST. */
char *calendar_write(char *to, int32_t day);
/* Writes HH:MM:SS.mmm. */
char *calendar_write_stamp(char *to, uint32_t ms);

/* "Thu Apr 07 03:14:07 2011", day padded with a zero or a space (C's ctime). Answers the bytes read, 0 if none. */
size_t calendar_read_ctime(struct str text, struct date *date);
/* The same for what the new network library writes: "6 Aug 2014, 21:41:43.760", day not padded. */
size_t calendar_read_plain(struct str text, struct date *date);

#endif
