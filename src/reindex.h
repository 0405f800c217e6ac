/* Makes the index of a gzip file of ours anew, from what is in its members. */
#ifndef REINDEX_H
#define REINDEX_H

#include "scribe.h"
#include "sink/index.h"

/* Of its first `length` bytes, which begin with a header of so many bytes of text. The scribe is open; its roll goes on behind
 * these records, and *place tells where they end. TCPLOG_UNREADABLE: it is no such file. */
enum tcplog_status reindex(int fd, uint64_t length, const char *path, struct scribe *scribe, size_t header,
                           struct index_place *place);

#endif
