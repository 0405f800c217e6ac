/* Holds exports against the schema that they claim to follow. */
#ifndef TCPLOG_VALIDATE_H
#define TCPLOG_VALIDATE_H

#include "options.h"
#include "problem.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Checks one export (jsonl or csv, plain or gzip, "-" for standard input) against the schema; every fault is one
 * problem. TCPLOG_INVALID if there was any; *records counts what was read. TCPLOG_MEMORY: there is no verdict, and a problem
 * says so. */
enum tcplog_status tcplog_validate(const char *path, tcplog_report *report, void *context, uint64_t *records);

/* Reads an export back: whether it holds what the summary of its inputs says, every record, and where lines or sessions were
 * asked for, every line, unless it says of none. False: `why` is a problem's text that says what is wrong first. */
enum { TCPLOG_WHY = 256 };
bool tcplog_agrees(const char *path, const struct tcplog_summary *summary, char why[TCPLOG_WHY]);

#ifdef __cplusplus
}
#endif

#endif
