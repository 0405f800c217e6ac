/* All inputs of a run, converted by as many threads as are wanted. With one there is no thread but the caller's, and each
 * input is done when jobs_add returns; otherwise the caller's thread only looks for inputs, writes what workers do not, and tells. What comes out
 * is the same. It owns workers, units, and what is told. */
#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "jobs/worker.h"

struct jobs;

/* The processors that this process may use. */
unsigned jobs_cores(void);
/* `pipeline` stays the caller's, and is used by the caller's thread; it gets an output that holds what `output` will
 * write. NULL: each input has an export. NULL: no memory. */
struct jobs *jobs_open(struct pipeline *pipeline, struct output *output);
/* One input more. False: the run is over. */
bool jobs_add(struct jobs *jobs, const struct named_input *input);
/* Waits until all have been told of. False: the run is over. */
bool jobs_settle(struct jobs *jobs);
/* Stops what is still under way; fills *summary with what was told. OK, or what an input ended the run with. */
enum tcplog_status jobs_close(struct jobs *jobs, struct tcplog_summary *summary);

#endif
