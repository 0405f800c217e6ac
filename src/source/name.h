/* What the name of a log file says (FORMAT 1): never proof, only a hint for what the content leaves open. */
#ifndef SOURCE_NAME_H
#define SOURCE_NAME_H

#include "base/calendar.h"
#include "tcplog/record.h"

struct log_name {
    bool known; /* a session log by its name */
    bool has_protocol, has_role;
    enum tcplog_name protocol, role, application;
    int32_t day;    /* from TCP-YYMMDD-…, else DAY_NONE */
    int32_t minute; /* of that day: when the file was made */
};

void log_name_read(const char *path, struct log_name *name);

#endif
