/* Records that are text go behind those of an export (include/tcplog/append.h). */
#ifndef APPEND_H
#define APPEND_H

#include "output.h"
#include "tcplog/append.h"

/* `target` says of which format, and how it is packed, if it is. */
enum tcplog_status append_records(const struct output_options *target, const char *path,
                                  struct tcplog_growth *growth, struct str records);

#endif
