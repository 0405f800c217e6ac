/* Messages for people, on standard error. */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "tcplog.h"

/* A tcplog_report: "tcplog: file:line: field: text [id]". */
void report_problem(void *context, const struct tcplog_problem *problem);
void report_summary(const struct tcplog_summary *summary, const char *output);

#endif
