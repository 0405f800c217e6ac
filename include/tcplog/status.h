/* What the world did to us (I/O, memory). It sticks: the first failure wins and is asked for once. */
#ifndef TCPLOG_STATUS_H
#define TCPLOG_STATUS_H

enum tcplog_status {
    TCPLOG_OK = 0,
    TCPLOG_DAMAGED,    /* done, but some input was damaged or refused: exit 1 */
    TCPLOG_USAGE,      /* the options contradict each other: exit 2 */
    TCPLOG_UNREADABLE, /* an input cannot be opened or read: exit 3 */
    TCPLOG_UNWRITABLE, /* the output failed, or would overwrite: exit 4 */
    TCPLOG_INVALID,    /* a validation or check failed: exit 5 */
    TCPLOG_PIPE,       /* the reader of our output went away, SIGPIPE being ignored: quiet, exit 4 */
    TCPLOG_MEMORY,     /* out of memory: exit 4 */
    TCPLOG_STOPPED,    /* told to end early: exit 130 */
};

#endif
