/* How the library tells of what it found wrong with an input or an export. */
#ifndef TCPLOG_PROBLEM_H
#define TCPLOG_PROBLEM_H

#include <stdint.h>

/* Something the input did wrong (or, from tcplog_validate, an export). Texts are fixed or quote no log text that
 * could hold a secret; pointers are valid during the call only. */
struct tcplog_problem {
    const char *id;   /* stable: line-too-long, not-a-session-log, unknown-field, … */
    const char *file; /* path as given */
    const char *
        member; /* of that archive, as in source_member, but with the bytes of its name; NULL: the file itself */
    uint64_t line;     /* from 1; 0: the file as a whole */
    const char *field; /* the field, or the value of an option, that is at fault; else NULL */
    uint64_t more;     /* as often again further on in the file, told here once */
    const char *text;  /* one sentence for people */
};
typedef void tcplog_report(void *context, const struct tcplog_problem *problem);

#endif
