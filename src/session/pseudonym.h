/* Pseudonyms: user-3f9c01aa for a name, the same one wherever that name stands, by a key. It owns the key and a cache of
 * the latest ones; it does not look for names. */
#ifndef SESSION_PSEUDONYM_H
#define SESSION_PSEUDONYM_H

#include "base/keyed_hash.h"
#include "tcplog/buf.h"

enum pseudonym_kind {
    PSEUDONYM_USER,
    PSEUDONYM_HOST,
    PSEUDONYM_IP,
    PSEUDONYM_NAME, /* of a person or a place, in a certificate */
    PSEUDONYM_KINDS
};

/* The longest: "user-" and eight digits. */
enum { PSEUDONYM_MOST = 13, PSEUDONYMS_KEPT = 2048, PSEUDONYM_NAME_KEPT = 45 };

struct pseudonyms {
    struct keyed_hash hash;
    struct kept {
        uint8_t kind, length;
        char name[PSEUDONYM_NAME_KEPT], digits[8];
    } * kept; /* PSEUDONYMS_KEPT, each where a quick hash of its name says */
};

bool pseudonyms_make(struct pseudonyms *pseudonyms);
void pseudonyms_free(struct pseudonyms *pseudonyms);
/* Adds the one for this name, whose case does not count. */
void pseudonym_add(struct pseudonyms *pseudonyms, enum pseudonym_kind kind, struct str name, struct buf *out);

#endif
