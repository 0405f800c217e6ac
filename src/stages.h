/* The stages that an input goes through, side by side, and what they have in common while it does. */
#ifndef STAGES_H
#define STAGES_H

#include "output.h"
#include "session/identities.h"
#include "session/recall.h"
#include "session/session.h"
#include "source/members.h"
#include "teller.h"

/* Where in an input a piece of it is: it begins where a session opens, and so does what follows it. */
struct piece {
    uint64_t from;    /* bytes before it */
    uint64_t lines;   /* that stand before it */
    size_t at, ready; /* bytes of it that have been read, and where they stand in the block of the lines */
    bool empty, last;
};

/* What there is to convert. */
struct task {
    const struct named_input *input;
    struct origin origin;
    struct piece piece;      /* zeroed but for `last`: all of it */
    bool is_piece;           /* of a log that is cut */
    struct source *source;   /* all of it, which was opened as this one; NULL: not yet */
    const char *hash;        /* of all of the input, if it ends with this piece; NULL: not known */
    const struct past *past; /* what comes before, where witnesses may be lacking */
};

/* NULL, or called before an export appears: returns when no input before it can end the run any more, or it has ended. */
struct turnstile {
    void (*pass)(void *context);
    void *context;
};

/* Of any kind of record. */
enum { ENRICHERS_MOST = 7 };

struct pipeline {
    struct lines lines;
    struct batch batch;
    struct session session;
    struct output output;
    struct output_options target;            /* of the output; each export is opened with it */
    const struct enricher *const *enrichers; /* NULL-terminated, … */
    /* … and those of them that have to do with a kind of record, likewise */
    const struct enricher *enrichers_of[KIND_COUNT][ENRICHERS_MOST + 1];
    struct identities *identities; /* NULL: they may leave */
    struct turnstile turnstile;
    struct tcplog_options options;
    const struct task *task; /* under way … */
    struct part part;        /* … and what came of it so far */
    struct ledger ledger;    /* what came of those before it and is not told yet */
    struct log_name name;
    uint64_t before;       /* records that left before the session under way */
    uint64_t content;      /* a hash of its bytes so far, if it may have to be left out */
    struct recall *recall; /* NULL: not needed so far */
    bool copied;           /* the zone is another's */
    struct members members;
    struct buf whole;     /* path of what is read: "file", or "file!/member" */
    struct origin inside; /* of the member under way: folders in an archive are runs, too */
    struct buf folder;
    char *found_in[FINDING_COUNT]; /* members that show first what part.found counts */
    struct fingerprint *print;     /* NULL: nobody asks */
};

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade,
                   const struct enricher *const *enrichers);
/* A zeroed one that will do what `model`, which must outlive it, does; it has no output yet. False: no memory. */
bool pipeline_copy(struct pipeline *pipeline, const struct pipeline *model);
void pipeline_free(struct pipeline *pipeline);

#endif
