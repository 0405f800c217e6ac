/* Whether a line is a record as ours are written: far faster than a parser, which has to make a tree. */
#ifndef READBACK_FLAT_H
#define READBACK_FLAT_H

#include "tcplog/str.h"

/* A JSON object, to the last byte, that begins with its kind and holds texts, numbers, flags and lists of texts without blanks
 * between. False: a parser may still find one that is written in another way. */
bool flat_is_record(struct str line);

#endif
