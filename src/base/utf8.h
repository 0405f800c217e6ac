/* Valid UTF-8 out of any bytes. What is not UTF-8 is read as Latin-1, the likeliest truth in these logs; NUL becomes
 * U+FFFD. The caller keeps the exact bytes beside it where that happened. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "tcplog/buf.h"

/* No byte >= 0x80 and no NUL: can be passed on as it is. Reads nothing past the end. */
bool utf8_plain(struct str text);
/* Valid UTF-8 without NUL: no overlong forms, no surrogates, nothing past U+10FFFF. */
bool utf8_valid(struct str text);
/* Text as valid UTF-8: itself if it is, else decoded into *scratch (overwritten). */
struct str utf8_decode_other(struct str text, struct buf *scratch);
static inline struct str utf8_decode(struct str text, struct buf *scratch)
{
    return utf8_plain(text) ? text : utf8_decode_other(text, scratch);
}

/* The same as a copy in an arena; what no longer fits is cut between two characters. */
struct str utf8_keep_other(struct arena *arena, struct str text);
static inline struct str utf8_keep(struct arena *arena, struct str text)
{
    bool plain = text.n <= arena->capacity - arena->n && utf8_plain(text);
    return plain ? arena_copy(arena, text) : utf8_keep_other(arena, text);
}

#endif
