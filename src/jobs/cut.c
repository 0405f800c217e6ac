/* Where lines end they are counted, 64 bytes at a time; only where a line may open a session it is looked at. */
#include "jobs/cut.h"

#include "dialect/recognise.h"
#include "jobs/openings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* HEAD: how much of a file tells what it is. STEP: so much of a chunk is read at a time; NEXT: and so much where nobody has
 * looked yet. */
enum { HEAD = 256 * 1024, STEP = 64 * 1024, NEXT = 16 * 1024 };
/* What `openings` says besides a place in the file, which is none of these: nobody has looked; there is none. */
enum { NOT_LOOKED = 0, NO_OPENING = 1 };
_Static_assert(CHUNK_BYTES + OPENING_MOST <= LINES_BLOCK, "a chunk is read as a whole");
_Static_assert((int)STEP > (int)OPENING_MOST, "the last bytes of a step wait for the next one");

static uint64_t end_of(const struct cut *cut)
{
    return __atomic_load_n(&cut->end, __ATOMIC_ACQUIRE);
}

/* Whoever could not read says so to all: when the same bytes are read again the error may be gone. */
static void end_at(struct cut *cut, uint64_t at, int error)
{
    pthread_mutex_lock(&cut->lock);
    if (at < cut->end) {
        __atomic_store_n(&cut->error, error, __ATOMIC_RELAXED);
        __atomic_store_n(&cut->end, at, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&cut->lock);
}

/* Up to n bytes of the file at `at`, and a pad; fewer than asked for: it ends there, for all if it cannot be read. */
static size_t read_block(struct cut *cut, char *to, size_t n, uint64_t at)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = pread(cut->fd, to + have, n - have, (off_t)(at + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            end_at(cut, at + have, errno);
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    memset(to + have, 0, LINES_PAD);
    return have;
}

static bool is_log(struct cut *cut)
{
    char *head = malloc(HEAD + LINES_PAD);
    bool is = head && recognise((struct str){ head, read_block(cut, head, HEAD, 0) }) == CONTENT_SESSION_LOG;
    free(head);
    return is;
}

static bool measure(struct cut *cut)
{
    struct stat about;
    if (cut->fd < 0 || fstat(cut->fd, &about) != 0 || about.st_size < CUT_LEAST)
        return false;
    cut->size = cut->end = (uint64_t)about.st_size;
    cut->count = (cut->size + CHUNK_BYTES - 1) / CHUNK_BYTES;
    cut->openings = calloc(cut->count, sizeof(*cut->openings));
    return cut->openings != NULL;
}

struct cut *cut_open(const char *path, const struct zone *zone, bool prints)
{
    struct cut *cut = malloc(sizeof(*cut));
    if (!cut)
        return NULL;
    *cut = (struct cut){ .fd = open(path, O_RDONLY | O_CLOEXEC),
                         .zone = zone,
                         .lock = PTHREAD_MUTEX_INITIALIZER,
                         .news = PTHREAD_COND_INITIALIZER,
                         .print = prints ? fingerprint_make() : NULL };
    if (measure(cut) && (cut->print || !prints) && is_log(cut))
        return cut;
    cut_close(cut);
    return NULL;
}

void cut_close(struct cut *cut)
{
    if (cut->fd >= 0)
        close(cut->fd);
    fingerprint_free(cut->print);
    pthread_cond_destroy(&cut->news);
    pthread_mutex_destroy(&cut->lock);
    free(cut->openings);
    free(cut);
}

/* A chunk that is looked through. Of its bytes only those that are needed stay in the block. */
struct look {
    uint64_t chunk, start; /* where it begins in the file */
    uint64_t own, end;     /* where it ends, and where reading does: an opening is seen whole */
    char *block;
    uint64_t at;       /* where in the file block[0] stands */
    size_t have, seen; /* bytes of the block that were read, and that were looked through */
    size_t from;       /* where in it the piece begins … */
    bool any;          /* … if there is one */
    char last;         /* byte of the chunk */
    uint64_t lines[2]; /* before its piece, and behind */
};

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static struct look begin_look(const struct cut *cut, uint64_t chunk, char *block)
{
    uint64_t start = chunk * CHUNK_BYTES, end = end_of(cut), left = end > start ? end - start : 0;
    return (struct look){ .chunk = chunk,
                          .start = start,
                          .own = start + least(left, CHUNK_BYTES),
                          .end = start + least(left, CHUNK_BYTES + OPENING_MOST),
                          .block = block,
                          .at = start,
                          .any = chunk == 0 };
}

/* Looks through the block up to `stop`. */
static void look_to(const struct cut *cut, struct look *look, size_t stop)
{
    char *block = look->block;
    if (stop > look->seen)
        look->last = block[stop - 1];
    if (!look->any) {
        const char *found =
            openings_find(cut->zone, block + look->seen, block + stop, block + look->have, &look->lines[0]);
        look->any = found != NULL;
        look->from = look->seen = found ? (size_t)(found - block) : stop;
    }
    look->lines[1] += openings_count(block + look->seen, stop - look->seen);
    look->seen = stop;
}

/* What is of no use any more makes room: what comes next is written where the nearest caches have it. */
static void drop(struct look *look)
{
    look->have -= look->seen;
    memmove(look->block, look->block + look->seen, look->have);
    look->at += look->seen;
    look->seen = look->from = 0;
}

/* A step at a time, which is looked through while the nearest caches have it. */
static void look(struct cut *cut, struct look *look)
{
    for (bool more = true; more;) {
        uint64_t at = look->at + look->have, left = look->end - at;
        size_t n = left < STEP ? (size_t)left : STEP, got = read_block(cut, look->block + look->have, n, at);
        look->have += got;
        more = got == n && left > n;
        /* the last bytes wait for what comes, for an opening may begin there */
        size_t stop = more ? look->have - OPENING_MOST : look->have;
        if (stop > look->own - look->at)
            stop = (size_t)(look->own - look->at);
        look_to(cut, look, stop);
        if (more && !look->any && !cut->print)
            drop(look);
    }
    __atomic_store_n(&cut->openings[look->chunk], look->any ? look->at + look->from : NO_OPENING,
                     __ATOMIC_RELEASE);
}

/* When all chunks before it have been counted, it is. */
static void count(struct cut *cut, const struct look *look, struct piece *piece)
{
    pthread_mutex_lock(&cut->lock);
    while (cut->counted < look->chunk)
        pthread_cond_wait(&cut->news, &cut->lock);
    piece->lines = cut->lines + look->lines[0];
    cut->lines += look->lines[0] + look->lines[1];
    if (look->at + look->seen > look->start && look->start < cut->end)
        cut->last_line = cut->lines + (look->last != '\n');
    if (cut->print)
        fingerprint_add(cut->print, (struct str){ look->block, look->seen });
    cut->counted++;
    if (cut->counted == cut->count && cut->print && cut->end == cut->size)
        fingerprint_tell(cut->print, cut->hash);
    pthread_cond_broadcast(&cut->news);
    pthread_mutex_unlock(&cut->lock);
}

void cut_find(struct cut *cut, uint64_t chunk, struct piece *piece, char *block)
{
    struct look found;
    do {
        found = begin_look(cut, chunk, block);
        look(cut, &found);
        count(cut, &found, piece);
        piece->from = found.at + found.from;
        piece->empty = !found.any || piece->from >= end_of(cut);
    } while (piece->empty && piece->last && ++chunk < cut->count);
    piece->at = piece->empty ? 0 : found.from;
    piece->ready = piece->empty ? 0 : found.seen - found.from;
}

/* --- the rest of a piece ------------------------------------------------------------------------------------ */

/* Where nobody has looked yet: reads no further than to an opening. */
static size_t read_and_look(struct source *source, char *to, size_t n)
{
    uint64_t left = source->to - source->at;
    size_t have = read_block(source->cut, to, (size_t)least(left, least(n, NEXT)), source->at);
    /* the last bytes come again, for an opening may begin there */
    size_t take = have < left && have > OPENING_MOST ? have - OPENING_MOST : have;
    uint64_t lines = 0; /* whoever numbers what comes behind counts them */
    const char *found = openings_find(source->cut->zone, to, to + take, to + have, &lines);
    if (!found)
        return take;
    source->to = source->at + (uint64_t)(found - to);
    return (size_t)(found - to);
}

static size_t read_known(struct source *source, char *to, size_t n, uint64_t opening)
{
    uint64_t end = (source->at / CHUNK_BYTES + 1) * CHUNK_BYTES;
    if (opening != NO_OPENING)
        source->to = end = opening;
    end = least(end, source->to);
    if (end <= source->at)
        return 0;
    return read_block(source->cut, to, (size_t)least(end - source->at, n), source->at);
}

/* Something at least, or it ends; no further than to `end`. */
static size_t read_on(struct source *source, char *to, size_t n, uint64_t end)
{
    uint64_t *openings = source->cut->openings;
    uint64_t opening = __atomic_load_n(&openings[source->at / CHUNK_BYTES], __ATOMIC_ACQUIRE);
    size_t most = (size_t)least(end - source->at, n);
    return opening == NOT_LOOKED ? read_and_look(source, to, most) : read_known(source, to, most, opening);
}

static ptrdiff_t piece_read(struct source *source, void *to, size_t n)
{
    struct cut *cut = source->cut;
    uint64_t end = end_of(cut);
    size_t got = source->at < source->to && source->at < end ? read_on(source, to, n, end) : 0;
    source->at += got;
    if (source->tally)
        __atomic_add_fetch(source->tally, got, __ATOMIC_RELAXED);
    if (got > 0 || source->at >= source->to || source->at < end_of(cut))
        return (ptrdiff_t)got;
    errno = __atomic_load_n(&cut->error, __ATOMIC_RELAXED);
    return -1;
}

static void piece_close(struct source *source)
{
    (void)source;
}

static const struct source_class piece_class = {
    .name = "piece",
    .read = piece_read,
    .close = piece_close,
};

void cut_source(struct cut *cut, const struct piece *piece, struct source *source)
{
    uint64_t read = piece->from + piece->ready, end = end_of(cut);
    /* the last one ends at an error without a word: see cut_broke */
    source_open_part(source, cut->fd, read, piece->last ? end : cut->size);
    if (piece->last && read < end)
        return;
    source->class = &piece_class;
    source->cut = cut;
}

bool cut_broke(const struct cut *cut, uint64_t *line)
{
    *line = cut->last_line;
    return end_of(cut) < cut->size;
}
