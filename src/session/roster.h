/* The roster: users and hosts that a session has named, so that they are found again where they stand as plain words,
 * in a reply for instance. Of fixed size: those of logins and connections stay, of the rest the latest. */
#ifndef SESSION_ROSTER_H
#define SESSION_ROSTER_H

#include "protocol/parties.h"

/* ROSTER_ASKED: of so many lines a name may still be asked for: the commands that wait for replies, and the batch ahead. Each
 * gives three names or so, for which there is room. */
enum {
    ROSTER_LASTING = 64,
    ROSTER_PASSING = 8192,
    ROSTER_ASKED = 2500,
    ROSTER_NAME_MOST = 255,
    ROSTER_CHAINS = 2048
};

struct roster {
    struct member {
        uint16_t next; /* of those in the same chain; 0: none, else 1 + its index */
        uint8_t kind, length;
        uint32_t since;              /* as `lines` was */
        char name[ROSTER_NAME_MOST]; /* lower case */
    } members[ROSTER_LASTING + ROSTER_PASSING];
    uint16_t first[ROSTER_CHAINS];      /* by name, as `next` */
    uint8_t longest[ROSTER_CHAINS];     /* bytes of the members that begin with a word, by that */
    bool lengths[ROSTER_NAME_MOST + 1]; /* that some member has or had */
    size_t lasting, passing;
    uint32_t seed; /* of the hashes: whoever chooses names shall not know which share a chain; the caller's */
    uint32_t lines;  /* of the session, as far as names were taken from them */
    uint64_t missed; /* that had to go, or may have to, while they may be asked for */
};

void roster_clear(struct roster *roster);
/* A name of a user or a host: as it is, and the parts by which it may be called. */
void roster_add(struct roster *roster, struct party party, bool lasting);
/* The longest name that stands at text[at] as words of its own; its length, 0 if none does. */
size_t roster_match(const struct roster *roster, struct str text, size_t at, enum party_kind *kind);

/* "pop.tern.example:995" without what is no name in it. */
static inline struct str roster_without_port(struct str host)
{
    size_t n = host.n;
    while (n > 0 && (unsigned char)(host.p[n - 1] - '0') < 10)
        n--;
    bool port = n > 1 && n < host.n && host.p[n - 1] == ':' && !memchr(host.p, ':', n - 1);
    return port ? str_upto(host, n - 1) : host;
}

#endif
