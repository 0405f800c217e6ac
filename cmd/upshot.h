/* What came of a run, as it is told in the end. */
#ifndef CMD_UPSHOT_H
#define CMD_UPSHOT_H

#include "failures.h"

struct upshot {
    const struct tcplog_summary *summary;
    uint64_t others;    /* what in folders is neither file nor folder */
    uint64_t unchanged; /* inputs that were done before */
    const char *output; /* where the records went */
    const struct failures *failures;
};
typedef void tell_upshot(const struct upshot *upshot);

#endif
