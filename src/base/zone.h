/* A named time zone or a fixed offset: what to add to local wall time to make it an instant.
 * The table is read once from the system's zone data; nothing depends on the machine's own zone. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/tzif.h"
#include "tcplog/str.h"

/* Its table begins with an offset that holds from ever; each change holds until the next. */
struct zone {
    struct str name; /* the caller's; empty: no zone */
    struct zone_change *changes;
    size_t count;
};

/* IANA name (Europe/Amsterdam), "UTC", or ±HH:MM. False: unknown zone, or (errno is ENODATA) this machine has no zones,
 * or (ENOMEM) no memory. `name` must live as long as the zone. */
bool zone_open(struct zone *zone, const char *name);
/* Where they are looked for. */
const char *zone_folder(void);
/* Gives the table back; the zone is then none. */
void zone_close(struct zone *zone);
/* ±HH:MM */
enum { ZONE_TEXT = 6 };
char *zone_write(char *to, int32_t offset);
/* A zone without changes, whose table and name are in *memory; it need not be closed. */
struct fixed_zone {
    struct zone_change change;
    char name[ZONE_TEXT];
};
struct zone zone_fix(struct fixed_zone *memory, int32_t offset);
/* Offset in seconds for a local wall time. In the hour that comes twice: the first one unless `later`; in the hour
 * that does not exist: the offset before the change. */
int32_t zone_offset(const struct zone *zone, int64_t local_ms, bool later);

/* A change of offset as a wall clock shows it. */
struct zone_seam {
    int64_t wall; /* when it happens, in ms, told by the offset before it */
    int64_t back; /* by how many ms the clock is put back then; negative: ahead */
};

/* The first change whose repeated or skipped hour is not over at a local wall time; false: there is none. */
bool zone_seam(const struct zone *zone, int64_t local_ms, struct zone_seam *seam);

#endif
