/* A text without the identities in it: mail addresses, hosts, IP addresses, certificates' subjects, and what the roster
 * knows by name are replaced by pseudonyms; everything else stays as it is. It owns nothing. */
#ifndef SESSION_DISGUISE_H
#define SESSION_DISGUISE_H

#include "session/pseudonym.h"
#include "session/roster.h"

/* What it costs at most: the shortest that is replaced, "@a", becomes "@host-" and eight digits. */
enum { DISGUISE_GROWTH = 14 };

struct disguise {
    struct pseudonyms *pseudonyms;
    const struct roster *roster;
    struct buf *out; /* with room for DISGUISE_GROWTH times the text */
};

/* Adds the text, disguised; `named` are views into it, which name somebody whatever they look like. */
void disguise_text(const struct disguise *disguise, struct str text, const struct party *named, size_t count);
/* The same for a text that is a name and nothing else. */
void disguise_name(const struct disguise *disguise, struct party party);
/* The same for a local part, with the quotes around it: what they mean is the name. */
void disguise_quoted(const struct disguise *disguise, struct str name);

/* The same for the subject of a certificate. */
void disguise_subject(const struct disguise *disguise, struct str text);

#endif
