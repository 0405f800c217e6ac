/* Writes a roll (roll.h) of records that are text already. */
#ifndef SCRIBE_H
#define SCRIBE_H

#include "readback/rows.h"
#include "roll.h"

struct scribe {
    struct roll roll;
    struct rows rows;
    struct stream stream;
};

/* *scribe is all zero. `header`: what exports of this format begin with. */
bool scribe_open(struct scribe *scribe, struct str header);
/* The records of a text, which begins `at` bytes into the one that the roll is of. False: no memory, or it is not records
 * from its first byte to its last; then the roll is of no use. */
bool scribe_note(struct scribe *scribe, struct str text, size_t at);
void scribe_close(struct scribe *scribe);

#endif
