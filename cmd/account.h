/* What came of the inputs of a run so far: counted for the exit code, the worst of them listed, each written to the report.
 * The library tells of problems and outcomes, maybe from a thread of its own; the run itself of what never got there. */
#ifndef CMD_ACCOUNT_H
#define CMD_ACCOUNT_H

#include "account_aside.h"
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
    struct account_asides asides;
    uint64_t handed, told; /* to the library; outcomes */
    uint64_t done, unreadable, unwritten, unchanged;
    enum tcplog_status worst; /* one that ends the run, or TCPLOG_DAMAGED */
};

void account_open(struct account *account, const char *standard_input);
void account_close(struct account *account);
/* A problem of the input whose outcome comes next, or of none; it is told on standard error at once. */
void account_problem(struct account *account, const struct tcplog_problem *problem);
/* `hash`: as it may be told, or "". */
void account_outcome(struct account *account, const struct tcplog_outcome *outcome, const char *hash);
/* An input goes to the library, which will tell of it. */
void account_handed(struct account *account);
/* An input that does not. False: it would have to wait for the outcomes of those before it, and there is no room: it is
 * told of when they have come. */
bool account_aside(struct account *account, const struct account_aside *aside);
/* All outcomes have come, and none of them ended the run; if one does, nothing behind it is told. */
void account_settled(struct account *account);
/* The run cannot go on, for a reason that is no input's. */
void account_end(struct account *account, enum tcplog_status status);

#endif
