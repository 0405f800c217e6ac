/* What was found wrong with the input under way: copies, kept until its outcome is told. */
#ifndef CMD_FINDINGS_H
#define CMD_FINDINGS_H

#include "tcplog.h"

/* More ids than this one input cannot have: each is told once. */
enum { FINDINGS_MOST = 64, FINDING_TEXT = 320, FINDING_MEMBER = 256 };

struct finding {
    char id[32], text[FINDING_TEXT];
    char member[FINDING_MEMBER]; /* of an archive; empty: it is about the input itself */
    uint64_t line, more;
};

struct findings {
    struct finding each[FINDINGS_MOST];
    uint64_t count; /* those beyond the room included */
};

void findings_add(struct findings *findings, const struct tcplog_problem *problem);
static inline void findings_clear(struct findings *findings)
{
    findings->count = 0;
}

#endif
