/* The exchanges under way, with their texts, and what each kind of speech does to them. It never looks into a line
 * itself, that is the protocol's; secrets are masked here, before anything is copied. The handlers are in requests.c (the
 * client's, and payloads) and replies.c (the server's). */
#ifndef SESSION_TALK_H
#define SESSION_TALK_H

#include "base/arena.h"
#include "model/session.h"
#include "protocol/protocol.h"
#include "session/echo.h"
#include "session/messages.h"
#include "session/queue.h"

enum {
    TEXTS_CAPACITY = 512 * 1024,
    REPLY_TEXT_MOST = 16 * 1024, /* a reply's text, joined */
    ARGUMENT_MOST = 4 * 1024,
};

/* What stands for a secret. Its length says nothing of the secret's. */
#define REDACTED "***"

struct talk {
    enum pairing pairing;
    struct queue queue;
    struct exchange *speaking; /* the server is in the middle of a reply to it */
    bool moved; /* a command has come, or is done with, since the protocol was told which ones wait */
    struct moment last_reply;
    struct arena texts; /* of the exchanges; rewound when none is left */
    struct arena *kept; /* texts of the session */
    struct session_facts *facts;
    bool reveal; /* secrets are not to be masked */
    bool
        unread; /* nobody asks for exchanges or mails: of texts only those are kept that a diagnosis may look at */
    uint64_t overflows;
    uint64_t forsaken;            /* commands that had to make room, and whose replies are still to come */
    uint64_t broken, broken_line; /* listings that broke off, and where the first one was asked for */
    struct messages messages;
};

/* Where and when a line stands. */
struct place {
    uint64_t line, line_end, offset;
    struct moment moment;
    struct str stamp;
    bool has_secret; /* a piece of the line begins like a credential, which shows here: */
    size_t secret_at;
};

/* What a handler needs to know of the line at hand. */
struct hearing_of {
    const struct utterance *said;
    const struct place *place;
    struct str line;
    enum side side;
    const struct echo
        *names; /* that the line repeats, first at named_at, and are masked; NULL: it does not */
    size_t named_at;
    const struct echo *repeats; /* of which the line repeats something; NULL: it does not */
};

/* A new exchange that begins here; NULL if there is no room for it. */
struct exchange *talk_open(struct talk *talk, const struct place *place);
/* Nothing more will come of it. */
void talk_finish(struct talk *talk, struct exchange *exchange);
/* The same where the reply says this, though some of it may be masked: what is wrong does not depend on that. */
void talk_finish_heard(struct talk *talk, struct exchange *exchange, struct str text);
/* A copy of text, which stands in the line at hand, or of as much as `most`; what is secret in it is masked first. */
struct str talk_keep_masked(struct talk *talk, const struct hearing_of *of, struct str text, size_t most);
static inline struct str talk_keep(struct talk *talk, const struct hearing_of *of, struct str text,
                                   size_t most)
{
    return of->said->secret || text.n > most ? talk_keep_masked(talk, of, text, most)
                                             : arena_copy(&talk->texts, text);
}
/* The same behind a copy made before, which becomes longer by `most`. */
struct str talk_keep_on(struct talk *talk, const struct hearing_of *of, struct str copy, struct str text,
                        size_t most);

/* Of the line at hand, and what its like will know it by. */
static inline void talk_keep_tag(struct talk *talk, struct exchange *exchange, const struct hearing_of *of)
{
    exchange->tag = talk_keep(talk, of, of->said->tag, ARGUMENT_MOST);
    exchange->tag_key = queue_tag_key(of->said->tag);
}

/* The handlers, one for a kind of speech or for several; each answers the exchange that the line is about, or NULL. */
typedef struct exchange *handler(struct talk *talk, const struct hearing_of *of);
handler hear_request, hear_turn, hear_payload, hear_payload_end;
handler hear_greeting, hear_greeting_part, hear_intermediate, hear_reply_part, hear_reply, hear_reply_opens;
handler hear_data, hear_farewell;

/* A payload of the client belongs to its latest command, one of the server to the reply that it is in. */
struct exchange *talk_carrier(const struct talk *talk, enum side side);
/* A line of its header, while messages.header is open: the Message-ID goes with the command that carries it. */
void talk_header(struct talk *talk, enum side side, struct str line, bool whole);
void talk_carry(struct talk *talk, struct exchange *exchange, enum side side, const struct moment *moment);

#endif
