/* A run of the library over all operands: what convert and explain have in common. */
#ifndef CMD_CONVERSION_H
#define CMD_CONVERSION_H

#include "tcplog.h"

/* What is told in the end, on standard error: what came of it, what in folders is neither file nor folder, and where the
 * output went. */
typedef void tell_summary(const struct tcplog_summary *summary, uint64_t others, const char *output);

/* Answers the exit code. `operands` end with a NULL; what listens to the library is set here. */
int conversion_run(const struct tcplog_options *options, char **operands, tell_summary *tell);

#endif
