/* A run of the library over all operands: what convert and explain have in common. */
#ifndef CMD_CONVERSION_H
#define CMD_CONVERSION_H

#include "listed.h"
#include "upshot.h"

/* Answers the exit code; on standard error it is told what came of the run, by `tell` unless NULL. `operands` end with a NULL;
 * those of `listed`, unless NULL, come behind them; what listens to the library is set here. An output that is a folder
 * gets an export an input (mirror.h). */
int conversion_run(const struct tcplog_options *options, char **operands, struct listed *listed,
                   tell_upshot *tell);

#endif
