/* One input of a conversion, and what came of it. */
#ifndef TCPLOG_INPUT_H
#define TCPLOG_INPUT_H

#include "options.h"
#include "status.h"

struct tcplog_input {
    const char *path; /* a file, or "-" */
    bool
        named; /* asked for by this very name: refused with a problem where it is no session log, not passed over */
    const char *export; /* its records go to a file of this name; NULL: to the output of the run */
};

struct tcplog_outcome {
    const struct tcplog_input *input;
    enum tcplog_status
        status; /* OK; DAMAGED: done, with problems; UNREADABLE: nothing came of it; else the run ends */
    const struct tcplog_summary *summary; /* of this input alone */
};

/* Whether an outcome like this is the last: neither done nor only this input's trouble. */
bool tcplog_ends_run(enum tcplog_status status);

#endif
