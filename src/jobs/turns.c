/* One lock, two conditions. The caller's wait is cut short now and then, for a signal wakes nobody. */
#include "jobs/turns.h"

#include "base/stop.h"

#include <stdlib.h>
#include <time.h>

/* BLOCKS: of OUTPUT_BLOCK bytes, for each worker; BLOCKS_PACKED: likewise, where what is being compressed takes memory, and
 * time, too; RESERVE: of them for the first unit alone; NEWS: so many are worth the caller's while; BLOCK_LARGEST: larger ones
 * are not kept. */
enum { BLOCKS = 32, BLOCKS_PACKED = 16, RESERVE = 8, NEWS = 24 };
enum { BLOCK_LARGEST = 512 * 1024, MOMENT_NS = 50 * 1000 * 1000 };

static bool make_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return made;
}

bool turns_make(struct turns *turns, unsigned workers, bool packed)
{
    *turns = (struct turns){ .most = (size_t)(packed ? BLOCKS_PACKED : BLOCKS) * workers };
    turns->tail = turns->next = &turns->head;
    return pthread_mutex_init(&turns->lock, NULL) == 0 && make_condition(&turns->work) &&
           make_condition(&turns->news);
}

void turns_free(struct turns *turns)
{
    while (turns->head) {
        struct unit *unit = turns->head;
        turns->head = unit->next;
        unit_free(unit);
    }
    while (turns->spare) {
        struct block *block = turns->spare;
        turns->spare = block->next;
        block_free(block);
    }
    pthread_cond_destroy(&turns->work);
    pthread_cond_destroy(&turns->news);
    pthread_mutex_destroy(&turns->lock);
}

void turns_add(struct turns *turns, struct unit *unit)
{
    pthread_mutex_lock(&turns->lock);
    *turns->tail = unit;
    turns->tail = &unit->next;
    turns->count++;
    pthread_cond_broadcast(&turns->work);
    pthread_mutex_unlock(&turns->lock);
}

static void halt(struct turns *turns, bool end)
{
    pthread_mutex_lock(&turns->lock);
    turns->closing = true;
    if (end)
        turns->straight = false;
    stop_set(&turns->halt);
    pthread_cond_broadcast(&turns->work);
    pthread_mutex_unlock(&turns->lock);
}

void turns_halt(struct turns *turns)
{
    halt(turns, false);
}

void turns_end(struct turns *turns)
{
    halt(turns, true);
}

static void wait_a_moment(struct turns *turns)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += MOMENT_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&turns->news, &turns->lock, &until);
}

enum turn turns_look(struct turns *turns, size_t most, struct unit **first)
{
    enum turn turn = TURN_AGAIN;
    pthread_mutex_lock(&turns->lock);
    struct unit *unit = *first = turns->head;
    if (!unit)
        turn = TURN_REST;
    else if (unit->first && (unit->done || !turns->straight))
        turn = TURN_WRITE;
    else if (unit->done)
        turn = TURN_TELL;
    else if (turns->count <= most)
        turn = TURN_REST;
    else if (stop_is_set(&turns->halt) && !unit->taken)
        turn = TURN_DROP;
    else
        wait_a_moment(turns);
    pthread_mutex_unlock(&turns->lock);
    return turn;
}

struct block *turns_blocks(struct turns *turns, struct unit *unit)
{
    pthread_mutex_lock(&turns->lock);
    struct block *blocks = unit->first;
    unit->first = NULL;
    unit->last = &unit->first;
    pthread_mutex_unlock(&turns->lock);
    return blocks;
}

void turns_written(struct turns *turns, struct block *blocks)
{
    pthread_mutex_lock(&turns->lock);
    while (blocks) {
        struct block *block = blocks;
        blocks = block->next;
        turns->used--;
        if (block->buf.capacity > BLOCK_LARGEST)
            tcplog_buf_free(&block->buf);
        block->next = turns->spare;
        turns->spare = block;
    }
    pthread_cond_broadcast(&turns->work);
    pthread_mutex_unlock(&turns->lock);
}

void turns_pop(struct turns *turns)
{
    pthread_mutex_lock(&turns->lock);
    struct unit *unit = turns->head;
    turns->head = unit->next;
    if (turns->tail == &unit->next)
        turns->tail = &turns->head;
    if (turns->next == &unit->next)
        turns->next = &turns->head;
    turns->count--;
    pthread_cond_broadcast(&turns->work);
    pthread_mutex_unlock(&turns->lock);
    unit_free(unit);
}

/* A log with an export of its own is cut where nobody else could do anything meanwhile: its worker writes what it makes of it
 * without waiting for its turn. What comes out is the same. */
static bool is_worth_a_cut(const struct unit *unit)
{
    return !unit->inputs[0].input.exported_to || unit->cut->taken > 0 || !unit->next;
}

/* A piece is cut off the first unit that is not taken. */
static struct unit *cut(struct turns *turns, struct unit *whole)
{
    struct unit *piece = unit_cut(whole);
    if (piece != whole) {
        piece->next = whole;
        *turns->next = piece;
        turns->count++;
    }
    return piece;
}

struct unit *turns_take(struct turns *turns)
{
    struct unit *unit = NULL;
    pthread_mutex_lock(&turns->lock);
    while (!stop_is_set(&turns->halt) && !turns->closing && !*turns->next)
        pthread_cond_wait(&turns->work, &turns->lock);
    if (!stop_is_set(&turns->halt))
        unit = *turns->next;
    if (unit && unit->uncut && !is_worth_a_cut(unit))
        unit_keep_whole(unit);
    if (unit && unit->uncut)
        unit = cut(turns, unit);
    if (unit) {
        unit->taken = true;
        turns->next = &unit->next;
    }
    pthread_mutex_unlock(&turns->lock);
    return unit;
}

/* A block with memory that may have been used before; NULL: no memory. */
static struct block *find_block(struct turns *turns)
{
    struct block *block = turns->spare;
    if (!block)
        return calloc(1, sizeof(*block));
    turns->spare = block->next;
    block->next = NULL;
    return block;
}

static bool has_room(const struct turns *turns, const struct unit *unit)
{
    return turns->used < turns->most - (unit == turns->head ? 0 : RESERVE);
}

static void swap(struct buf *full, struct buf *empty)
{
    const struct buf kept = *full;
    *full = *empty;
    *empty = kept;
    full->n = 0;
}

static enum hold keep(struct turns *turns, struct unit *unit, struct output *output)
{
    if (stop_is_set(&turns->halt) && unit != turns->head)
        return HOLD_LOST;
    struct block *block = find_block(turns);
    if (!block)
        return HOLD_NO_MEMORY;
    swap(&output->buf, &block->buf);
    swap(&output->roll.entries, &block->entries);
    swap(&output->marks, &block->marks);
    *unit->last = block;
    unit->last = &block->next;
    turns->used++;
    if (unit == turns->head && ++unit->held % NEWS == 0)
        pthread_cond_signal(&turns->news);
    return HOLD_DONE;
}

/* By its worker, which asks. */
static bool is_written(const struct turns *turns, const struct unit *unit)
{
    return turns->straight && unit == turns->head;
}

enum hold turns_hold(struct turns *turns, struct unit *unit, struct output *output)
{
    enum hold hold = HOLD_FIRST;
    pthread_mutex_lock(&turns->lock);
    while (!has_room(turns, unit) && !is_written(turns, unit) && !stop_is_set(&turns->halt)) {
        pthread_cond_signal(&turns->news);
        pthread_cond_wait(&turns->work, &turns->lock);
    }
    if (!is_written(turns, unit))
        hold = keep(turns, unit, output);
    pthread_mutex_unlock(&turns->lock);
    return hold;
}

void turns_await(struct turns *turns, const struct unit *unit)
{
    pthread_mutex_lock(&turns->lock);
    while (unit != turns->head && !stop_is_set(&turns->halt))
        pthread_cond_wait(&turns->work, &turns->lock);
    pthread_mutex_unlock(&turns->lock);
}

void turns_done(struct turns *turns, struct unit *unit)
{
    pthread_mutex_lock(&turns->lock);
    unit->done = true;
    bool first = unit == turns->head;
    pthread_mutex_unlock(&turns->lock);
    /* who is woken with the lock held waits again */
    if (first)
        pthread_cond_signal(&turns->news);
}
