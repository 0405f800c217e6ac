/* Open addressing, two thirds full at most; nothing is ever taken out. */
#include "journal_index.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 1024 };

void journal_index_free(struct journal_index *index)
{
    free(index->slots);
    *index = (struct journal_index){ 0 };
}

static struct journal_slot *walk(const struct journal_index *index, size_t i, uint64_t hash)
{
    for (;; i++) {
        struct journal_slot *slot = &index->slots[i & (index->capacity - 1)];
        if (slot->at == 0 || slot->hash == hash)
            return slot;
    }
}

struct journal_slot *journal_index_find(const struct journal_index *index, uint64_t hash,
                                        const struct journal_slot *before)
{
    if (index->capacity == 0)
        return NULL;
    struct journal_slot *slot =
        walk(index, before ? (size_t)(before - index->slots) + 1 : (size_t)hash, hash);
    return slot->at ? slot : NULL;
}

static void put(struct journal_index *index, const struct journal_slot *slot)
{
    size_t i = (size_t)slot->hash;
    while (index->slots[i & (index->capacity - 1)].at)
        i++;
    index->slots[i & (index->capacity - 1)] = *slot;
}

static bool grow(struct journal_index *index)
{
    struct journal_index wider = { .capacity = index->capacity ? 2 * index->capacity : FIRST_CAPACITY,
                                   .count = index->count };
    wider.slots = calloc(wider.capacity, sizeof(*wider.slots));
    if (!wider.slots)
        return false;
    for (size_t i = 0; i < index->capacity; i++)
        if (index->slots[i].at)
            put(&wider, &index->slots[i]);
    free(index->slots);
    *index = wider;
    return true;
}

struct journal_slot *journal_index_add(struct journal_index *index, uint64_t hash, uint64_t at)
{
    if (3 * (index->count + 1) > 2 * index->capacity && !grow(index))
        return NULL;
    struct journal_slot *slot = walk(index, (size_t)hash, hash);
    while (slot->at)
        slot = walk(index, (size_t)(slot - index->slots) + 1, hash);
    *slot = (struct journal_slot){ .hash = hash, .at = at };
    index->count++;
    return slot;
}

void journal_index_unmeet(struct journal_index *index)
{
    for (size_t i = 0; i < index->capacity; i++)
        index->slots[i].met = false;
}
