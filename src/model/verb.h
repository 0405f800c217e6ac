/* A command of a protocol, as far as a dialogue and its enrichers need to know it; and who speaks. */
#ifndef MODEL_VERB_H
#define MODEL_VERB_H

#include "tcplog/record.h"

enum side { SIDE_CLIENT, SIDE_SERVER };

/* What a verb does to the dialogue; the rest of it is known by the protocol alone. */
enum verb_flags {
    VERB_AUTHENTICATES = 1, /* success is a login */
    VERB_TAKES_USER = 2,    /* its argument names the user */
    VERB_SENDS = 4,         /* success with a payload is a mail accepted */
    VERB_FETCHES = 8,       /* success is a mail retrieved */
    VERB_LISTS_CAPABILITIES = 16,
    VERB_STARTS_TLS = 32,
    VERB_ENDS = 64,
    VERB_OPENS_MAIL = 128,       /* begins a mail transaction */
    VERB_NAMES_RECIPIENT = 256,  /* its argument is a recipient */
    VERB_SENDS_PART = 512,       /* carries content, but not the last of it */
    VERB_RESETS = 1024,          /* drops a mail transaction, takes back marks for deletion */
    VERB_PEEKS = 2048,           /* success is a part of a mail retrieved */
    VERB_DELETES = 4096,         /* marks a mail for deletion */
    VERB_SEARCHES = 8192,        /* its argument may hold words of mails */
    VERB_NAMES_USERS = 16384,    /* its replies may name people */
    VERB_OPTIONAL = 32768,       /* servers may do without it, and without saying so */
    VERB_HANDS_OUT = 65536,      /* its replies may hold mails, which are counted where they stand */
    VERB_WAITS = 131072,         /* once it is granted, the client has to end it before a reply is due */
    VERB_SENDS_AT_ONCE = 262144, /* what it sends needs no leave of the server, or is elsewhere */
    VERB_LEAVES_BOX = 524288,    /* numbers of mails before it mean nothing behind it */
    VERB_MOVES = 1048576,        /* what is gone by it is elsewhere */
};

/* A row of a protocol's table of verbs; static, so that two are the same verb where they are the same pointer. */
struct verb {
    struct str name;        /* upper case */
    enum tcplog_name phase; /* NAMES_phase_… */
    unsigned flags;         /* enum verb_flags */
    unsigned kind;          /* the protocol's own: what its replies look like */
};

#endif
