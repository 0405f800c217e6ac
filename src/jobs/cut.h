/* A large log of many sessions in pieces. A piece begins where a line surely opens a session, whatever came before it: so each
 * can be converted without the others. The file is parted into chunks of equal size, and a piece begins with the first such
 * line whose line end before it stands in its chunk, if there is one; it goes to where the next begins. So pieces need not be
 * found one behind the other: each chunk is read and looked through by whoever converts its piece, and what one has found
 * the others use. But lines are numbered, so a chunk waits until those before it are counted. It owns the file. */
#ifndef JOBS_CUT_H
#define JOBS_CUT_H

#include "base/zone.h"
#include "pipeline.h"

#include <pthread.h>

/* Few enough that a piece stays in the cache of a core; the more, the less is read back for each, and read twice. */
enum { CHUNK_BYTES = 1536 * 1024, CUT_LEAST = 2 * CHUNK_BYTES };

struct cut {
    int fd;
    const struct zone *zone; /* of the stamps */
    uint64_t size;           /* when it was opened: what comes later is another run's */
    uint64_t count, taken;   /* chunks in all, and those that somebody has: the rest is not begun */
    uint64_t *openings;      /* where the piece of each begins; see cut.c */
    uint64_t end;            /* its size, or where reading failed first: nobody reads on there … */
    int error;               /* … and this is the errno */
    pthread_mutex_t lock;    /* of what follows */
    pthread_cond_t news;
    uint64_t counted, lines;           /* chunks whose lines are, and how many they have */
    uint64_t last_line;                /* of those that were read: the number of the last one, whole or not */
    struct fingerprint *print;         /* of these chunks; NULL: nobody asks */
    char hash[FINGERPRINT_DIGITS + 1]; /* of all of them, once they are counted; "": not known */
};

/* `prints`: its hash is asked for. NULL: it is no session log, cannot be read, or there is no memory; it is converted whole, and
 * then says so. */
struct cut *cut_open(const char *path, const struct zone *zone, bool prints);
/* Finds where the piece of a chunk begins; if it is the last one, that of those behind it, too. Every chunk that is taken must be looked for. What
 * of it has been read is in `block`, which has room for LINES_BLOCK bytes and LINES_PAD more. */
void cut_find(struct cut *cut, uint64_t chunk, struct piece *piece, char *block);
/* The rest of it. */
void cut_source(struct cut *cut, const struct piece *piece, struct source *source);
/* When the last piece is done: whether somebody could not read to the end, and the line where that was. A piece that gets there
 * knows, but the bytes may have been read by then, before they could not be read again. */
bool cut_broke(const struct cut *cut, uint64_t *line);
void cut_close(struct cut *cut);

#endif
