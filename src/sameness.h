/* What makes two sessions the same: how they begin (opening, the stamps of the first 64 KiB, greeting: that is the id),
 * when they end, how many lines, bytes and exchanges they have; and their bytes, where these are read. */
#ifndef SAMENESS_H
#define SAMENESS_H

#include "model/session.h"
#include "output.h"
#include "session/batch.h"

/* A hash of bytes, `content`, with those of one batch more. */
uint64_t sameness_add(uint64_t content, const struct batch *batch);
/* The mark for where the session begins … */
struct mark sameness_begins(const struct session_facts *facts);
/* … and for where it has ended; `content` is 0 where bytes are not read. */
struct mark sameness_ends(const struct session_facts *facts, uint64_t content);

#endif
