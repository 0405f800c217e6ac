/* The records of an export one by one, as they stand in it, and what a query wants to know of one. A record of JSON Lines is
 * a line; one of CSV is a row, whose cells may hold line feeds. */
#ifndef READBACK_ROWS_H
#define READBACK_ROWS_H

#include "readback/stream.h"

#include <csv.h>

/* What a query may ask of a record; our values are far shorter than the room for them. */
enum wanted { WANTED_SESSION, WANTED_TIME, WANTED_COUNT };
enum { WANTED_MOST = 64 };

struct excerpt {
    size_t n; /* 0: the record has none, or one that is too long to be ours */
    char text[WANTED_MOST];
};

struct rows {
    struct stream *stream;
    bool csv;
    struct buf row;                      /* of CSV: the one that was put together last */
    struct excerpt values[WANTED_COUNT]; /* of the record that was looked at last */
    bool too_long;                       /* the one met last is, and was not given */
    bool open;                           /* of CSV: a cell of that row is never closed */
    bool broken;                         /* of CSV: a quote stands in it where none may */
    bool known;                          /* it is an export: a header of ours, or a record, was met */
    bool kind_first;                     /* of CSV: rows begin with their kind */
    bool foreign;                        /* of JSON Lines: what is no record is JSON all the same */
    struct csv_parser parser;            /* of CSV, and where it is in a row: */
    size_t column;
    size_t columns[WANTED_COUNT]; /* where they stand, counted from 1; 0: nowhere */
    bool in_header;
    bool garbled; /* a column has a name that is no text */
};

/* At the start of an export; later the stream may be opened elsewhere in it. False: no memory. */
bool rows_open(struct rows *rows, struct stream *stream);
/* The next record with its line end; false: there is no further one. Valid until the next call. Of CSV a CR is one, too, as
 * to libcsv, and a row that a quote has broken ends with its line. */
bool rows_next(struct rows *rows, struct str *row);
/* Of CSV: the row is the header; false: with no column of the schema. */
bool rows_head(struct rows *rows, struct str row);
/* Whether it is a record: of JSON Lines an object to the last byte, with a kind; of CSV a row that begins with one, if the
 * header says so, and none is without a header. Its fields are not looked at. */
bool rows_is_record(struct rows *rows, struct str row);
/* Fills `values`. */
void rows_look(struct rows *rows, struct str row);
void rows_close(struct rows *rows);

#endif
