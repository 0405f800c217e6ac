/* A run of the library over all operands: what convert and explain have in common. */
#ifndef CMD_CONVERSION_H
#define CMD_CONVERSION_H

#include "tcplog.h"

/* What is told in the end, on standard error. */
struct conversion {
    const struct tcplog_summary *summary;
    uint64_t others;    /* what in folders is neither file nor folder */
    uint64_t unchanged; /* inputs whose exports were there already */
    const char *output; /* where the records went */
};
typedef void tell_conversion(const struct conversion *conversion);

/* Answers the exit code. `operands` end with a NULL; what listens to the library is set here. An output that is a folder
 * gets an export an input (mirror.h). */
int conversion_run(const struct tcplog_options *options, char **operands, tell_conversion *tell);

#endif
