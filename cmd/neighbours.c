/* A ring of the latest inputs, which forgets those of the folder before. */
#include "neighbours.h"

#include <string.h>

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool is_there(const struct neighbours *neighbours, const char *path)
{
    size_t n = folder_length(path);
    return strlen(neighbours->folder) == n && memcmp(neighbours->folder, path, n) == 0;
}

void neighbours_note(struct neighbours *neighbours, const char *path, int64_t size, uint64_t since)
{
    size_t n = folder_length(path);
    if (size < 0 || !is_there(neighbours, path))
        neighbours->count = 0;
    memcpy(neighbours->folder, path, n);
    neighbours->folder[n] = '\0';
    if (size >= 0)
        neighbours->ring[neighbours->count++ % NEIGHBOURS] =
            (struct neighbour){ .since = since, .size = (uint64_t)size };
}

/* Goes back from the nearest. */
bool neighbours_agree(const struct neighbours *neighbours, const char *path, uint64_t turn)
{
    uint64_t bytes = 0;
    if (!is_there(neighbours, path))
        return true;
    for (uint64_t i = 1; i <= neighbours->count && bytes < NEIGHBOURS_REACH; i++) {
        const struct neighbour *neighbour = &neighbours->ring[(neighbours->count - i) % NEIGHBOURS];
        if (neighbour->since == 0 || neighbour->since > turn)
            return false;
        bytes += neighbour->size > NEIGHBOURS_FILE ? neighbour->size : NEIGHBOURS_FILE;
    }
    return true;
}
