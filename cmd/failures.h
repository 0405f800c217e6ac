/* The inputs of a run that did not go well, worst first: how many, and the first of them by name and reason. */
#ifndef CMD_FAILURES_H
#define CMD_FAILURES_H

#include "findings.h"

enum { FAILURES_MOST = 20 };

/* From the worst on. */
enum failure_rank {
    FAILURE_UNREADABLE, /* nothing came of it */
    FAILURE_UNWRITTEN,  /* its export has no place, or is not right */
    FAILURE_REFUSED,    /* it is no session log */
    FAILURE_BROKEN,     /* it could be read in part */
    FAILURE_DAMAGED,    /* it was converted, and something was wrong with it */
};

struct failure {
    enum failure_rank rank;
    char path[512]; /* cut at the front where it is longer */
    struct finding finding;
    uint64_t others; /* findings besides */
};

struct failures {
    struct failure worst[FAILURES_MOST];
    uint64_t count;
};

/* In the order of the inputs; of equal ones the first stay in front. */
void failures_add(struct failures *failures, enum failure_rank rank, const char *path,
                  const struct findings *findings);

#endif
