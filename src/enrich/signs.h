/* Signs: what to look for in a reply or in a remark, written as a pattern of alternatives with a bar between them.
 *
 *   450  45x  5xx  NO    the code, an x for any digit; of a numbered error, its number
 *   5.7.1  5.1.x         the enhanced code, .x for any detail
 *   [IN-USE]             the response code
 *   relay access         words anywhere in the text, in any case of letters
 *
 * An empty pattern fits everything. */
#ifndef ENRICH_SIGNS_H
#define ENRICH_SIGNS_H

#include "tcplog/str.h"

/* Bytes of a text that are looked at: a reply of many lines may come to the point in its last one. */
enum { SIGNS_LOOKED_AT = 2048 };

/* What is looked at; any of them may be empty. */
struct spoken {
    struct str code, enhanced;
    struct str text; /* in room, in lower case, its lines as one */
    char room[SIGNS_LOOKED_AT];
};

/* Makes ready what is looked at; code and enhanced stay views, the text is copied. A phrase may be broken over two lines: the
 * end of one, the enhanced code that the next repeats, and blanks in a row are one blank. What it repeats of a mail, as
 * <greylist@b.example>, tells nothing of the reason: words with an @, and what stands in <>, are left blank. */
void signs_look(struct spoken *spoken, struct str code, struct str enhanced, struct str text);
/* The enhanced code that the first line of a text begins with; empty if it does with none. */
struct str signs_enhanced(struct str text);
/* The alternative that a pattern begins with; moves on behind its bar. */
struct str signs_next(const char **pattern);
/* By its shape a sign is a code, a status word, a response code in brackets, or words. */
bool signs_is_words(struct str sign);
/* Whether a sign that is no words fits. */
bool signs_code_fits(struct str sign, const struct spoken *spoken);
/* Whether one of these words, given in lower case with bars between them, stands in the text. */
bool signs_in(const char *words, struct str text);

#endif
