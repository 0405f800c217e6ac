/* A pen writes text for people into a buffer: in columns, wrapped, coloured where that is wanted. All text goes through
 * it, and none of it can do more to a terminal than take its place there. */
#ifndef WRITER_PEN_H
#define WRITER_PEN_H

#include "tcplog/buf.h"
#include "tcplog/page.h"

/* How text looks: the escape sequences are pen.c's. */
enum style { STYLE_PLAIN, STYLE_STRONG, STYLE_FAINT, STYLE_GOOD, STYLE_BAD, STYLE_DOUBT, STYLE_BAR };

/* What is drawn, not written: one column each. */
enum mark { MARK_RULE, MARK_REFUSED, MARK_ALARM, MARK_FAINT_BAR, MARK_BAR, MARK_COUNT };

struct pen {
    struct buf *out;
    struct tcplog_page page;
    unsigned column; /* of the next character, from 0 */
    unsigned margin; /* where wrapped lines go on */
    enum style style;
};

/* What is written from now on looks like this, where the page has colours. */
void pen_style(struct pen *pen, enum style style);
/* Text as it is, without wrapping; line ends in it are blanks. */
void pen_put(struct pen *pen, struct str text);
/* Exactly `width` columns: padded, or cut with a sign that it was. */
void pen_cell(struct pen *pen, struct str text, unsigned width);
/* The same at the right edge of the columns; what is too long stays whole. */
void pen_right(struct pen *pen, struct str text, unsigned width);
/* Words with a blank before each, but the first of a line; lines that are full go on at the margin. Between the
 * lines of a text stands a stroke. The last column is left for a comma or colon that is put behind a word. */
void pen_words(struct pen *pen, struct str text);
/* The same of what printf would make; for short texts. */
__attribute__((format(printf, 2, 3))) void pen_say(struct pen *pen, const char *format, ...);
/* A mark, so many times. */
void pen_mark(struct pen *pen, enum mark mark, unsigned count);
/* A bar that is this many eighths of a column long, at least one. Answers the columns it took. */
unsigned pen_bar(struct pen *pen, uint64_t eighths);
/* Blanks up to a column. */
void pen_to(struct pen *pen, unsigned column);
/* Blanks at its end are taken back. */
void pen_end_line(struct pen *pen);

#endif
