/* The line ends of a piece are counted; only behind it are lines looked at, until one opens a session. */
#include "jobs/cut.h"

#include "dialect/grammar.h"
#include "dialect/recognise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* OPENING_MOST: a longer line is not taken for an opening, though it may be one. */
enum { SCAN_BLOCK = 256 * 1024, OPENING_MOST = 1024 };

/* Bytes of the file at `at`; fewer than asked for: it ends there. */
static size_t read_block(struct cut *cut, uint64_t at)
{
    size_t n = 0;
    while (n < SCAN_BLOCK) {
        ssize_t got = pread(cut->fd, cut->block + n, SCAN_BLOCK - n, (off_t)(at + n));
        if (got < 0 && errno == EINTR)
            continue;
        cut->failed |= got < 0;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    memset(cut->block + n, 0, LINES_PAD);
    return n;
}

struct cut *cut_open(const char *path, const struct zone *zone, bool prints)
{
    struct cut *cut = malloc(sizeof(*cut));
    if (!cut)
        return NULL;
    *cut = (struct cut){ .fd = open(path, O_RDONLY | O_CLOEXEC),
                         .zone = zone,
                         .print = prints ? fingerprint_make() : NULL,
                         .block = malloc(SCAN_BLOCK + LINES_PAD) };
    if (cut->fd >= 0 && cut->block && (cut->print || !prints)) {
        const struct str head = { cut->block, read_block(cut, 0) };
        if (recognise(head) == CONTENT_SESSION_LOG)
            return cut;
    }
    cut_close(cut);
    return NULL;
}

void cut_close(struct cut *cut)
{
    if (cut->fd >= 0)
        close(cut->fd);
    fingerprint_free(cut->print);
    free(cut->block);
    free(cut);
}

static uint64_t count_lines(const char *p, size_t n)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

/* In the hour that comes twice a session's time depends on the one before it (daylight.h). A second's grace, for the
 * milliseconds are not repaired yet. */
static bool is_repeated(const struct cut *cut, struct str text, uint32_t stamp)
{
    enum { GRACE = 1000 };
    struct opening opening = { 0 };
    struct zone_seam seam;
    if (cut->zone->count == 0)
        return false;
    grammar_opening(text, &opening);
    if (!opening.dated)
        return true;
    int64_t wall = (int64_t)opening.date.day * DAY_MS + stamp, apart = (int64_t)stamp - opening.date.ms;
    bool other_day = apart > DAY_MS / 2 || apart < -DAY_MS / 2;
    return other_day ||
           (zone_seam(cut->zone, wall, &seam) && seam.back > 0 && wall + GRACE >= seam.wall - seam.back);
}

/* Whether the line at p, of which n bytes are there, opens a session. */
static bool opens(const struct cut *cut, const char *p, size_t n)
{
    struct stamp_memory memory = { .text = "00:00:00" };
    struct line line = { .p = p };
    struct event event;
    char mark = p[13] == ' ' ? p[14] : p[13];
    /* "--- " and "Connection from": nearly all others are passed here */
    if (p[12] != ':' || (mark != '-' && mark != 'C'))
        return false;
    const char *lf = memchr(p, '\n', n < OPENING_MOST ? n : OPENING_MOST);
    if (!lf)
        return false;
    line.n = (size_t)(lf - p);
    line.n -= line.n > 0 && p[line.n - 1] == '\r';
    grammar_event(&event, &line, &memory);
    return event.class == NAMES_class_opening && !is_repeated(cut, event_payload(&event), event.stamp);
}

/* Looks for an opening behind the first line end from p on and before `stop`; counts the lines before it. */
static const char *find_opening(struct cut *cut, const char *p, const char *stop, const char *end)
{
    while (p < stop && (p = memchr(p, '\n', (size_t)(stop - p))) != NULL) {
        p++;
        cut->lines++;
        if (opens(cut, p, (size_t)(end - p)))
            return p;
    }
    return NULL;
}

/* How much of a block of n bytes belongs to the piece whatever stands there. */
static size_t sure_of(const struct cut *cut, uint64_t least, size_t n)
{
    uint64_t sure = cut->at < least ? least - cut->at : 0;
    return sure < n ? (size_t)sure : n;
}

/* The next n bytes of the block belong to the piece. */
static void pass(struct cut *cut, size_t n)
{
    if (cut->print)
        fingerprint_add(cut->print, (struct str){ cut->block, n });
    cut->at += n;
}

void cut_next(struct cut *cut, struct piece *piece)
{
    const uint64_t least = cut->at + PIECE_BYTES;
    const char *found = NULL, *p = cut->block;
    size_t n;
    *piece = (struct piece){ .from = cut->at, .lines = cut->lines };
    while (!found && (n = read_block(cut, cut->at)) > 0) {
        /* an opening must be in the block to its end, so the last bytes come again */
        size_t take = n == SCAN_BLOCK ? n - OPENING_MOST : n, sure = sure_of(cut, least, take);
        cut->lines += count_lines(p, sure);
        found = find_opening(cut, p + sure, p + take, p + n);
        pass(cut, found ? (size_t)(found - p) : take);
    }
    piece->to = found ? cut->at : UINT64_MAX;
    piece->last = !found;
    if (piece->last && cut->print && !cut->failed)
        fingerprint_tell(cut->print, cut->hash);
}
