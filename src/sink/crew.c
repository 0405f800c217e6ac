/* A ring of members, and the threads that pack them: one less than there are jobs, for the writer packs what they have not
 * begun when it would have to wait for them. So no more threads are at work than were asked for. Each member belongs to one thread at a time, so only `next`, `last`,
 * `over` and the marks of what is ready need the lock:
 *
 *     [first … next): being packed, or ready to be taken out    [next … last): waiting for a thread    else free
 */
#include "sink/crew.h"

#include "tcplog/buf.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { MEMBERS_A_THREAD = 2, THREADS_MOST = 256 };

struct member {
    struct buf text, about, bytes;
    struct packed packed;
    bool ready;
};

struct crew {
    struct packing packing;
    void *state; /* of the writer */
    pthread_mutex_t lock;
    pthread_cond_t work, done; /* there is a member to pack; one is ready */
    size_t first, next, last;  /* they only grow; the place in the ring is the rest modulo its size */
    size_t size;
    struct member *members;
    bool over;
    unsigned threads;
    pthread_t thread[THREADS_MOST];
};

static struct member *member_at(struct crew *crew, size_t i)
{
    return &crew->members[i % crew->size];
}

/* The oldest member that waits; the lock is held, but not while it is packed. */
static void pack_next(struct crew *crew, void *state)
{
    struct member *member = member_at(crew, crew->next++);
    pthread_mutex_unlock(&crew->lock);
    member->packed.bytes = engine_pack(crew->packing.engine, state, buf_str(&member->text), &member->bytes);
    pthread_mutex_lock(&crew->lock);
    member->ready = true;
}

/* A thread without memory answers for its members all the same: they have failed. */
static void *run(void *context)
{
    struct crew *crew = context;
    const struct engine *engine = crew->packing.engine;
    void *state = engine->open(crew->packing.level);
    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (crew->next == crew->last && !crew->over)
            pthread_cond_wait(&crew->work, &crew->lock);
        if (crew->over)
            break;
        pack_next(crew, state);
        pthread_cond_signal(&crew->done);
    }
    pthread_mutex_unlock(&crew->lock);
    if (state)
        engine->close(state);
    return NULL;
}

/* Signals are for the threads that were there before. */
static void start(struct crew *crew)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (crew->threads + 1 < crew->packing.jobs &&
           pthread_create(&crew->thread[crew->threads], NULL, run, crew) == 0)
        crew->threads++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct crew *crew_make(const struct packing *packing, void *state)
{
    struct crew *crew = calloc(1, sizeof(*crew));
    if (!crew)
        return NULL;
    crew->packing = *packing;
    crew->state = state;
    if (crew->packing.jobs > THREADS_MOST)
        crew->packing.jobs = THREADS_MOST;
    crew->size = (size_t)crew->packing.jobs * MEMBERS_A_THREAD;
    crew->members = calloc(crew->size, sizeof(*crew->members));
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->work, NULL);
    pthread_cond_init(&crew->done, NULL);
    if (crew->members)
        start(crew);
    if (crew->threads)
        return crew;
    crew_free(crew);
    return NULL;
}

bool crew_is_full(struct crew *crew)
{
    return crew->last - crew->first == crew->size;
}

/* The text changes hands with its memory, for that of the text before it: a copy would cost as much as a fifth of packing. */
static void swap(struct member *member, struct buf *text, size_t n)
{
    const struct buf full = *text, empty = member->text;
    member->text = (struct buf){ .p = full.p, .n = n, .capacity = full.capacity };
    *text = (struct buf){ .p = empty.p, .capacity = empty.capacity, .status = full.status };
    tcplog_buf_add(text, (struct str){ full.p + n, full.n - n });
}

static bool fill(struct member *member, struct buf *text, size_t n, struct str about)
{
    swap(member, text, n);
    member->ready = false;
    member->about.n = 0;
    tcplog_buf_add(&member->about, about);
    member->packed = (struct packed){ .about = buf_str(&member->about), .text = n };
    return text->status == TCPLOG_OK && member->about.status == TCPLOG_OK;
}

bool crew_add(struct crew *crew, struct buf *text, size_t n, struct str about)
{
    if (!fill(member_at(crew, crew->last), text, n, about))
        return false;
    pthread_mutex_lock(&crew->lock);
    crew->last++;
    pthread_cond_signal(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    return true;
}

const struct packed *crew_next(struct crew *crew, bool wait)
{
    struct member *member = member_at(crew, crew->first);
    if (crew->first == crew->last)
        return NULL;
    pthread_mutex_lock(&crew->lock);
    while (wait && !member->ready)
        if (crew->next < crew->last)
            pack_next(crew, crew->state);
        else
            pthread_cond_wait(&crew->done, &crew->lock);
    bool ready = member->ready;
    pthread_mutex_unlock(&crew->lock);
    if (!ready)
        return NULL;
    crew->first++;
    return &member->packed;
}

void crew_free(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->over = true;
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
    while (crew->threads)
        pthread_join(crew->thread[--crew->threads], NULL);
    for (size_t i = 0; crew->members && i < crew->size; i++) {
        tcplog_buf_free(&crew->members[i].text);
        tcplog_buf_free(&crew->members[i].about);
        tcplog_buf_free(&crew->members[i].bytes);
    }
    pthread_cond_destroy(&crew->done);
    pthread_cond_destroy(&crew->work);
    pthread_mutex_destroy(&crew->lock);
    free(crew->members);
    free(crew);
}
