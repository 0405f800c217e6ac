/* The line ends of a piece are counted; only behind it are lines looked at, until one opens a session. */
#include "jobs/cut.h"

#include "dialect/grammar.h"
#include "dialect/recognise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* HEAD: how much of a file tells what it is. STEP: so much is read at a time to find an opening. */
enum { HEAD = 256 * 1024, STEP = 16 * 1024 };

/* Up to n bytes of the file at `at`; fewer than asked for: it ends there. */
static size_t read_block(struct cut *cut, char *to, size_t n, uint64_t at)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = pread(cut->fd, to + have, n - have, (off_t)(at + have));
        if (got < 0 && errno == EINTR)
            continue;
        cut->failed |= got < 0;
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

struct cut *cut_open(const char *path, const struct zone *zone, bool prints)
{
    struct cut *cut = malloc(sizeof(*cut));
    if (!cut)
        return NULL;
    *cut = (struct cut){ .fd = open(path, O_RDONLY | O_CLOEXEC),
                         .zone = zone,
                         .print = prints ? fingerprint_make() : NULL };
    if (cut->fd >= 0 && (cut->print || !prints) && is_log(cut))
        return cut;
    cut_close(cut);
    return NULL;
}

void cut_close(struct cut *cut)
{
    if (cut->fd >= 0)
        close(cut->fd);
    fingerprint_free(cut->print);
    free(cut);
}

/* In lanes of a byte, which a compiler knows to count together, and before any of them is full. */
static uint64_t count_lines(const char *p, size_t n)
{
    enum { LANES = 64, FULL = 255 };
    uint64_t lines = 0;
    while (n >= LANES) {
        uint8_t lanes[LANES] = { 0 };
        for (int i = 0; i < FULL && n >= LANES; i++, p += LANES, n -= LANES)
            for (int lane = 0; lane < LANES; lane++)
                lanes[lane] = (uint8_t)(lanes[lane] + (p[lane] == '\n'));
        for (int lane = 0; lane < LANES; lane++)
            lines += lanes[lane];
    }
    while (n > 0)
        lines += p[--n] == '\n';
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

static bool opens(const struct cut *cut, const char *p, size_t n)
{
    struct event event;
    return grammar_opens(p, n, &event) && !is_repeated(cut, event_payload(&event), event.stamp);
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

/* The next n bytes belong to the piece. */
static void pass(struct cut *cut, const char *p, size_t n)
{
    if (cut->print)
        fingerprint_add(cut->print, (struct str){ p, n });
    cut->at += n;
}

void cut_next(struct cut *cut, struct piece *piece, char *block)
{
    const char *found = NULL;
    size_t have = read_block(cut, block, PIECE_BYTES, cut->at), n;
    *piece = (struct piece){ .from = cut->at, .lines = cut->lines, .ready = have };
    pass(cut, block, have);
    cut->lines += count_lines(block, have);
    while (!found && (n = read_block(cut, block + have, STEP, cut->at)) > 0) {
        /* an opening must be in the block to its end, so the last bytes come again */
        size_t take = n == STEP ? n - OPENING_MOST : n;
        char *p = block + have;
        found = find_opening(cut, p, p + take, p + n);
        take = found ? (size_t)(found - p) : take;
        pass(cut, p, take);
        /* what is too long to be kept is looked through, and read again */
        if (piece->from + have + take == cut->at && have + take + STEP <= LINES_BLOCK)
            piece->ready = have += take;
    }
    piece->to = found ? cut->at : UINT64_MAX;
    piece->last = !found;
    if (piece->last && cut->print && !cut->failed)
        fingerprint_tell(cut->print, cut->hash);
}
