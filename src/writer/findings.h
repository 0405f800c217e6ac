/* The lower part of a page: the mails, what was refused and what to do about it, what else is worth a look, and what
 * had to be assumed to make sense of the log. */
#ifndef WRITER_FINDINGS_H
#define WRITER_FINDINGS_H

#include "writer/pen.h"
#include "writer/story.h"

/* `story` is sorted, `session` the record of the session. */
void findings_draw(struct pen *pen, const struct story *story, const struct record *session);

#endif
