/* What a conversion is told, and what it tells in the end. */
#ifndef TCPLOG_OPTIONS_H
#define TCPLOG_OPTIONS_H

#include "page.h"
#include "problem.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* IDENTITIES: secrets, and pseudonyms for users, addresses and hosts; no text of mails. */
enum tcplog_redact { TCPLOG_REDACT_SECRETS, TCPLOG_REDACT_NONE, TCPLOG_REDACT_IDENTITIES };

/* Caps on what may come out of one archive, so that a bomb is a problem and not a flood; 0: TCPLOG_MAX_…. */
struct tcplog_limits {
    uint64_t ratio;   /* bytes that come out for each byte of the file; the first 16 MiB are free */
    uint64_t size;    /* bytes that come out */
    uint64_t entries; /* files, folders and so on, in all archives within */
    unsigned depth;   /* archives and compressions within each other: a .tar.gz is two */
};

enum { TCPLOG_MAX_RATIO = 500, TCPLOG_MAX_ENTRIES = 10000000, TCPLOG_MAX_DEPTH = 8 };
/* No option may be larger. */
enum { TCPLOG_MOST_DEPTH = 32, TCPLOG_MOST_JOBS = 100000 };
#define TCPLOG_MAX_SIZE (UINT64_C(64) << 30)

struct tcplog_outcome;
typedef void tcplog_finished(void *context, const struct tcplog_outcome *outcome);

/* Zeroed, it means: exchanges as JSON Lines on standard output, secrets masked. The caller keeps all that it points
 * to until tcplog_close. */
struct tcplog_options {
    const char *format;      /* a writer's name; NULL: the output's suffix decides, else jsonl */
    unsigned kinds;          /* bit set of 1 << KIND_…; 0: exchange */
    const char *output;      /* path; NULL or "-": standard output */
    bool exports;            /* there is no such output: each input names the file that its records go to */
    bool divided;            /* exports are not packed, for they are divided among others (append.h) */
    bool gzip;               /* compress, whatever the suffix says */
    int gzip_level;          /* 1 (fast) to 9 (small), which only zlib has; 0: the engine's own choice */
    const char *gzip_engine; /* what compresses: a name of tcplog_gzip_engine; NULL: the fastest there is */
    unsigned
        jobs; /* threads that convert, and that compress; 0: as many as there are processors, 1: only the caller's.
                    * No byte depends on it. */
    bool verify;           /* read each export back: one that is not what was put into it does not count;
                            * needs files to read */
    bool force;            /* overwrite an existing file */
    bool dedupe;           /* leave out sessions that were met before in the same output */
    bool strict;           /* stop at the first damaged input */
    const char *name;      /* what standard input goes by, as if a file had this name; NULL: "-" */
    const char *time_zone; /* IANA name or ±HH:MM; NULL: unknown */
    enum tcplog_redact redact;
    const char *redact_key_file; /* IDENTITIES: the same key, the same pseudonyms; NULL: a key for this run */
    /* not NULL: one page a session, for people; format and kinds do not count */
    const struct tcplog_page *page;
    uint64_t *bytes_read;        /* NULL, or: grows with each read from an input, by __atomic_add_fetch */
    bool fingerprint;            /* outcomes tell the hash of what was read */
    struct tcplog_limits limits; /* of archives */
    const volatile sig_atomic_t *stop; /* NULL, or: end early, as if the input stopped here, once it is set */
    tcplog_report *report;             /* NULL: nobody listens */
    tcplog_finished *finished;         /* NULL, or: told of each input, in their order, once it is done */
    void *context;                     /* of both; they are called by the thread that calls the library */
};

/* Why a session went wrong, and the line that proves it. */
struct tcplog_cause {
    const char *id, *text; /* static */
    char file[256];
    uint64_t line;
};

/* As many as a person reads; the session records have all. */
enum { TCPLOG_CAUSES_MOST = 10 };

/* What went in and what came of it. lines == lines_recorded + lines_diagnosed, or the library has a bug. */
struct tcplog_summary {
    uint64_t files, files_refused, files_passed_over, bytes, lines, lines_recorded, lines_diagnosed,
        lines_unparsed;
    uint64_t
        sessions_met; /* of the sessions: those that were met before in the same output; the first of them: */
    uint64_t met_line; /* 0: within an archive */
    char met_file[256];
    uint64_t busy_ns; /* the time that was spent on them; with several threads more than went by */
    uint64_t sessions, exchanges, failures, unanswered, records, problems;
    int64_t slowest_ms; /* -1: no exchange was timed */
    char slowest_command[33];
    char slowest_file[256];
    uint64_t slowest_line;
    uint64_t sessions_wrong; /* sessions with a diagnosis; the first of them: */
    struct tcplog_cause causes[TCPLOG_CAUSES_MOST];
};

#endif
