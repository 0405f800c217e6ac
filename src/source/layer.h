/* One layer of what logs may be packed in: a compression, or an archive with its members. It reads from what lies below
 * it (a file, or a member of the layer below) and owns that, its block of packed bytes and what decodes them.
 *
 *   block  |--used--|----- packed bytes, ready -----|--free--|
 *          0        at                              end      room */
#ifndef SOURCE_LAYER_H
#define SOURCE_LAYER_H

#include "source/libarchive.h"
#include "source/magic.h"
#include "source/source.h"
#include "source/trouble.h"

/* More room than a block takes: for the next few bytes behind one that is in use. */
enum { LAYER_BLOCK = 128 * 1024, LAYER_AHEAD = 64 };

struct layer;

struct layer_class {
    /* False: `trouble` says why. */
    bool (*open)(struct layer *layer);
    /* Goes on to the next member, and says what it is; false: there is none, maybe because of a trouble. */
    bool (*next)(struct layer *layer);
    /* Up to n bytes of that member; 0 at its end, or where a trouble ends it; -1: reading below failed (errno). */
    ptrdiff_t (*read)(struct layer *layer, void *to, size_t n);
    void (*close)(struct layer *layer);
};

enum member_kind { MEMBER_FILE, MEMBER_FOLDER, MEMBER_OTHER, MEMBER_ENCRYPTED, MEMBER_UNKNOWN };

struct layer {
    const struct layer_class *class;
    enum magic magic;
    struct source below;
    char *block;
    size_t room, at, end;
    uint64_t read;        /* bytes from below */
    int error;            /* errno of a read of below that failed */
    enum trouble trouble; /* with the member under way */
    bool over;            /* nothing more comes */
    bool dry;             /* nothing was left where more was asked for */
    bool lost;            /* the next member is being looked for, behind a damage */
    bool begun;           /* the first member was asked for; a compression has but that */
    bool named;           /* there was a member */
    enum member_kind kind;
    const char *name; /* of the member, as the archive has it; NULL: it has none */
    /* gunzip.c */
    void *inflation; /* what an inflater needs */
    /* unpack.c */
    const struct libarchive *library;
    struct archive *archive;
    struct archive_entry *entry; /* found already, behind a damage that was told first */
    uint64_t from;               /* where in what was read of `below` libarchive began */
    bool torn;                   /* it has given up on this zip: another member has to be found */
    struct str piece;            /* of the member: decoded, not handed out yet */
    int64_t given;               /* bytes of the member so far */
    int64_t placed;   /* where in it the piece stands: what lies between are zeros that nobody wrote down */
    int64_t base;     /* where in `below` the archive begins */
    struct str whole; /* all of it, where it can only be read so */
};

extern const struct layer_class layer_gunzip, layer_unpack;

/* Takes `below` over; `head` is what was read of it already. False: no memory, and nothing was taken. */
bool layer_begin(struct layer *layer, struct source below, struct str head);
/* Reads the next block, in place of the one that is used up; false: there is none, or `error` says why. */
bool layer_fill(struct layer *layer);
/* Reads on behind the block that is in use, as far as there is room; false: there is none, or nothing to read. */
bool layer_add(struct layer *layer);
/* Closes what it reads from; its memory stays for the next one. */
void layer_end(struct layer *layer);
void layer_free(struct layer *layer);

#endif
