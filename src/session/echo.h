/* What was masked, for as long as a session lasts: a server that repeats a secret in its reply must be masked there too.
 * Kept in memory only; no record, hash or message is made of it. */
#ifndef SESSION_ECHO_H
#define SESSION_ECHO_H

#include "tcplog/str.h"

enum { ECHO_SECRETS = 8, ECHO_LONGEST = 256, ECHO_BLOCK = 16 };

struct echo {
    struct {
        char text[ECHO_LONGEST];
        size_t n;
    } secrets[ECHO_SECRETS];
    size_t count; /* remembered so far; the latest ones are kept */
    /* for a first look at a line: what the secrets begin with, each byte as often as there are in a block; and how long
     * the shortest of them is */
    char firsts[ECHO_SECRETS][ECHO_BLOCK], seconds[ECHO_SECRETS][ECHO_BLOCK];
    size_t shortest;
};

void echo_forget(struct echo *echo);
/* A secret of the client, and what it says if it is base64. */
void echo_remember(struct echo *echo, struct str secret);
/* Where a line of the server begins to repeat one; line.n if it does not. */
size_t echo_find(const struct echo *echo, struct str line);

#endif
