/* Holds exports against the schema that they claim to follow. */
#ifndef TCPLOG_VALIDATE_H
#define TCPLOG_VALIDATE_H

#include "problem.h"
#include "status.h"

#include <stdint.h>

/* Checks one export (jsonl or csv, plain or gzip, "-" for standard input) against the schema; every fault is one
 * problem. TCPLOG_INVALID if there was any; *records counts what was read. */
enum tcplog_status tcplog_validate(const char *path, tcplog_report *report, void *context, uint64_t *records);

#endif
