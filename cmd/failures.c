/* A sorted array: the last one falls out where a worse one comes. */
#include "failures.h"

#include <stdio.h>
#include <string.h>

static void fill(struct failure *failure, const char *path, const struct findings *findings)
{
    size_t n = strlen(path), room = sizeof(failure->path);
    if (n < room)
        memcpy(failure->path, path, n + 1);
    else
        snprintf(failure->path, room, "...%s", path + n - (room - 4));
    failure->finding = findings->count ? findings->each[0] : (struct finding){ .id = "unknown" };
    failure->others = findings->count > 1 ? findings->count - 1 : 0;
}

void failures_add(struct failures *failures, enum failure_rank rank, const char *path,
                  const struct findings *findings)
{
    size_t kept = failures->count < FAILURES_MOST ? (size_t)failures->count : FAILURES_MOST, at = kept;
    failures->count++;
    while (at > 0 && failures->worst[at - 1].rank > rank)
        at--;
    if (at == FAILURES_MOST)
        return;
    if (kept == FAILURES_MOST)
        kept--;
    memmove(&failures->worst[at + 1], &failures->worst[at], (kept - at) * sizeof(*failures->worst));
    failures->worst[at].rank = rank;
    fill(&failures->worst[at], path, findings);
}
