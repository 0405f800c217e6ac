/* The export of a log that is cut: workers hold its records, piece by piece, and the caller's thread, which alone writes and
 * tells, joins them. It owns the output. */
#ifndef JOBS_JOINT_H
#define JOBS_JOINT_H

#include "jobs/unit.h"

struct joint {
    const struct pipeline *model; /* of the caller's thread; says how exports are made */
    struct output output;         /* of the log whose turn it is */
    bool open;                    /* there is one */
    enum tcplog_status status;    /* what is wrong with it … */
    int error;                    /* … and its errno … */
    bool lacks_index;             /* … and whether this is of its index */
};

/* Whether the unit is a piece of such a log. */
bool joint_is_of(const struct unit *unit);
/* Records of a piece, in their turn. */
void joint_pass(struct joint *joint, const struct unit *unit, const struct block *block);
/* The piece is done. Behind the last one the export appears, if all went well, before its log is told of. */
void joint_tell(struct joint *joint, struct teller *teller, struct unit *unit);
/* What is left of one that was not ended. */
void joint_close(struct joint *joint);

#endif
