/* What may be wrong with an archive. */
#ifndef SOURCE_TROUBLE_H
#define SOURCE_TROUBLE_H

#include "tcplog/problem.h"

enum trouble {
    TROUBLE_NONE,
    TROUBLE_UNREADABLE, /* reading the file failed */
    TROUBLE_DAMAGED,
    TROUBLE_TRAILING, /* bytes that do not belong to it stand behind its end */
    TROUBLE_ENCRYPTED,
    TROUBLE_UNKNOWN,    /* a way to compress that the library does not know */
    TROUBLE_NO_LIBRARY, /* libarchive is not there */
    TROUBLE_NO_SEEKING, /* it can only be read from its end, and is too large to be kept in memory */
    TROUBLE_MEMORY,
    TROUBLE_DEPTH,
    TROUBLE_RATIO,
    TROUBLE_SIZE,
    TROUBLE_ENTRIES,
    TROUBLE_COUNT
};

/* Its id and what is told of it. */
const struct tcplog_problem *trouble_problem(enum trouble trouble);

#endif
