/* Zones by way of the C library: its reading of the zone data is asked once, week by week, for every change of offset
 * between 1970 and 2100; after that a zone is a table of our own. */
#include "base/zone.h"

#include "base/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Two changes within one week would be taken for none or one; no zone has had such since 1970. Most changes are two
 * a year; Morocco's, around Ramadan, are four: 520 until 2100. */
enum { WEEK = 7 * 86400, CHANGES = 1024 };
static const int64_t last_second = (int64_t)4102444800; /* 2100-01-01 */

static int32_t offset_at(int64_t second)
{
    time_t moment = (time_t)second;
    struct tm tm;
    return localtime_r(&moment, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* The first second in (low, high] whose offset is no longer that of `low`. */
static int64_t change_between(int64_t low, int64_t high)
{
    int32_t offset = offset_at(low);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == offset)
            low = middle;
        else
            high = middle;
    }
    return high;
}

/* The table of the zone that the C library is set to. */
static void probe(struct zone *zone)
{
    zone->changes[0] = (struct zone_change){ INT64_MIN, offset_at(0) };
    zone->count = 1;
    for (int64_t at = 0; at < last_second && zone->count < CHANGES; at += WEEK) {
        if (offset_at(at + WEEK) == zone->changes[zone->count - 1].offset)
            continue;
        int64_t from = change_between(at, at + WEEK);
        zone->changes[zone->count++] = (struct zone_change){ from, offset_at(from) };
    }
}

/* The C library takes an unknown name, a folder or any file for UTC without a word: look at the file ourselves. */
static bool is_zone_file(const char *path)
{
    char magic[4] = "";
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    bool good = fread(magic, 1, sizeof(magic), file) == sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
    fclose(file);
    return good;
}

/* Whether the system has data for such a name: nothing outside the folder of zones, nor what a machine calls its
 * own. */
static bool known(const char *name)
{
    char path[512];
    const char *root = getenv("TZDIR");
    /* "localtime" and "posixrules" are what the machine makes of them */
    if (name[0] == '/' || name[0] == '\0' || strstr(name, "..") || strcmp(name, "localtime") == 0 ||
        strcmp(name, "posixrules") == 0)
        return false;
    int n = snprintf(path, sizeof(path), "%s/%s", root ? root : "/usr/share/zoneinfo", name);
    return strcmp(name, "UTC") == 0 || (n > 0 && (size_t)n < sizeof(path) && is_zone_file(path));
}

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

/* The C library knows but one zone at a time, that of TZ. */
static void probe_under(struct zone *zone, const char *name)
{
    const char *before = getenv("TZ");
    char *saved = before ? strdup(before) : NULL;
    setenv("TZ", name, 1);
    tzset();
    probe(zone);
    if (saved)
        setenv("TZ", saved, 1);
    else
        unsetenv("TZ");
    tzset();
    free(saved);
}

bool zone_open(struct zone *zone, const char *name)
{
    int32_t offset;
    bool is_fixed = fixed(name, &offset);
    if (!is_fixed && !known(name))
        return false;
    *zone = (struct zone){ .name = str_of(name), .changes = calloc(CHANGES, sizeof(*zone->changes)) };
    if (!zone->changes)
        return false;
    if (is_fixed)
        zone->changes[zone->count++] = (struct zone_change){ INT64_MIN, offset };
    else
        probe_under(zone, name);
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
