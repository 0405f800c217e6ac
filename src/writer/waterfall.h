/* The waterfall: one row an exchange, with a bar that shows when in the session it took how long. Pauses are rows, too,
 * and take no room on the scale, so that what happened between them can be told apart. */
#ifndef WRITER_WATERFALL_H
#define WRITER_WATERFALL_H

#include "writer/pen.h"
#include "writer/story.h"

/* `story` is sorted, `session` the record of the session. */
void waterfall_draw(struct pen *pen, const struct story *story, const struct record *session);
/* "109 ms", "1.25 s", "3 m 05 s", "2 h 05 m" */
enum { SPAN_ROOM = 32 };
void waterfall_span(char to[SPAN_ROOM], int64_t ms);
/* "481 bytes", "12.3 kB" */
void waterfall_size(char to[SPAN_ROOM], int64_t bytes);

#endif
