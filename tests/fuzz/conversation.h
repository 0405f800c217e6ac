/* A conversation as logs show it, without stamps: "<< " is the client, anything else the server, and a line ends in
 * <cr><lf> or <lf> where the conversation has such tokens at all. */
#ifndef FUZZ_CONVERSATION_H
#define FUZZ_CONVERSATION_H

#include "input.h"
#include "model/verb.h"

struct conversation {
    struct str rest;
    bool tokens;
    char *alone; /* the line at hand, in memory of its own size: reading past its end is seen */
};

struct saying {
    enum side side;
    struct str line;
    unsigned end; /* bytes of line end */
};

struct conversation conversation_of(struct str bytes);
/* The view lives until the next call; false: nothing more, and nothing is held any longer. */
bool conversation_next(struct conversation *conversation, struct saying *saying);

#endif
