/* A dialogue: hears line after line, and hands out the exchanges that come of them, oldest first. The protocol says what
 * a line means, the talk pairs replies with commands. */
#ifndef SESSION_DIALOGUE_H
#define SESSION_DIALOGUE_H

#include "session/echo.h"
#include "session/talk.h"

struct dialogue {
    const struct protocol *protocol;
    struct hearing hearing;
    struct echo echo;
    struct talk talk;
    struct utterance said; /* the latest */
    bool veil;             /* what veil.h tells of is not to be seen */
    bool asks_name;        /* the server's latest line asked who it is */
};

/* What came of a line. */
struct heard {
    bool secret; /* in these names, or from secret_at on */
    size_t secret_at;
    const struct echo *names; /* that stand in front of that, the first one at named_at; NULL: none does */
    size_t named_at;
    uint64_t exchange; /* its sequence; 0: none */
    size_t excess;     /* bytes that tokens for line ends within it take, more than two each */
};

bool dialogue_make(struct dialogue *dialogue);
void dialogue_free(struct dialogue *dialogue);
void dialogue_begin(struct dialogue *dialogue, const struct protocol *protocol, struct session_facts *facts,
                    struct arena *kept);
/* A line, with so many bytes of line end behind it. *of tells it, its side and its place, and is used up. */
void dialogue_hear(struct dialogue *dialogue, struct hearing_of *of, unsigned end, struct heard *heard);
/* A run of lines that the protocol says are plain text of a payload begins at this moment; answers the sequence of the
 * exchange that it belongs to, 0 if there is none. */
uint64_t dialogue_text_begins(struct dialogue *dialogue, enum side side, const struct moment *moment);
/* Its first line may be two of the payload, in a log with tokens: answers by how many bytes they are fewer than they look. */
size_t dialogue_unfold(struct dialogue *dialogue, enum side side, struct str text);
/* All of it, when it has ended. */
struct text_run {
    enum side side;
    uint64_t lines, bytes, line_end;
    struct moment last;
};
void dialogue_text(struct dialogue *dialogue, const struct text_run *run);

static inline bool dialogue_is_text(const struct dialogue *dialogue, enum side side, struct str line)
{
    const struct hearing *hearing = &dialogue->hearing;
    return hearing->text_of == 1 + side && (line.n == 0 || line.p[0] != hearing->text_mark);
}

/* The client is logging in. */
static inline bool dialogue_is_private(const struct dialogue *dialogue)
{
    return dialogue->hearing.open && dialogue->hearing.open->flags & VERB_AUTHENTICATES;
}

/* Nothing more will come: what is open is unanswered. Closed: the log does not just stop. */
void dialogue_end(struct dialogue *dialogue, bool closed);
/* The oldest exchange, if it is complete; else NULL. Its texts may be views of the line heard last: nobody may come in
 * between. */
static inline const struct exchange *dialogue_ready(const struct dialogue *dialogue)
{
    const struct queue *queue = &dialogue->talk.queue;
    if (queue_is_empty(queue))
        return NULL;
    const struct exchange *oldest = queue_at(queue, queue->first);
    return oldest->complete ? oldest : NULL;
}

/* Forgets it, and its texts. */
void dialogue_pop(struct dialogue *dialogue);

#endif
