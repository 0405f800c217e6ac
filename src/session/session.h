/* A session from its first batch to its end: events in, records out. Pulled: session_feed gives it a batch,
 * session_next a record at a time until the batch is used up. It owns all that is known of the session. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "enrich/enrich.h"
#include "model/sequel.h"
#include "session/assemble.h"
#include "session/batch.h"
#include "session/prelude.h"
#include "session/witness.h"

/* Records of one sequel: few enough to stay in the caches, many enough that its beginning costs nothing. */
enum { FOLLOWERS_MOST = 128 };

enum { JOINED_MOST = 8 * 1024, KEPT_CAPACITY = 256 * 1024 };

/* A line that several records make up. */
struct joined {
    size_t until; /* index of the event behind its last piece; 0: no line is being joined */
    size_t at;    /* where the next piece begins in it */
    struct heard heard;
    char *text; /* JOINED_MOST */
};

struct session {
    /* what it is given */
    const struct trade *trade;
    unsigned kinds;  /* bit set of the kinds that are wanted */
    bool in_sequels; /* a line's record may come with a sequel */
    struct whereabouts where;
    const struct log_name *name;

    struct session_facts facts;
    struct prelude prelude;
    struct chronology chronology;
    struct witnesses witnesses; /* the sessions before it */
    struct dialogue dialogue;
    struct assembler assembler;
    struct arena kept;
    struct joined joined;
    struct text_run run;  /* text that the dialogue has not been told of yet; no lines: none */
    uint64_t run_traffic; /* its bytes as the session counts them */
    uint64_t carrier;     /* the exchange that it belongs to */
    struct sequel sequel; /* of the latest record */
    struct sequel_line followers[FOLLOWERS_MOST];
    char clocks[FOLLOWERS_MOST][STAMP_TEXT]; /* what they tell where it is not what was logged */
    char *scratch;                           /* of the prelude */

    const struct batch *batch;
    size_t index; /* of the next event */
    bool wrapped; /* a stray line now may be the rest of a credential */
    bool open, ending;
    bool shown, told; /* the oldest exchange, the oldest message was handed out and goes next */
    /* what the latest record was made of; both NULL: a line or the session */
    const struct exchange *subject;
    const struct message *message;
};

bool session_make(struct session *session);
void session_free(struct session *session);
/* A session begins with this batch, which is fed next. The one before must have been ended. Between the two, the
 * witnesses may be told of what they lack. */
void session_begin(struct session *session, const struct batch *batch);
void session_feed(struct session *session, const struct batch *batch);
/* Nothing more of this session will come. */
void session_end(struct session *session);
/* The next record, or NULL: feed or end it. Views live until the next call. If session->sequel counts any, it stands for
 * those behind it, too. */
struct record *session_next(struct session *session);

/* The same where what is no talk stands between. */
bool session_is_answered_later(const struct session *session, const struct event *event);
/* Whether the next thing said, behind a line that is talk, is of the other side. */
static inline bool session_is_answered(const struct session *session, const struct event *event)
{
    const struct event *next = event + 1, *end = session->batch->events + session->batch->count;
    if (next == end)
        return false;
    return next->class == NAMES_class_data ? next->arrow != event->arrow
                                           : session_is_answered_later(session, event);
}

/* What of a line that is no talk is secret, in stray.c. */
void stray_mask(struct session *session, const struct event *event, struct heard *heard);

/* The lines of bodies, which are most of a log, in body.c: where the protocol says that they are plain text
 * (hearing.text_of), a run of them is counted, placed and told to the dialogue as one, and none is heard. */
/* Begins a run at the next event, if that is text. */
bool body_begins(struct session *session);
/* Goes past a run that has begun, of which nobody wants the lines. */
void body_pass(struct session *session);
/* The record of the next line of the run under way, and its sequel; NULL: there is none, or no more of it. */
struct record *body_next(struct session *session);

#endif
