/* Users, addresses and hosts leave no record: the one place where all pass on their way to the writer, when that was
 * asked for. A field of text is covered unless a table says why it is not. It owns copies of records, never changes the
 * assembler's, and the names it knows are forgotten with their session. */
#ifndef SESSION_IDENTITIES_H
#define SESSION_IDENTITIES_H

#include "model/session.h"
#include "session/acquaint.h"
#include "session/pseudonym.h"

enum { FIELD_WORDS = (FIELD_count + 63) / 64 };
enum { IDENTITY_ITEMS = 2 * CAPABILITIES_MOST, IDENTITY_ID = SESSION_ID_TEXT + 32 };

struct identities {
    struct pseudonyms pseudonyms;
    struct acquaint acquaint;
    const struct session_facts *facts; /* of the record at hand */
    enum field_id naming;              /* the field of it whose text names somebody: … */
    struct party named[PARTIES_MOST];  /* … these */
    size_t named_count;
    size_t user_length;          /* of the user that they had, when last looked at, … */
    char user[ROSTER_NAME_MOST]; /* … and as much of it */
    bool fresh;                  /* no record of the session has left yet */
    /* fields as bits: texts of a session, texts of a record, bytes that nobody can search */
    uint64_t shared_fields[FIELD_WORDS], own_fields[FIELD_WORDS], dropped_fields[FIELD_WORDS];
    struct record record; /* the latest one that left */
    /* what a session's records share, made once */
    union value shared[FIELD_count];
    struct buf shared_text;
    struct buf text; /* of the record */
    struct str items[IDENTITY_ITEMS];
    size_t item_count;
    char session_id[SESSION_ID_TEXT], id[IDENTITY_ID];
};

/* Its key is still to be made or read. NULL: no memory. */
struct identities *identities_make(void);
void identities_free(struct identities *identities);
/* A batch that is about to become records, of a session that begins with it or goes on. */
void identities_meet(struct identities *identities, const struct batch *batch, bool begins);
/* The record as it may leave; it lives until the next one is asked for. */
const struct record *identities_hide(struct identities *identities, const struct record *record,
                                     const struct session_facts *facts);
/* Whether there was memory for all texts so far; else some were lost, or are as they were. */
bool identities_are_whole(const struct identities *identities);
/* Names of the session that it could not all remember. */
uint64_t identities_missed(const struct identities *identities);

#endif
