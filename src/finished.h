/* How much of a log that a program still writes is over. */
#ifndef FINISHED_H
#define FINISHED_H

#include "tcplog/status.h"

#include <stdint.h>

/* See tcplog_finished_bytes. errno tells why it is TCPLOG_UNREADABLE. */
enum tcplog_status finished_measure(const char *path, uint64_t *bytes);

#endif
