/* The whole journey of one input. It owns the stages and their memory, which is reused from input to input. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "output.h"
#include "session/identities.h"
#include "session/session.h"
#include "tcplog/input.h"

/* What a file may show again and again is told once, at its end: how often, and where first. */
enum finding {
    FINDING_UNPARSED,
    FINDING_TOO_LONG,
    FINDING_PENDING,
    FINDING_BROKEN,
    FINDING_CUT,
    FINDING_NAMES,
    FINDING_COUNT
};
struct found {
    uint64_t count, line;
};

struct pipeline {
    struct lines lines;
    struct batch batch;
    struct session session;
    struct output output;
    struct output_options target;            /* of the output; each export is opened with it */
    const struct enricher *const *enrichers; /* NULL-terminated */
    struct identities *identities;           /* NULL: they may leave */
    struct tcplog_options options;
    struct tcplog_summary summary; /* of the input under way */
    struct log_name name;
    const char *path;
    struct found found[FINDING_COUNT];
    struct fingerprint *print; /* NULL: nobody asks */
    char hash[FINGERPRINT_DIGITS + 1];
    bool exported, broken; /* what an outcome tells of the input */
};

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade);
void pipeline_free(struct pipeline *pipeline);
/* One input, read from `source`, which is taken over; `path` is what its records say. The summary tells of it alone. */
enum tcplog_status pipeline_run(struct pipeline *pipeline, struct source source,
                                const struct tcplog_input *input, const char *path);
enum tcplog_status pipeline_run_file(struct pipeline *pipeline, const struct tcplog_input *input,
                                     const char *path);
/* The sessions of the file count as witnesses; nothing else comes of it. */
void pipeline_learn(struct pipeline *pipeline, const char *path);
/* Tells that the output failed, by errno. */
enum tcplog_status pipeline_complain(struct pipeline *pipeline, enum tcplog_status status, const char *path);
#endif
