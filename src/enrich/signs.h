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

#include <stdint.h>

/* Bytes of a text that are looked at: servers come to the point before that. */
enum { SIGNS_LOOKED_AT = 512 };

/* What is looked at; any of them may be empty. */
struct spoken {
    struct str code, enhanced;
    struct str text; /* in room, in lower case */
    char room[SIGNS_LOOKED_AT];
    /* of letters in the text, a bit each by their hash: most words are ruled out by their first two or last two */
    uint64_t pairs[16];
};

/* Makes ready what is looked at; code and enhanced stay views, the text is copied. */
void signs_look(struct spoken *spoken, struct str code, struct str enhanced, struct str text);
/* Whether any alternative of the pattern fits. */
bool signs_fit(const char *pattern, const struct spoken *spoken);
/* Whether one of these words, given in lower case with bars between them, stands in the text. */
bool signs_in(const char *words, struct str text);

#endif
