/* The exchanges under way, in the order of their commands: a ring of fixed size. It finds the one that is asked for, and
 * knows nothing of what makes an exchange complete. */
#ifndef SESSION_QUEUE_H
#define SESSION_QUEUE_H

#include "model/exchange.h"

#include <stdbool.h>

enum { PENDING_MOST = 1024 }; /* hardly anybody pipelines more; beyond it the oldest counts as unanswered */

struct queue {
    struct exchange *ring; /* PENDING_MOST; exchange number n is in ring[(n - base) % PENDING_MOST] */
    uint64_t first, next;  /* numbers of the oldest one kept, and of the one to come */
    uint64_t base;         /* where it is empty, it begins anew at ring[0], which is still in the cache */
};

/* Whether there was memory for it. */
bool queue_make(struct queue *queue);
void queue_free(struct queue *queue);

static inline bool queue_is_empty(const struct queue *queue)
{
    return queue->first == queue->next;
}

/* Most often, where it is not empty. */
static inline bool queue_has_one(const struct queue *queue)
{
    return queue->next - queue->first == 1;
}

static inline bool queue_is_full(const struct queue *queue)
{
    return queue->next - queue->first == PENDING_MOST;
}

static inline struct exchange *queue_at(const struct queue *queue, uint64_t number)
{
    return &queue->ring[(number - queue->base) % PENDING_MOST];
}

/* The place of the one to come, if there is one. */
static inline struct exchange *queue_place(struct queue *queue)
{
    if (queue_is_full(queue))
        return NULL;
    if (queue_is_empty(queue))
        queue->base = queue->next;
    return queue_at(queue, queue->next);
}

/* Waits for a final reply: neither complete, nor one that no command asked for. One branch, for which of them it is nobody can
 * guess. */
static inline bool queue_is_pending(const struct exchange *exchange)
{
    return !(exchange->complete | exchange->greeting | exchange->unsolicited);
}

/* By which a tag finds its like: FNV-1a, never 0 but for none. */
static inline uint64_t queue_tag_key(struct str tag)
{
    uint64_t key = tag.n ? 0xCBF29CE484222325u : 0;
    for (size_t i = 0; i < tag.n; i++)
        key = (key ^ (unsigned char)tag.p[i]) * 0x100000001B3u;
    return key;
}

/* Commands that have no final reply: the oldest, the latest, the oldest with this tag, or with a verb of this kind that has
 * these flags; NULL if there is none. */
struct exchange *queue_oldest_of_many(const struct queue *queue);
struct exchange *queue_newest_of_many(const struct queue *queue);
struct exchange *queue_tagged(const struct queue *queue, struct str tag);
struct exchange *queue_of_kind(const struct queue *queue, unsigned kind, unsigned flags);

/* Most often the one at the end is it, or there is none. */
static inline struct exchange *queue_oldest(const struct queue *queue)
{
    if (queue_is_empty(queue))
        return NULL;
    struct exchange *first = queue_at(queue, queue->first);
    if (queue_is_pending(first))
        return first;
    return queue_has_one(queue) ? NULL : queue_oldest_of_many(queue);
}

static inline struct exchange *queue_newest(const struct queue *queue)
{
    if (queue_is_empty(queue))
        return NULL;
    struct exchange *last = queue_at(queue, queue->next - 1);
    if (queue_is_pending(last))
        return last;
    return queue_has_one(queue) ? NULL : queue_newest_of_many(queue);
}

#endif
