/* Conversations for the protocols: rows that are heard line by line, each with what should have been said. It stands in
 * for the dialogue as far as a protocol can see it: which command is open, and which one is awaited. */
#ifndef TALK_H
#define TALK_H

#include "protocol/protocol.h"

struct talk_row {
    char side;        /* 'C' or 'S'; '+': what the utterance before left of its line */
    const char *line; /* a \\ at its end: no line end is in the log; '+': the rest as it should be */
    enum speech speech;
    const char *secret; /* NULL: nothing is; else what should be masked */
    const char *code;   /* NULL: not looked at; else the reply's code, or the command's verb or word */
};

/* The registered protocol of that name. */
const struct protocol *talk_protocol(const char *name);
/* `tokens`: the dialect marks line ends. `opened`: the log shows the connection from its opening on. */
void talk_hear(const struct protocol *protocol, bool tokens, bool opened, const struct talk_row *rows,
               size_t count);
/* The last utterance, for what rows do not hold; and the bytes of payload and its lines. */
extern struct utterance talk_said;
extern uint64_t talk_bytes, talk_lines;

#endif
