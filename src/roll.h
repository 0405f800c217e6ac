/* What an index tells of the records in a text that is about to leave: where each ends, its session and its time. It owns
 * these notes until their records leave; where text is cut, and what becomes of the index, is for others. */
#ifndef ROLL_H
#define ROLL_H

#include "model/sequel.h"
#include "tcplog/buf.h"

#include <stdint.h>

struct entry {
    uint32_t end;     /* bytes of the text up to the end of the record */
    uint32_t session; /* what the first eight digits of its session's id say */
    int64_t wall;     /* ms of its local time since 1970; ENTRY_TIMELESS */
    int32_t offset;   /* minutes east of UTC; 0 if unknown */
};

#define ENTRY_TIMELESS INT64_MIN

struct roll {
    struct buf entries; /* of struct entry */
    uint64_t told;      /* records that have left */
    struct buf text;
};

/* The record that ends `end` bytes into the text. */
void roll_note(struct roll *roll, const struct record *record, size_t end);
/* The same of a record that is text already. */
void roll_note_text(struct roll *roll, struct str session, struct str time, size_t end);
/* A record and its sequel, which are the text's bytes from `before` on: each is a line, and has one line feed. */
void roll_note_sequel(struct roll *roll, const struct record *first, const struct sequel *sequel,
                      const struct buf *text, size_t before);
/* The entries of another roll, of a text that is put behind the first `at` bytes of this one. */
void roll_join(struct roll *roll, const struct buf *entries, size_t at);
/* How many bytes the most records have that fit into `most`, or the first one if it does not. There is at least one. */
size_t roll_cut(const struct roll *roll, size_t most);
/* The records that end within the first n bytes leave: tells of them what docs/format.md has of a member in an index,
 * from the number of the first record on. Valid until the next call. */
struct str roll_tell(struct roll *roll, size_t n);
/* What went wrong so far. */
enum tcplog_status roll_status(const struct roll *roll);
void roll_free(struct roll *roll);

#endif
