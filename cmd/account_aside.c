/* Each with its texts behind it, in one block of memory. */
#include "account_aside.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MOST = 4 << 20 };

struct account_waiting {
    struct account_waiting *next;
    uint64_t after;
    size_t bytes;
    struct account_aside aside;
    char texts[];
};

static size_t room_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *put(char **to, const char *text)
{
    size_t n = room_of(text);
    char *at = *to;
    if (n == 0)
        return NULL;
    memcpy(at, text, n);
    *to += n;
    return at;
}

bool account_asides_keep(struct account_asides *asides, const struct account_aside *aside, uint64_t after)
{
    size_t bytes = sizeof(struct account_waiting) + room_of(aside->path) + room_of(aside->export) +
                   room_of(aside->hash) + room_of(aside->why);
    struct account_waiting *kept = asides->bytes + bytes <= BYTES_MOST ? malloc(bytes) : NULL;
    if (!kept)
        return false;
    char *texts = kept->texts;
    *kept = (struct account_waiting){ .after = after, .bytes = bytes, .aside = *aside };
    kept->aside.path = put(&texts, aside->path);
    kept->aside.export = put(&texts, aside->export);
    kept->aside.hash = put(&texts, aside->hash);
    kept->aside.why = put(&texts, aside->why);
    if (asides->first)
        asides->last->next = kept;
    else
        asides->first = kept;
    asides->last = kept;
    asides->bytes += bytes;
    return true;
}

const struct account_aside *account_asides_due(const struct account_asides *asides, uint64_t told)
{
    return asides->first && asides->first->after <= told ? &asides->first->aside : NULL;
}

void account_asides_drop(struct account_asides *asides)
{
    struct account_waiting *gone = asides->first;
    asides->first = gone->next;
    asides->bytes -= gone->bytes;
    free(gone);
}
