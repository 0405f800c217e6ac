/* Times as records and people write them (RFC 3339): a date, a time of day, and the zone if it is known. */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include "tcplog/str.h"

#include <stdint.h>

enum { TIMESTAMP_TEXT = 23 };

struct timestamp {
    int64_t wall;   /* ms since 1970-01-01 of the local wall time that is written */
    int32_t offset; /* minutes east of UTC; 0 if no zone is written */
    bool zoned;
};

/* "2014-02-10T21:37:28.507+01:00", from behind cut short anywhere between two numbers. A blank may stand for the T.
 * False: it is no such text. */
bool timestamp_read(struct str text, struct timestamp *time);
/* Writes YYYY-MM-DDTHH:MM:SS.mmm of a wall time in the years 0 to 9999. */
char *timestamp_write(char *to, int64_t wall);

/* ms since 1970-01-01 UTC; of a time without zone, as if it were UTC. */
static inline int64_t timestamp_instant(const struct timestamp *time)
{
    return time->wall - (int64_t)time->offset * 60000;
}

#endif
