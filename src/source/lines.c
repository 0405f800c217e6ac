/* The slow half of the line reader: filling the block, the last line without an end, lines beyond all reason. */
#include "source/lines.h"

#include <errno.h>
#include <stdlib.h>

bool lines_make(struct lines *lines)
{
    *lines = (struct lines){ .block = calloc(1, LINES_BLOCK + LINES_PAD),
                             .ends.ends = malloc(SCAN_ENDS_ROOM * sizeof(uint16_t)) };
    return lines->block && lines->ends.ends;
}

void lines_free(struct lines *lines)
{
    free(lines->block);
    free(lines->ends.ends);
    *lines = (struct lines){ 0 };
}

void lines_open(struct lines *lines, struct source source)
{
    *lines = (struct lines){ .source = source, .block = lines->block, .ends.ends = lines->ends.ends };
}

void lines_close(struct lines *lines)
{
    lines->source.class->close(&lines->source);
}

struct str lines_ready(const struct lines *lines)
{
    return (struct str){ lines->block + lines->at, lines->end - lines->at };
}

static void read_more(struct lines *lines)
{
    size_t room = LINES_BLOCK - lines->end, n = room < LINES_STEP ? room : LINES_STEP;
    ptrdiff_t got = lines->source.class->read(&lines->source, lines->block + lines->end, n);
    if (got < 0)
        lines->error = errno;
    if (got <= 0)
        lines->exhausted = true;
    else
        lines->end += (size_t)got;
}

/* From where the next line begins on, the ends have to be found anew. */
static void forget_ends(struct lines *lines)
{
    lines->ends.next = lines->ends.count = 0;
    lines->ends.upto = lines->at;
}

bool lines_find(struct lines *lines)
{
    struct line_ends *ends = &lines->ends;
    ends->next = ends->count = 0;
    if (ends->upto <= lines->at) {
        /* no part of a line stands in front of these bytes */
        ends->upto = lines->at;
        ends->all = true;
    }
    while (ends->count == 0 && ends->upto < lines->end) {
        size_t ready = lines->end - ends->upto, n = ready < SCAN_ENDS_MOST ? ready : SCAN_ENDS_MOST;
        bool plain;
        ends->from = ends->upto;
        ends->count = scan_line_ends(lines->block + ends->from, n, ends->ends, &plain);
        ends->plain = ends->all && plain;
        ends->all = ends->count ? plain : ends->plain;
        ends->upto += n;
    }
    return ends->count > 0;
}

void lines_go_back(struct lines *lines, const char *line, uint64_t number)
{
    lines->at = (size_t)(line - lines->block);
    lines->number = number;
    forget_ends(lines);
}

/* Drops the rest of an overlong line; true while more of it may come. */
static bool pass_over(struct lines *lines)
{
    const char *p = lines->block + lines->at;
    const char *lf = memchr(p, '\n', lines->end - lines->at);
    size_t n = lf ? (size_t)(lf - p) + 1 : lines->end - lines->at;
    lines->at += n;
    forget_ends(lines);
    lines->skipped += n;
    lines->passing_over = !lf && !lines->exhausted;
    return lines->passing_over;
}

/* Nothing in front of number `from` of the block is needed any more. */
static void move_to_front(struct lines *lines, size_t from)
{
    memmove(lines->block, lines->block + from, lines->end - from);
    lines->offset += from;
    lines->end -= from;
    lines->at -= from;
    forget_ends(lines);
}

/* At least `least` bytes are ready then, if there are so many. */
static bool refill(struct lines *lines, size_t least)
{
    do {
        if (lines->passing_over)
            pass_over(lines);
        if (lines->end - lines->at < least && !lines->exhausted) {
            move_to_front(lines, lines->at);
            while (lines->end < least && !lines->exhausted)
                read_more(lines);
        }
    } while (lines->passing_over);
    return lines->at < lines->end;
}

bool lines_refill(struct lines *lines)
{
    return refill(lines, LINES_AHEAD);
}

bool lines_begin(struct lines *lines)
{
    return refill(lines, 1);
}

size_t lines_more(struct lines *lines, const char *keep)
{
    size_t from = (size_t)(keep - lines->block), end = lines->end - from;
    move_to_front(lines, from);
    while (lines->end == end && !lines->exhausted)
        read_more(lines);
    return from;
}

bool lines_unended(struct lines *lines, struct line *line)
{
    size_t ready = lines->end - lines->at;
    /* more may come? a line this long would have had its end by now, unless it is overlong or the last */
    if (ready == 0 || lines->passing_over || (ready <= LINES_LONGEST && !lines->exhausted))
        return false;
    *line = (struct line){ .p = lines->block + lines->at, .n = ready, .cut = ready > LINES_LONGEST };
    if (line->cut)
        line->n = LINES_LONGEST;
    lines->passing_over = line->cut;
    lines->at += line->n;
    lines->number++;
    return true;
}
