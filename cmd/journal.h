/* The journal of a folder of exports, tcplog.journal: which input each export was made of. By it a run that was ended
 * anyhow goes on where it stopped, and a later one converts only what is new.
 *
 *   tcplog.journal 1 → version=… kinds=…      what all exports were made with
 *   export → source → size → …                 a line an input (journal_line.h); the last one of an export counts
 *   → run → id                                what follows was written while the machine ran under this boot id
 *   → commit, → length → …, → remade → …, → new → …   of sets of partitions
 *   → safe                                     all above is on the disk, and so are its exports
 *
 * (→ is a tab.) A line is one write(2) behind the last, after its export appeared under its name; a last line without its
 * end was cut off by whatever ended the run, and does not count. What a killed program has written is not lost, but what
 * the machine had not put on the disk when its power failed is: so lines behind the last "safe" that were written
 * under another boot id count as begun only. "safe" is written after a syncfs(2), once in many lines: small files do not cost one
 * fsync(2) each. Whoever has the journal open holds a lock on it. */
#ifndef CMD_JOURNAL_H
#define CMD_JOURNAL_H

#include "journal_index.h"
#include "journal_line.h"
#include "tcplog/buf.h"

#define JOURNAL_NAME "tcplog.journal"

struct journal {
    int fd;
    char *path, *head;      /* the first line, with its end */
    uint64_t start, length; /* of the file: where lines begin, where they end */
    uint64_t tidied;        /* its length when it was read, or written anew, last */
    struct journal_index index;
    uint64_t turns; /* the last one */
    uint64_t unsafe_lines, unsafe_bytes;
    bool untidy;  /* a run has written to it, and it was not written anew since */
    bool vouched; /* the boot id stands above what comes next */
    char *buffer; /* JOURNAL_LINE_MOST */
    /* Of a set of partitions (partition.h): lines count only if a "commit" stands below them. */
    bool atomic;
    struct buf lengths; /* the committed "length" and "remade" lines, the last of a file counts */
};

enum journal_answer {
    JOURNAL_OPEN,
    JOURNAL_FAILED,    /* errno says why */
    JOURNAL_BUSY,      /* another run has it */
    JOURNAL_FOREIGN,   /* the file is no journal */
    JOURNAL_OTHERWISE, /* its exports were made with other options: *before is theirs, the caller's to free */
    JOURNAL_NOT_EMPTY, /* there is none, and the folder holds other things */
};

/* Opens the journal of a folder, or begins one. `anew`: whatever is there, all exports are to be made anew. Answers
 * other than JOURNAL_OPEN leave nothing open. */
enum journal_answer journal_open(struct journal *journal, const char *folder, const char *made_with,
                                 bool anew, bool atomic, char **before);
/* Clean: the run came to its end, and only lines that count are kept. False: errno says what failed; what the journal
 * held, it holds. */
bool journal_close(struct journal *journal, bool clean);
/* Between runs that share it: writes it anew where it has grown to several times what it was, and `met` is forgotten.
 * False: it cannot be read any more; that it cannot be written does no harm. */
bool journal_tidy(struct journal *journal);
/* The last line of an export; false: there is none. *slot, if not NULL, is good until something is added. */
bool journal_find(struct journal *journal, const char *export, struct journal_line *line,
                  struct journal_slot **slot);
/* An input is going to be converted. False: errno says why. */
bool journal_begin(struct journal *journal, const struct journal_line *line);
/* It is done; where it has no turn yet it gets the next one, and so is `since` set. */
bool journal_end(struct journal *journal, struct journal_line *line);
/* Adds lines and marks at once; what is in front of a "commit" counts from then on. */
bool journal_commit(struct journal *journal, struct str lines);
/* All lines that count, in their order; stops when visit answers false. */
typedef bool journal_visit(void *context, const struct journal_line *line);
bool journal_each(struct journal *journal, journal_visit *visit, void *context);

/* --- what its own parts (adding, opening, writing anew) have in common, and nobody else uses --- */

#define JOURNAL_RUN "\trun\t"
#define JOURNAL_SAFE "\tsafe\n"
#define JOURNAL_COMMIT "\tcommit\n"
#define JOURNAL_LENGTH "\tlength\t"
#define JOURNAL_REMADE "\tremade\t"
#define JOURNAL_NEW "\tnew\t"

enum { JOURNAL_BOOT_ID = 64 };

/* The text of the journal as it is now, for reading only. */
struct journal_view {
    const char *p;
    size_t n;
};
bool journal_map(const struct journal *journal, struct journal_view *view);
void journal_unmap(const struct journal_view *view);
/* The line at *at without its end, and goes behind it; false: there is no more that has one. */
bool journal_next(const struct journal_view *view, uint64_t *at, struct str *line);
/* "run" and "safe" begin with the tab in front of which an export would stand. */
bool journal_is_mark(struct str line);
/* What a "length" or "remade" line says. */
struct journal_length {
    struct str name;
    uint64_t length;
    bool remade; /* the file may have this length, whole, for it was about to be replaced */
};
struct journal_length journal_length_read(struct str line);

/* Which line of an export is its last one. */
struct journal_slot *journal_slot_of(struct journal *journal, struct str key);
bool journal_index_line(struct journal *journal, struct str key, uint64_t at);

/* The machine's, for as long as it has power; "": it tells none. */
void journal_boot_id(char id[JOURNAL_BOOT_ID]);
/* All or nothing, behind the last line. */
bool journal_append(struct journal *journal, struct str bytes);
/* Until here everything is on the disk. */
bool journal_make_safe(struct journal *journal);

/* Takes the place of the journal: a new file with the head of this run and those lines that count and that `put`, which
 * gets a FILE, writes to it. The index is that of the old file still. */
bool journal_rewrite(struct journal *journal, journal_visit *put);
/* Removes what is left of one that was cut off. */
void journal_forget_new(const struct journal *journal);
/* For it: the line as it is, unless it is begun only; or begun only, whatever it is. */
bool journal_put_done(void *file, const struct journal_line *line);
bool journal_put_begun(void *file, const struct journal_line *line);

#endif
