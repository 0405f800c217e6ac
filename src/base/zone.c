/* Zones: where the data of one are, and what its table says of a wall clock. */
#include "base/zone.h"

#include "base/decimal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* "+02:00". No place is more than 14 hours away; up to 18 is what other programs take (Java). */
static bool fixed(const char *name, int32_t *offset)
{
    uint32_t hours, minutes;
    if (strlen(name) != 6 || (name[0] != '+' && name[0] != '-') || name[3] != ':' ||
        decimal_read((struct str){ name + 1, 2 }, &hours) != 2 ||
        decimal_read((struct str){ name + 4, 2 }, &minutes) != 2 || hours > 18 || minutes > 59)
        return false;
    *offset = (int32_t)(hours * 3600 + minutes * 60) * (name[0] == '-' ? -1 : 1);
    return true;
}

const char *zone_folder(void)
{
    const char *folder = getenv("TZDIR");
    return folder ? folder : "/usr/share/zoneinfo";
}

enum { ZONE_PATH = 512 };

static bool name_file(char path[ZONE_PATH], const char *name)
{
    int n = snprintf(path, ZONE_PATH, "%s/%s", zone_folder(), name);
    return n > 0 && n < ZONE_PATH;
}

/* Every set of zones has UTC: a machine without is one that has none. */
static bool has_data(void)
{
    char path[ZONE_PATH];
    return (name_file(path, "UTC") && access(path, F_OK) == 0) ||
           (name_file(path, "Etc/UTC") && access(path, F_OK) == 0);
}

/* Only from the folder of zones, and not what the machine calls its own. */
static size_t read_table(const char *name, struct zone_change *changes)
{
    char path[ZONE_PATH];
    bool odd = name[0] == '/' || name[0] == '\0' || strstr(name, "..") || strcmp(name, "localtime") == 0 ||
               strcmp(name, "posixrules") == 0;
    if (odd || !name_file(path, name)) {
        errno = ENOENT;
        return 0;
    }
    size_t count = tzif_read(path, changes);
    if (count == 0 && errno == ENOENT)
        errno = access(path, F_OK) != 0 && !has_data() ? ENODATA : ENOENT;
    return count;
}

bool zone_open(struct zone *zone, const char *name)
{
    int32_t offset = 0;
    bool is_fixed = fixed(name, &offset) || strcmp(name, "UTC") == 0;
    *zone = (struct zone){ .name = str_of(name), .changes = calloc(TZIF_CHANGES, sizeof(*zone->changes)) };
    if (!zone->changes)
        return false;
    zone->changes[0] = (struct zone_change){ INT64_MIN, offset };
    zone->count = is_fixed ? 1 : read_table(name, zone->changes);
    if (zone->count == 0) {
        int error = errno;
        zone_close(zone);
        errno = error;
        return false;
    }
    return true;
}

void zone_close(struct zone *zone)
{
    free(zone->changes);
    *zone = (struct zone){ 0 };
}

char *zone_write(char *to, int32_t offset)
{
    int32_t minutes = (offset < 0 ? -offset : offset) / 60;
    *to++ = offset < 0 ? '-' : '+';
    to = decimal_two(to, (unsigned)minutes / 60);
    *to++ = ':';
    return decimal_two(to, (unsigned)minutes % 60);
}

struct zone zone_fix(struct fixed_zone *memory, int32_t offset)
{
    memory->change = (struct zone_change){ INT64_MIN, offset };
    zone_write(memory->name, offset);
    return (struct zone){ { memory->name, ZONE_TEXT }, &memory->change, 1 };
}

int32_t zone_offset(const struct zone *zone, int64_t local_ms, bool later)
{
    /* rounded down, also before 1970 */
    int64_t local = (local_ms >= 0 ? local_ms : local_ms - 999) / 1000;
    int32_t offset = zone->changes[0].offset;
    for (size_t i = 1; i < zone->count; i++) {
        /* seen from a wall clock a change happens at its second plus an offset: the old one for a clock that jumps
         * ahead or is read for the first time, the new one where the repeated hour is wanted as the second */
        int32_t next = zone->changes[i].offset;
        int64_t wall = zone->changes[i].from + (later && next < offset ? next : offset);
        if (next > offset)
            wall = zone->changes[i].from + next; /* the missing hour still counts as before */
        if (local < wall)
            break;
        offset = next;
    }
    return offset;
}

bool zone_seam(const struct zone *zone, int64_t local_ms, struct zone_seam *seam)
{
    for (size_t i = 1; i < zone->count; i++) {
        int64_t before = zone->changes[i - 1].offset, after = zone->changes[i].offset;
        *seam = (struct zone_seam){ (zone->changes[i].from + before) * 1000, (before - after) * 1000 };
        /* a repeated hour is over, on the clock, where the change came; a skipped one as much later as was skipped */
        if (local_ms < seam->wall || local_ms < seam->wall - seam->back)
            return true;
    }
    return false;
}
