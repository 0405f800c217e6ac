/* Characters on a screen: how many columns each takes, and which must not get there. It goes by tables of its own, not
 * by the locale; it knows the scripts that mail is written in, not every corner of Unicode. */
#ifndef BASE_GLYPH_H
#define BASE_GLYPH_H

#include "tcplog/str.h"

#include <stdint.h>

enum { GLYPH_BARRED = -1, GLYPH_UNKNOWN = 0xFFFD };

/* The character at the start of text (which is not empty), and its bytes; GLYPH_UNKNOWN where they are no UTF-8. */
size_t glyph_next(struct str text, uint32_t *glyph);
/* 0, 1 or 2 columns. GLYPH_BARRED: it moves the cursor, starts an escape sequence, or turns the order of the text
 * around: what a log says must not do that. */
int glyph_width(uint32_t glyph);

#endif
