/* One file → the logs in it, however they are packed: a stack of layers, of which the topmost hands out its members.
 *
 *   file ─► gunzip ─► tar ─► gunzip ─► log         members_enter adds a layer, on what is being read;
 *           layer 0   1      2                     members_next goes on in the topmost, and takes those away that are at
 *                                                  their end
 * Nothing is written to disk, and no name of a member is ever used as a path. */
#ifndef SOURCE_MEMBERS_H
#define SOURCE_MEMBERS_H

#include "source/bounds.h"
#include "source/layer.h"

enum { MEMBER_NAME = 4096, MEMBER_HINT = 64 };
/* What stands between an archive and what is in it. */
#define MEMBER_STEP STR("!/")

/* A kind of trouble: how often, and with what first. */
struct trouble_note {
    uint64_t count, line;
    char member[MEMBER_NAME]; /* empty: with the file itself */
};

struct members {
    struct layer *layers[LAYERS_MOST]; /* kept for the next file, with their memory */
    size_t bases[LAYERS_MOST];         /* length of `name` outside of each */
    unsigned depth;
    struct bounds bounds;
    struct libarchive library;
    char name[MEMBER_NAME]; /* of what is being read: "outer.zip!/folder/log"; empty: it has none */
    size_t name_n;
    char hints[LAYERS_MOST + 1]
              [MEMBER_HINT]; /* its last part, as a log would be called that is not compressed */
    uint64_t passed_over;    /* links, devices and the like */
    bool over;               /* a cap was reached */
    bool packed;             /* there was an archive: what was only compressed is as good as the file */
    struct trouble_note *notes[TROUBLE_COUNT];
    enum trouble fresh; /* noted for the first time since somebody set this to TROUBLE_NONE */
};

enum entrance { NOT_PACKED, ENTERED, NO_ENTRANCE };

void members_begin(struct members *members, const struct tcplog_limits *limits, const char *path);
/* Looks at what has been read of a source. ENTERED: it is the members' now, and theirs to close, and `source` is empty.
 * NO_ENTRANCE: it is packed, and there is a trouble with it. */
enum entrance members_enter(struct members *members, struct source *source, struct str head);
/* The next log that may be one; false: there is none. */
bool members_next(struct members *members, struct source *source);
/* What the name of what is being read says; never NULL. */
const char *members_hint(const struct members *members);
/* Closes what is still open. */
void members_end(struct members *members);
void members_free(struct members *members);

#endif
