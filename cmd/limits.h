/* The options that cap what comes out of archives. */
#ifndef CMD_LIMITS_H
#define CMD_LIMITS_H

#include "options.h"
#include "tcplog.h"

/* False: a number is none, and the user has been told. */
bool limits_parse(const struct parsed *parsed, struct tcplog_limits *limits);

#endif
