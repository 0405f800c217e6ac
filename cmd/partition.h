/* --partition: instead of an export an input, one growing set of files, in which each session's records go to the file of its
 * day, month, server or protocol. The exports of inputs are made all the same, hidden; here they are divided.
 *
 * A file only ever grows behind its committed length, which stands in the journal; a run that finds it longer cuts it.
 * Lengths and the lines of the inputs that they hold go into the journal with one write(2) that ends on "commit", so that
 * both count or neither does. Where an input is converted again, what it gave before is taken out of all files
 * first.
 *
 * A file that is packed has an index. It follows its file: what it says of more than the committed length is cut off, too. */
#ifndef CMD_PARTITION_H
#define CMD_PARTITION_H

#include "journal.h"
#include "tcplog.h"
#include "tcplog/buf.h"

/* A file that is written anew, until it takes the place of the old one. */
#define PARTITION_HIDDEN ".%s.new"

/* Text is kept until there is so much of it. */
enum { PARTITION_BUFFERED = 8 << 20 };

enum partition_by { PARTITION_NONE, PARTITION_DAY, PARTITION_MONTH, PARTITION_SERVER, PARTITION_PROTOCOL };

struct partition_file {
    char *name;
    struct tcplog_growth growth; /* its length is the committed one, unless it was touched */
    bool opened;                 /* by this run */
    bool touched;                /* since the last commit */
    bool remade;                 /* so the file may have this length, whole, instead: */
    uint64_t remade_length;
    struct buf text; /* goes behind it next */
};

struct partition {
    enum partition_by by;
    const struct tcplog *log; /* in whose format they are */
    const char *folder;       /* with its slash; the caller's */
    char suffix[32];          /* of its files */
    struct journal *journal;
    struct partition_file *files; /* in the order of their names */
    size_t count, capacity;
    size_t buffered;  /* bytes of text */
    struct buf lines; /* of the journal, that wait for the commit */
    int error;        /* errno of the first failure: nothing is committed after it */
    size_t inputs;    /* that they are of */
};

/* The journal is open. False: errno says why; ENOENT: a file is gone or has lost records. */
bool partition_open(struct partition *partition);
/* What the input of the line gave before is taken out of the partitions that the line names. */
bool partition_forget(struct partition *partition, const struct journal_line *line);
/* Divides an export; says where to. */
bool partition_add(struct partition *partition, const char *export, char parts[JOURNAL_PARTS]);
/* The input of the line is done. */
bool partition_done(struct partition *partition, struct journal_line *line);
bool partition_commit(struct partition *partition);
bool partition_knows(const struct partition *partition, const char *name);
/* Whether a file of that name is one, or one that is written anew. */
bool partition_owns(void *partition, const char *name);
void partition_close(struct partition *partition);
/* --- for its other part --- */
bool partition_path(const struct partition *partition, const char *name, char path[PATH_MAX]);
/* NULL: no memory. */
struct partition_file *partition_named(struct partition *partition, const char *name);
/* What is kept goes behind the files. */
bool partition_flush(struct partition *partition);
/* errno says what the status does. */
bool partition_append(const struct partition *partition, const char *path, struct tcplog_growth *growth,
                      struct str records);
/* Removes a file, or what is left of it, and its index. */
void partition_remove(const char *path);
/* Keeps errno; answers false. */
bool partition_fail(struct partition *partition);
/* "length" lines of those that were touched, or of all; these lengths are the committed ones from now on. */
bool partition_lengths(struct partition *partition, struct buf *to, bool all);

#endif
