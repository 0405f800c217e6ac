/* An export read back: whether it follows the schema, and what it adds up to. */
#ifndef READBACK_VALIDATE_H
#define READBACK_VALIDATE_H

#include "tcplog/record.h"
#include "tcplog/validate.h"

struct readback_sums {
    uint64_t records;
    uint64_t kinds[KIND_COUNT]; /* records without fault, of each */
    uint64_t session_lines;     /* what the sessions among them say of their lines */
};

/* tcplog_validate, which tells more. */
enum tcplog_status readback_validate(const char *path, tcplog_report *report, void *context,
                                     struct readback_sums *sums);

#endif
