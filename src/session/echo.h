/* What was masked, for as long as a session lasts: a server that repeats a secret in its reply must be masked there too.
 * Behind a secret more of it may follow, so the rest of the line goes with it. Of a name that was asked for only itself is
 * masked, for behind it stands why it was refused; it is masked at all because people type passwords there.
 * Kept in memory only; no record, hash or message is made of it. */
#ifndef SESSION_ECHO_H
#define SESSION_ECHO_H

#include "base/alike.h"

enum { ECHO_SECRETS = 16, ECHO_LONGEST = ALIKE_LONGEST, ECHO_TELLING = 64, ECHO_BLOCK = 16, ECHO_NAMES = 16 };

struct echo {
    struct {
        struct alike word;
        bool name;
    } secrets[ECHO_SECRETS];
    bool named;   /* some were names */
    size_t count; /* remembered so far; the latest ones are kept */
    /* for a first look at a line: what the secrets begin with, in small letters and each byte as often as there are in a
     * block; and how long the shortest of them is */
    char firsts[ECHO_SECRETS][ECHO_BLOCK], seconds[ECHO_SECRETS][ECHO_BLOCK];
    size_t shortest;
};

void echo_forget(struct echo *echo);
/* A secret of the client, and what it says if it is base64. */
void echo_remember(struct echo *echo, struct str secret);
/* The same of what was said where a name was asked for. What cannot be one is taken for a secret. */
void echo_remember_name(struct echo *echo, struct str name);
/* Where a line of the server begins to repeat one, of either kind; line.n if it does not. */
size_t echo_find(const struct echo *echo, struct str line);
/* From where on a line that repeats something is to be masked to its end; line.n: nowhere. Of names no more than ECHO_NAMES
 * are masked one by one. */
size_t echo_cut(const struct echo *echo, struct str line);
/* The first name that stands in the line as a word of its own, as a view of the line; empty if none does. */
struct str echo_name(const struct echo *echo, struct str line);

/* Goes from one such name to the next: each is looked for from where it stood last, so the line is read but once for it. */
struct echo_walk {
    const struct echo *echo;
    struct str line;
    size_t kept, from, next[ECHO_SECRETS];
};
/* NULL: it repeats none. */
void echo_walk(struct echo_walk *walk, const struct echo *echo, struct str line);
struct str echo_next(struct echo_walk *walk);

#endif
