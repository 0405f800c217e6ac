/* What came of a run, as it is told in the end. */
#ifndef CMD_UPSHOT_H
#define CMD_UPSHOT_H

#include "tcplog.h"

struct upshot {
    const struct tcplog_summary *summary;
    uint64_t others;    /* what in folders is neither file nor folder */
    uint64_t unchanged; /* inputs whose exports were there already */
    const char *output; /* where the records went */
};
typedef void tell_upshot(const struct upshot *upshot);

#endif
