/* A run of the library over all operands: what convert and explain have in common. */
#ifndef CMD_CONVERSION_H
#define CMD_CONVERSION_H

#include "bundle.h"
#include "listed.h"
#include "partition.h"
#include "progress.h"
#include "upshot.h"

struct conversion {
    const struct tcplog_options *options; /* what listens to the library is set here */
    struct listed *listed;                /* further operands; NULL: none */
    struct bundle bundle;                 /* what "-" is */
    const char *report;                   /* a file for the report of the run; NULL: none */
    enum partition_by partition;          /* needs a folder */
    enum progress_form progress;
    tell_upshot *tell; /* tells on standard error what came of it; NULL: nobody does */
};

/* Answers the exit code. `operands` end with a NULL. An output that is a folder gets an export an input (mirror.h). */
int conversion_run(const struct conversion *conversion, char **operands);

#endif
