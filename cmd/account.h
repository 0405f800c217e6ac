/* What came of the inputs of a run so far: counted for the exit code, the worst of them listed, each written to the report.
 * The library tells of problems and outcomes, maybe from a thread of its own; the run itself of what never got there. */
#ifndef CMD_ACCOUNT_H
#define CMD_ACCOUNT_H

#include "failures.h"
#include "progress.h"
#include "run_report.h"

#include <pthread.h>

struct account {
    pthread_mutex_t lock;
    const char *standard_input; /* what it goes by */
    struct findings findings;   /* of the input whose turn it is */
    struct failures failures;
    struct run_report report;
    struct progress_counts progress;
    uint64_t done, unreadable, unwritten, unchanged;
    enum tcplog_status worst; /* one that ends the run, or TCPLOG_DAMAGED */
};

void account_open(struct account *account, const char *standard_input);
void account_close(struct account *account);
/* A problem of the input whose outcome comes next, or of none; it is told on standard error at once. */
void account_problem(struct account *account, const struct tcplog_problem *problem);
/* `hash`: as it may be told, or "". */
void account_outcome(struct account *account, const struct tcplog_outcome *outcome, const char *hash);
/* An input that was done before. */
void account_unchanged(struct account *account, const struct run_report_input *input);
/* An input whose export has no place. */
void account_unwritten(struct account *account, const char *path, const char *text);
/* The run cannot go on, for a reason that is no input's. */
void account_end(struct account *account, enum tcplog_status status);

#endif
