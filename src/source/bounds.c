/* Counters beside limits. */
#include "source/bounds.h"

/* What is always allowed: it harms nobody, and small archives of dull logs compress as bombs do. */
enum { FREE = 16 * 1024 * 1024 };

void bounds_begin(struct bounds *bounds, const struct tcplog_limits *limits)
{
    *bounds = (struct bounds){ .limits = *limits };
    struct tcplog_limits *set = &bounds->limits;
    if (set->ratio == 0)
        set->ratio = TCPLOG_MAX_RATIO;
    if (set->size == 0)
        set->size = TCPLOG_MAX_SIZE;
    if (set->entries == 0)
        set->entries = TCPLOG_MAX_ENTRIES;
    if (set->depth == 0)
        set->depth = TCPLOG_MAX_DEPTH;
    if (set->depth > LAYERS_MOST)
        set->depth = LAYERS_MOST;
}

enum trouble bounds_count(struct bounds *bounds, unsigned depth, uint64_t bytes)
{
    uint64_t made = bounds->made[depth] += bytes;
    if (made > bounds->limits.size)
        return TROUBLE_SIZE;
    return made > FREE && made / bounds->limits.ratio > bounds->read ? TROUBLE_RATIO : TROUBLE_NONE;
}

enum trouble bounds_count_entry(struct bounds *bounds)
{
    return ++bounds->entries > bounds->limits.entries ? TROUBLE_ENTRIES : TROUBLE_NONE;
}
