/* -o DIR: one export an input, in a folder that mirrors where the inputs lie, with a journal of what is done. It says of
 * each input whether there is anything to do, and where its records go; what came of it goes into the journal. */
#ifndef CMD_MIRROR_H
#define CMD_MIRROR_H

#include "export_tree.h"
#include "journal.h"
#include "neighbours.h"
#include "partition.h"
#include "seal.h"
#include "tcplog.h"

#include <pthread.h>

struct mirror {
    bool verify;  /* what is done is read back, too */
    bool watched; /* by a command that makes nothing anew itself */
    pthread_mutex_t
        lock; /* of the journal: outcomes may be told by another thread than the one that takes inputs */
    struct journal journal;
    struct partition partition; /* by PARTITION_NONE: there is none, exports stay */
    struct export_tree tree;    /* of exports; where they are divided, a hidden one */
    char folder[PATH_MAX];      /* the one that was asked for, with its slash */
    struct seal seal;           /* of the hashes in the journal */
    struct neighbours neighbours;
    struct journal_line
        line;      /* of the input that was taken last, if unchanged; or whose export it would have */
    char why[128]; /* what MIRROR_FAILED means */
    bool quiet;    /* that the journal cannot be written to is known */
    enum tcplog_status
        failed; /* what MIRROR_OVER means: the journal cannot be written to, or two inputs have one export */
};

/* Opens the folder `output`, and its journal, for what `log` writes. Another status than OK has been reported. */
enum tcplog_status mirror_open(struct mirror *mirror, const char *output, const struct tcplog *log,
                               const struct tcplog_options *options, enum partition_by by);
/* All outcomes have been told, and the log is still open. */
enum tcplog_status mirror_settle(struct mirror *mirror);
/* Clean: the run came to its end. */
enum tcplog_status mirror_close(struct mirror *mirror, bool clean);

enum mirror_choice {
    MIRROR_CONVERT,   /* to the export */
    MIRROR_UNCHANGED, /* it is done, and as it was */
    MIRROR_IGNORE,    /* it is an export itself, or was met before */
    MIRROR_FAILED,    /* the export has no place, and why */
    MIRROR_CLASH, /* another input has its export: the run cannot go on, which is to be told in its turn */
    MIRROR_OVER   /* the run cannot go on, for `failed` */
};

/* All inputs are going to be met once more. OK, or the journal cannot be read any more, which has been reported. */
enum tcplog_status mirror_again(struct mirror *mirror);
/* The inputs that follow come from this operand. */
void mirror_come(struct mirror *mirror, const char *operand);
/* `name`: what the input goes by, its path unless it is standard input. */
enum mirror_choice mirror_take(struct mirror *mirror, const struct tcplog_input *input, const char *name,
                               char export[PATH_MAX]);
/* Of the input that was taken last, what a clash means: it is `failed`. */
void mirror_tell_clash(struct mirror *mirror, const char *name, const char *export);
/* OK, or the journal cannot be written to, which has been reported. `hash`: of the input, as it may be told; "": none. */
enum tcplog_status mirror_finish(struct mirror *mirror, const struct tcplog_outcome *outcome,
                                 char hash[JOURNAL_HASH]);

/* The input that was at `path` is at another place now, and so will its export be. */
enum tcplog_status mirror_drop(struct mirror *mirror, const char *path);
/* What the input at `path` learned from those before it is out of date: it is to be done once more. */
enum tcplog_status mirror_outdate(struct mirror *mirror, const char *path);
/* How many bytes of the input at `path` its export was made of, if they are more than `least` and are as they were; else 0. */
uint64_t mirror_holds(struct mirror *mirror, const char *path, uint64_t least);
/* Whether the folder has its journal still; else nothing more can be kept there. */
bool mirror_stands(const struct mirror *mirror);

/* --- for its own parts --- */

enum tcplog_status mirror_complain(enum tcplog_status status, const char *id, const char *file,
                                   const char *text);
/* By errno. */
enum tcplog_status mirror_journal_failed(const struct mirror *mirror);

#endif
