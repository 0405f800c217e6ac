/* The whole journey of one input. It owns the stages and their memory, which is reused from input to input. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "output.h"
#include "session/identities.h"
#include "session/session.h"
#include "tcplog/options.h"

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
    const struct enricher *const *enrichers; /* NULL-terminated */
    struct identities *identities;           /* NULL: they may leave */
    struct tcplog_options options;
    struct tcplog_summary summary;
    struct log_name name;
    const char *path;
    struct found found[FINDING_COUNT];
    uint64_t damage; /* problems that are the input's fault */
};

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade);
void pipeline_free(struct pipeline *pipeline);
/* One source, taken over. `named`: see tcplog_convert. */
enum tcplog_status pipeline_run(struct pipeline *pipeline, struct source source, const char *path,
                                bool named);
void pipeline_report(struct pipeline *pipeline, const char *id, uint64_t line, const char *text);

#endif
