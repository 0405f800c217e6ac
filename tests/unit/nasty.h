/* Records that are hard to write: quotes, separators, control characters, blanks at the ends, empty and huge texts, a
 * source_file too long to be cached, lists of everything; present and missing fields mixed. Record number i is made
 * from i alone, so that it can be made again for a comparison; its generations change when its values do. */
#ifndef NASTY_H
#define NASTY_H

#include "tcplog/record.h"

enum { NASTY_LONGEST = 70000 }; /* bytes of a text */

struct made {
    struct record record;
    char id[64];
};

/* Once, before any record is made. */
void nasty_begin(void);
void nasty_make(struct made *made, enum kind kind, size_t i);

#endif
