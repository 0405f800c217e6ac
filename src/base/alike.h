/* A word, and the two other ways it may be repeated in: all in small letters, or all in capitals. Who mixes them otherwise
 * says another word. ASCII only, as in ascii.h. */
#ifndef BASE_ALIKE_H
#define BASE_ALIKE_H

#include "tcplog/str.h"

enum { ALIKE_LONGEST = 128 };

struct alike {
    char text[ALIKE_LONGEST];
    size_t n;
    size_t tell; /* the last byte that is another letter than the first one; else the last */
};

/* Text of one byte at least, and ALIKE_LONGEST at most. */
void alike_set(struct alike *word, struct str text);
/* Leaves nothing of it in memory. */
void alike_forget(struct alike *word);
/* Where it first stands in the line from `from` on, in any of the three ways; line.n if nowhere. */
size_t alike_find(const struct alike *word, struct str line, size_t from);

static inline struct str alike_text(const struct alike *word)
{
    return (struct str){ word->text, word->n };
}

#endif
