/* A ring of the latest inputs that are, or may be, logs with sessions. */
#include "neighbours.h"

#include <stdio.h>
#include <string.h>

void neighbours_note(struct neighbours *neighbours, const char *path, int64_t size, uint64_t turn,
                     uint64_t sessions)
{
    struct neighbour *neighbour = &neighbours->ring[neighbours->count++ % NEIGHBOURS];
    neighbour->size = size;
    neighbour->turn = turn;
    neighbour->sessions = sessions;
    snprintf(neighbour->path, sizeof(neighbour->path), "%s", path);
}

static bool same_folder(const char *a, const char *b)
{
    const char *end_a = strrchr(a, '/'), *end_b = strrchr(b, '/');
    size_t n = end_a ? (size_t)(end_a - a) : 0;
    return !end_a == !end_b && n == (end_b ? (size_t)(end_b - b) : 0) && memcmp(a, b, n) == 0;
}

/* Goes back from the nearest. One of another folder ends the way, as witnesses of other folders are forgotten; but not
 * before it is known to be a log. */
bool neighbours_agree(const struct neighbours *neighbours, const char *path, uint64_t turn)
{
    uint64_t most = neighbours->count < NEIGHBOURS ? neighbours->count : NEIGHBOURS, sessions = 0;
    int64_t bytes = 0;
    for (uint64_t i = 1; i <= most && sessions < NEIGHBOURS && bytes < NEIGHBOURS_BYTES; i++) {
        const struct neighbour *neighbour = &neighbours->ring[(neighbours->count - i) % NEIGHBOURS];
        bool near = same_folder(neighbour->path, path);
        if (near && (neighbour->turn == 0 || neighbour->turn > turn))
            return false;
        if (!near && neighbour->turn > 0)
            return true;
        sessions += near ? neighbour->sessions : 0;
        bytes += near ? neighbour->size : 0;
    }
    return true;
}
