/* A large log of many sessions in pieces. A piece ends where a line surely opens a session, whatever came before it: so
 * each can be converted without the others. It owns the file. Whoever cuts a piece off converts it next, and so keeps what was read
 * of it to find its end: nearly all of it, nearly always. */
#ifndef JOBS_CUT_H
#define JOBS_CUT_H

#include "base/zone.h"
#include "pipeline.h"

/* A piece has at least so many bytes, but for the last. Few enough that it, and most of what becomes of it, stay in the
 * cache of a core. */
enum { PIECE_BYTES = 768 * 1024, CUT_LEAST = 2 * PIECE_BYTES };

struct cut {
    int fd;
    const struct zone *zone;           /* of the stamps */
    uint64_t at, lines;                /* where the next piece begins */
    bool failed;                       /* reading did */
    struct fingerprint *print;         /* of what was passed so far; NULL: nobody asks */
    char hash[FINGERPRINT_DIGITS + 1]; /* of all of it, once the last piece is cut; "": not known */
};

/* `prints`: its hash is asked for. NULL: it is no session log, cannot be read, or there is no memory; it is converted whole, and then says so. */
struct cut *cut_open(const char *path, const struct zone *zone, bool prints);
/* The next piece, which is the last one if piece->last. How it begins is left in `block`, which has room for LINES_BLOCK
 * bytes and LINES_PAD more. */
void cut_next(struct cut *cut, struct piece *piece, char *block);
void cut_close(struct cut *cut);

#endif
