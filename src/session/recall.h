/* Reading back: whoever begins in the middle of a folder, or of a log, learns from the sessions before it what they prove of
 * the two clocks. They are only learned from, and nothing is written of them. It owns the memory for that, which most logs
 * never need. */
#ifndef SESSION_RECALL_H
#define SESSION_RECALL_H

#include "session/batch.h"
#include "session/prelude.h"
#include "session/witness.h"

/* An input of the same run, or what of it comes before. */
struct past_file {
    const char *path, *name; /* name: what its records say */
    uint64_t start;          /* where in the run it begins … */
    uint64_t size;           /* … and how much of it comes before */
    bool whole;              /* all of it does */
};

struct past {
    struct past_file files[WITNESSES + 1]; /* oldest first */
    size_t count;
    uint64_t end; /* where in the run the present begins */
};

struct recall;

/* Tells the witnesses of all that began within reach. What cannot be read is left out; false: no memory. *made is made
 * when it is needed first. */
bool recall_read(struct recall **made, const struct past *past, const struct trade *trade,
                 struct witnesses *witnesses);
/* The same of an input that comes only now, and once: it is read to its end, and is the source's to close. */
bool recall_hear(struct recall **made, struct source source, const char *name, const struct trade *trade,
                 struct witnesses *witnesses);
void recall_free(struct recall *recall);

#endif
