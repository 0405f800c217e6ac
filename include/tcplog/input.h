/* One input of a conversion, and what came of it. */
#ifndef TCPLOG_INPUT_H
#define TCPLOG_INPUT_H

#include "options.h"
#include "status.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What tcplog_finished_bytes says of what is packed. */
#define TCPLOG_PACKED UINT64_MAX

struct tcplog_input {
    /* a file, or "-" */
    const char *path;
    /* of "-": the input is a slice, the next `bytes` of standard input, be they none, of which this is the name; another may
     * come behind it. NULL: it is all of it, or a file */
    const char *name;
    /* asked for by this very name: refused with a problem where it is no session log, not passed over */
    bool named;
    /* of a file: only so many of it; 0: all. See tcplog_finished_bytes */
    uint64_t bytes;
    /* its records go to a file of this name where options.exports says so; else it is NULL. An input that is not so is a
     * problem and ends the run: TCPLOG_USAGE */
    const char *exported_to;
    /* it is converted by another run: nothing is written or told of it, but those behind it learn from it */
    bool skip;
};

/* What options.finished is told; it is valid during the call only. */
struct tcplog_outcome {
    const struct tcplog_input *input;
    /* OK; DAMAGED: done, with problems; UNREADABLE: nothing came of it; else the run ends */
    enum tcplog_status status;
    const struct tcplog_summary *summary; /* of this input alone */
    bool exported;                        /* the input has an export, and it is there now, whole */
    bool broken;                          /* reading failed on the way: what came before was converted */
    /* XXH3-128 of its bytes in hex; "": not asked for, or they were not all read one after the other, as of an archive or
     * a compressed log: see tcplog_fingerprint */
    const char *hash;
};

/* Whether an outcome like this is the last: neither done nor only this input's trouble. */
bool tcplog_ends_run(enum tcplog_status status);

#ifdef __cplusplus
}
#endif

#endif
