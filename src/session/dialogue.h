/* Pairing: which reply answers which command (RFC 2920: in order). It owns the exchanges under way and their texts; it
 * never looks into a line itself, that is the protocol's. Secrets are masked here, before anything is copied. */
#ifndef SESSION_DIALOGUE_H
#define SESSION_DIALOGUE_H

#include "base/arena.h"
#include "model/exchange.h"
#include "model/session.h"
#include "protocol/protocol.h"
#include "session/echo.h"

enum {
    PENDING_MOST = 256, /* nobody pipelines more; beyond it the oldest counts as unanswered */
    TEXTS_CAPACITY = 512 * 1024,
    REPLY_TEXT_MOST = 16 * 1024, /* a reply's text, joined */
    ARGUMENT_MOST = 4 * 1024,
};

/* What stands for a secret. Its length says nothing of the secret's. */
#define REDACTED "***"

struct dialogue {
    const struct protocol *protocol;
    struct hearing hearing;
    struct exchange *ring;     /* PENDING_MOST; exchange number n is in ring[n % PENDING_MOST] */
    uint64_t first, next;      /* numbers of the oldest one kept, and of the one to come */
    struct exchange *speaking; /* the server is in the middle of a reply to it */
    struct moment last_reply;
    struct arena texts; /* of the exchanges; rewound when none is left */
    struct arena *kept; /* texts of the session */
    struct session_facts *facts;
    struct echo echo;
    bool reveal; /* secrets are not to be masked */
    bool veil; /* nor is text to be seen in which nobody can find the names: mails, and what may be of one */
    uint64_t overflows;
};

/* Where and when a line stands. */
struct place {
    uint64_t line, line_end, offset;
    struct moment moment;
    struct str stamp;
};

/* What came of a line. */
struct heard {
    bool secret;
    size_t secret_at;
    uint64_t exchange; /* its sequence; 0: none */
};

bool dialogue_make(struct dialogue *dialogue);
void dialogue_free(struct dialogue *dialogue);
void dialogue_begin(struct dialogue *dialogue, const struct protocol *protocol, struct session_facts *facts,
                    struct arena *kept);
void dialogue_hear(struct dialogue *dialogue, enum side side, struct str line, unsigned end,
                   const struct place *place, struct heard *heard);
/* A run of lines that the protocol says are plain text of a payload. */
struct text_run {
    enum side side;
    uint64_t lines, bytes, line_end;
    struct moment first, last; /* of its first and its last line */
};
void dialogue_text(struct dialogue *dialogue, const struct text_run *run);
/* The sequence of the exchange that a payload of this side belongs to; 0 if there is none. */
uint64_t dialogue_carrier(const struct dialogue *dialogue, enum side side);

static inline bool dialogue_is_text(const struct dialogue *dialogue, enum side side, struct str line)
{
    const struct hearing *hearing = &dialogue->hearing;
    return hearing->text_of == 1 + side && (line.n == 0 || line.p[0] != hearing->text_mark);
}

/* Whether a payload of this side may be a mail, and is not to be seen. */
bool dialogue_veils(const struct dialogue *dialogue, enum side side);

/* The client is logging in. */
static inline bool dialogue_is_private(const struct dialogue *dialogue)
{
    return dialogue->hearing.open && dialogue->hearing.open->flags & VERB_AUTHENTICATES;
}

/* Nothing more will come: what is open is unanswered. */
void dialogue_end(struct dialogue *dialogue);
/* The oldest exchange, if it is complete; else NULL. */
static inline const struct exchange *dialogue_ready(const struct dialogue *dialogue)
{
    const struct exchange *oldest = &dialogue->ring[dialogue->first % PENDING_MOST];
    return dialogue->first < dialogue->next && oldest->complete ? oldest : NULL;
}

/* Forgets it, and its texts. */
void dialogue_pop(struct dialogue *dialogue);

#endif
