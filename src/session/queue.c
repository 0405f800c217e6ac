/* The ring of queue.h. Commands that wait are few, and most often the only one: a walk finds them. */
#include "session/queue.h"

#include <stdlib.h>

bool queue_make(struct queue *queue)
{
    *queue = (struct queue){ .ring = calloc(PENDING_MOST, sizeof(*queue->ring)) };
    return queue->ring != NULL;
}

void queue_free(struct queue *queue)
{
    free(queue->ring);
    *queue = (struct queue){ 0 };
}

struct exchange *queue_oldest_of_many(const struct queue *queue)
{
    for (uint64_t i = queue->first; i < queue->next; i++)
        if (queue_is_pending(queue_at(queue, i)))
            return queue_at(queue, i);
    return NULL;
}

struct exchange *queue_newest_of_many(const struct queue *queue)
{
    for (uint64_t i = queue->next; i > queue->first; i--)
        if (queue_is_pending(queue_at(queue, i - 1)))
            return queue_at(queue, i - 1);
    return NULL;
}

struct exchange *queue_tagged(const struct queue *queue, struct str tag)
{
    const uint64_t key = queue_tag_key(tag);
    for (uint64_t i = queue->first; i < queue->next; i++)
        if (queue_is_pending(queue_at(queue, i)) && queue_at(queue, i)->tag_key == key)
            return queue_at(queue, i);
    return NULL;
}

struct exchange *queue_of_kind(const struct queue *queue, unsigned kind, unsigned flags)
{
    for (uint64_t i = queue->first; i < queue->next; i++) {
        struct exchange *exchange = queue_at(queue, i);
        const struct verb *verb = exchange->verb;
        if (queue_is_pending(exchange) && verb && verb->kind == kind && (verb->flags & flags) == flags)
            return exchange;
    }
    return NULL;
}
