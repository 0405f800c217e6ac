/* The top of a page: which session it is, how it went and why, when it was, who talked, and how that was secured. */
#ifndef WRITER_HEADLINE_H
#define WRITER_HEADLINE_H

#include "writer/pen.h"
#include "writer/story.h"

/* Columns of the labels at the left edge. */
enum { LABEL_WIDTH = 11 };

/* A label at the left edge; what follows is wrapped beside it. */
void headline_label(struct pen *pen, const char *label, enum style style);
/* `story` is sorted, `session` the record of the session. */
void headline_draw(struct pen *pen, const struct story *story, const struct record *session);

#endif
