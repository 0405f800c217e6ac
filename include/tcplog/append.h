/* Adds records to an export that grows. */
#ifndef TCPLOG_APPEND_H
#define TCPLOG_APPEND_H

#include "status.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct tcplog;

/* How far a growing export goes: zeroed it is still to be begun, and with nothing but its length one that is there. */
struct tcplog_growth {
    uint64_t length; /* bytes of the file; what stands behind them was never finished */
    bool known;      /* what follows holds; else it is found out where it is needed */
    uint64_t members, text, records, index_bytes; /* of a gzip file and its index */
    uint32_t index_crc;
};

/* Whole records in the format of `log`, without a header, go behind the first growth->length bytes of the export, where a
 * new one begins with what its format begins with. Where `log` compresses, they are members of a gzip file, and its
 * index, which is made anew where it does not fit, grows with it. Without records only what is behind the length is
 * cut off, of both. TCPLOG_UNREADABLE: the file does not hold what it should; else errno tells more. */
enum tcplog_status tcplog_append(const struct tcplog *log, const char *path, struct tcplog_growth *growth,
                                 struct str records);

#ifdef __cplusplus
}
#endif

#endif
