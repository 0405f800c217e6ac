/* Reads CSV (RFC 4180): a header that makes out the kind, then one record a row. */
#ifndef READBACK_CSV_H
#define READBACK_CSV_H

#include "readback/stream.h"
#include "readback/value.h"

#include <csv.h>

/* A parser of exactly RFC 4180, for csv_free to close: an empty cell without quotes is NULL. */
bool csv_parser_open(struct csv_parser *parser);
/* Takes the byte order mark from a header: spreadsheets want one (csv-excel), and write one. In a table that has it, an
 * apostrophe may stand before what a cell holds, so that no spreadsheet takes it for a formula. */
bool csv_take_mark(struct str *header);
/* Checks header and rows; *records counts the rows, broken ones included. False: no memory. */
bool csv_check(struct stream *stream, const struct rules *rules, struct problems *problems,
               uint64_t *records);

#endif
