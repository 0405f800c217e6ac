/* Messages for people, on standard error; names in them without control characters. */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "upshot.h"

/* A tcplog_report: "tcplog: file:line: field: text [id]". */
void report_problem(void *context, const struct tcplog_problem *problem);
void report_summary(const struct upshot *upshot);
/* Where nothing went wrong, and yet nothing was converted, that is told. */
void report_nothing(const struct upshot *upshot);
/* The last line of the terminal until the next message: drawn over the one before. NULL: there is none any more. */
void report_bar(const char *text);
/* An export is valid, on standard output; false: it could not be said, and main tells why while errno does. */
bool report_valid(const char *path, uint64_t records);
/* The output that was named is not kept. */
void report_given_up(const char *output);
/* How watching a folder ended. */
void report_watched(const char *folder, uint64_t exports, const char *output);
/* A code that no table has, and nothing is known of. */
void report_unknown_code(const char *word);
void report_version(void);
/* What commands print themselves goes out now; false: it could not, and the user has been told why. */
bool report_output(void);

#endif
