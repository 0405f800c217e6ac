/* What came of one input is added to what came of those before it. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "tcplog/options.h"

void summary_add(struct tcplog_summary *total, const struct tcplog_summary *part);

#endif
