/* The whole journey of one input. It owns the stages and their memory, which is reused from input to input. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include "stages.h"

/* One input, read from `source`, which is taken over. What came of it is written into the ledger; answers whether the run
 * goes on. */
bool pipeline_run(struct pipeline *pipeline, struct source source, const struct task *task);
/* The same, for all of an input, which is opened. */
bool pipeline_run_task(struct pipeline *pipeline, const struct task *task);
/* That an export is not what was written to it, and why. */
struct tcplog_problem pipeline_export_wrong(const char *path, const char *why);

#endif
