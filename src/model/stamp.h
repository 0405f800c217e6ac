/* The stamp of a line as it was logged, for as long as an exchange, a mail or a session lives: whoever writes it as the time
 * of a record takes it to be whole. */
#ifndef MODEL_STAMP_H
#define MODEL_STAMP_H

#include "base/calendar.h"

#include <stdint.h>

struct stamp {
    char text[STAMP_TEXT];
    uint32_t n; /* STAMP_TEXT; 0: the line had none */
};

/* `logged`: STAMP_TEXT bytes or none. */
static inline void stamp_keep(struct stamp *stamp, struct str logged)
{
    stamp->n = (uint32_t)logged.n;
    if (logged.n)
        memcpy(stamp->text, logged.p, STAMP_TEXT);
}

static inline struct str stamp_text(const struct stamp *stamp)
{
    return (struct str){ stamp->text, stamp->n };
}

#endif
