/* Where sessions open in the bytes of a log, and how many lines end before: what is to be known of it before anybody converts
 * it. Nothing is kept. */
#ifndef JOBS_OPENINGS_H
#define JOBS_OPENINGS_H

#include "base/zone.h"

#include <stddef.h>

/* The lines that end in n bytes. */
uint64_t openings_count(const char *p, size_t n);
/* The first line that surely opens a session, whatever came before it, of those behind a line end from p on and before `stop`;
 * NULL: there is none. Adds up the lines that end before it, or before `stop`. It sees no further than to `end`, behind which
 * there is a pad; `zone`: of the stamps. */
const char *openings_find(const struct zone *zone, const char *p, const char *stop, const char *end,
                          uint64_t *lines);

#endif
