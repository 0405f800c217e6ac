/* A few values of a record as they stand in its text, JSON Lines or CSV, without parsing more of it than that. */
#ifndef CMD_CELLS_H
#define CMD_CELLS_H

#include "tcplog/str.h"

#include <stdbool.h>
#include <stddef.h>

enum { CELLS_MOST = 2, CELLS_KEY = 40 };

struct cells {
    const char *names[CELLS_MOST];    /* of the fields; NULL: no more */
    char keys[CELLS_MOST][CELLS_KEY]; /* of JSON: what stands in front of their values */
    bool csv;                         /* a header was met */
    bool guarded;                     /* of csv-excel: an apostrophe before a text is none of it */
    size_t columns[CELLS_MOST];       /* of CSV: from 1; 0: it has none */
};

/* Of these fields; NULL: no more. */
void cells_make(struct cells *cells, const char *first, const char *second);
/* The header of an export, before its records. */
void cells_head(struct cells *cells, struct str header);
/* Value number i in its own spelling, without the quotes around it; nothing where the record has none, or it is no text. */
struct str cells_value(const struct cells *cells, struct str record, size_t i);
/* Whether a value of CSV says this text. */
bool cells_says(struct str value, struct str text);

#endif
