/* Bytes → lines, as views into one block. All views die at the next lines_refill or lines_begin, none before; lines_more moves
 * them.
 *
 *   block  |--handed out--|--------- ready ---------|--free--|pad|
 *          0              at                        end      LINES_BLOCK
 *
 * After lines_refill either LINES_AHEAD bytes are ready, or the source has no more: whoever looks ahead by less than
 * that sees the same however the source delivers its bytes. So does whoever asks for more as often as there is none.
 * The ends of many lines are found at once, for lines_next and for whoever takes many lines that are alike. */
#ifndef SOURCE_LINES_H
#define SOURCE_LINES_H

#include "base/scan.h"
#include "source/source.h"

enum {
    LINES_LONGEST =
        64 * 1024, /* a record holds 1000 bytes of traffic, 4 KB with tokens: far more than enough */
    LINES_AHEAD = 144 * 1024, /* a session's first 64 KiB with its line ends, and one longest line */
    LINES_BLOCK = 2 * 1024 * 1024,
    LINES_STEP = 256 * 1024, /* so much is read at a time: what was read stays in the caches */
    LINES_PAD = 64,          /* so that a stamp may be loaded in whole words at the very end */
};

/* Those of the lines that come next, while there are any: in the bytes from number `from` of the block up to `upto`. */
struct line_ends {
    uint16_t *ends; /* SCAN_ENDS_ROOM; counted from `from` on */
    size_t from, upto, next, count;
    bool plain; /* the lines that end here are known to be ASCII without NUL */
    bool all;   /* these bytes are */
};

struct lines {
    struct source source;
    char *block;
    size_t at, end;
    struct line_ends ends;
    uint64_t offset;  /* of block[0] in the source */
    uint64_t number;  /* of the line handed out last */
    uint64_t skipped; /* bytes of overlong lines that were passed over */
    bool exhausted;
    bool passing_over; /* the rest of an overlong line comes next */
    int error;         /* errno of a failed read; what was read before it is still handed out */
};

struct line {
    const char *p;
    size_t n;    /* without its end */
    uint8_t end; /* bytes of line end: 0, 1 (LF), 2 (CRLF) */
    bool cut;    /* longer than LINES_LONGEST: the rest is passed over */
};

bool lines_make(struct lines *lines);
void lines_free(struct lines *lines);
/* Takes the source over; lines_close closes it. */
void lines_open(struct lines *lines, struct source source);
void lines_close(struct lines *lines);
/* Moves what is ready to the front and reads on. False: nothing left at all. */
bool lines_refill(struct lines *lines);
/* The same for whoever looks no farther ahead than lines_next does. */
bool lines_begin(struct lines *lines);
/* More bytes behind those that are ready, unless the source has no more. All that begins at `keep` moves to the front of the block;
 * answers by how much. */
size_t lines_more(struct lines *lines, const char *keep);
/* The bytes that are ready, for bids on content. */
struct str lines_ready(const struct lines *lines);
/* The slow end of lines_next: no line end in what is ready. */
bool lines_unended(struct lines *lines, struct line *line);
/* When all ends are used up: finds more of them. False: there is none in what is ready. */
bool lines_find(struct lines *lines);
/* Goes on at a line that was handed out. */
void lines_go_back(struct lines *lines, const char *line, uint64_t number);

static inline const char *lines_next_end(const struct lines *lines)
{
    return lines->block + lines->ends.from + lines->ends.ends[lines->ends.next];
}

/* The next line of those that are ready; false: call lines_refill (or the end). After a line that was cut, too,
 * lines_refill comes next: it passes over the rest. */
static inline bool lines_next(struct lines *lines, struct line *line)
{
    const char *p = lines->block + lines->at;
    if (lines->ends.next == lines->ends.count && !lines_find(lines))
        return lines_unended(lines, line);
    size_t n = (size_t)(lines_next_end(lines) - p);
    /* a CR is no part of it */
    if (n > LINES_LONGEST && (n > LINES_LONGEST + 1 || p[n - 1] != '\r'))
        return lines_unended(lines, line);
    line->p = p;
    lines->ends.next++;
    lines->at += n + 1;
    lines->number++;
    line->end = 1;
    line->cut = false;
    if (n && p[n - 1] == '\r') {
        n--;
        line->end = 2;
    }
    line->n = n;
    return true;
}

/* Takes the latest line back; it comes again. */
static inline void lines_unread(struct lines *lines, const struct line *line)
{
    lines->at -= line->n + line->end;
    lines->ends.next -= line->end > 0;
    lines->number--;
    lines->passing_over = false;
}

#endif
