/* Hashes by XXH3; 64 bits in all tell one session of a run from another. */
#include "sameness.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t sameness_add(uint64_t content, const struct batch *batch)
{
    const struct event *first = &batch->events[0], *last = &batch->events[batch->count - 1];
    return XXH3_64bits_withSeed(first->line, (size_t)(last->line - first->line) + last->length, content);
}

struct mark sameness_begins(const struct session_facts *facts)
{
    return (struct mark){ .beginning = (uint32_t)XXH3_64bits(facts->id, sizeof(facts->id)) };
}

struct mark sameness_ends(const struct session_facts *facts, uint64_t content)
{
    const uint64_t sizes[] = { facts->lines,     facts->client_bytes, facts->server_bytes,
                               facts->exchanges, facts->ended.stamp,  content };
    struct mark mark = sameness_begins(facts);
    mark.end = true;
    mark.stamped = facts->began.stamp != STAMP_NONE;
    mark.content =
        (uint32_t)XXH3_64bits_withSeed(sizes, sizeof(sizes), XXH3_64bits(facts->id, sizeof(facts->id)));
    return mark;
}
