/* --report FILE: a run as one JSON document, for programs: options, every input with what came of it, the sums. Inputs are
 * written as they are done, so a million of them take no memory; the file appears when it is whole, however the run
 * ended. */
#ifndef CMD_RUN_REPORT_H
#define CMD_RUN_REPORT_H

#include "failures.h"

#include <stdio.h>
#include <sys/types.h>

struct run_report {
    FILE *file;      /* NULL: none was asked for */
    char *path;      /* where a symbolic link leads, if it was one */
    char *temporary; /* NULL: a device or a pipe, or a standard stream, which is written to at once */
    bool any;        /* an input was written */
    bool forced;     /* a file that is no report is to make room: */
    dev_t device;
    ino_t inode;
    bool is_input; /* and was converted by this run */
};

/* What stands for an input. */
struct run_report_input {
    const char *path, *export; /* NULL: it has none */
    const char
        *status; /* done, damaged, broken, refused, unreadable, unwritten, passed-over, unchanged, ended */
    const char *hash;                     /* "": not known, or not to be told */
    const struct tcplog_summary *summary; /* NULL: it was not looked at */
    const struct findings *findings;      /* NULL: none */
};

/* `path`: "-" is standard output. `options`: of tcplog_describe. `force`: over whatever file is there, not only over another report; but never over what the
 * run has read or written. False: errno says why. */
bool run_report_open(struct run_report *report, const char *path, const char *options, bool force);
void run_report_input(struct run_report *report, const struct run_report_input *input);
/* False: it could not be written whole, and did not appear; errno says why. */
bool run_report_close(struct run_report *report, const struct tcplog_summary *summary, uint64_t unchanged,
                      uint64_t failed, int exit_code);
/* It does not appear. */
void run_report_drop(struct run_report *report);

#endif
