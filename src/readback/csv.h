/* Reads CSV (RFC 4180): a header that makes out the kind, then one record a row. */
#ifndef READBACK_CSV_H
#define READBACK_CSV_H

#include "readback/stream.h"
#include "readback/value.h"

#include <csv.h>

/* A parser of exactly RFC 4180, for csv_free to close: an empty cell without quotes is NULL. */
bool csv_parser_open(struct csv_parser *parser);
/* Checks header and rows; *records counts the rows, broken ones included. False: no memory. */
bool csv_check(struct stream *stream, const struct rules *rules, struct problems *problems,
               uint64_t *records);

#endif
