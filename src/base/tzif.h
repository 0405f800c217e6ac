/* The system's zone data, read without the C library: that knows but one zone at a time, the process's, and says of no
 * failure. */
#ifndef BASE_TZIF_H
#define BASE_TZIF_H

#include <stddef.h>
#include <stdint.h>

/* A row of a zone's table. */
struct zone_change {
    int64_t from;   /* UTC seconds from which offset holds */
    int32_t offset; /* seconds east of Greenwich */
};

/* Most changes are two a year; Morocco's, around Ramadan, are four: 520 until 2100. */
enum { TZIF_CHANGES = 1024 };

/* The offset in 1970, as if from ever, and each change from then to 2100, and how many that are: at most TZIF_CHANGES.
 * 0: the file is not there, is no zone data, or (errno is ENOMEM) there is no memory. */
size_t tzif_read(const char *path, struct zone_change *changes);

#endif
