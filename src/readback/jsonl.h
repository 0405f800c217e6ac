/* Reads JSON Lines: one object a line, of any kind each. */
#ifndef READBACK_JSONL_H
#define READBACK_JSONL_H

#include "readback/stream.h"
#include "readback/value.h"

/* Checks every line; *records counts them, broken ones included. False: no memory. */
bool jsonl_check(struct stream *stream, const struct rules *rules, struct problems *problems,
                 uint64_t *records);

#endif
