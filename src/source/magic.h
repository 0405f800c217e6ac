/* Whether bytes are compressed or an archive, by how they begin. Names do not count. */
#ifndef SOURCE_MAGIC_H
#define SOURCE_MAGIC_H

#include "tcplog/str.h"

enum magic {
    MAGIC_NONE,
    MAGIC_GZIP,
    MAGIC_BZIP2,
    MAGIC_XZ,
    MAGIC_ZSTD,
    MAGIC_TAR,
    MAGIC_ZIP,
    MAGIC_SEVEN_ZIP,
};

enum magic magic_of(struct str head);
/* One stream of bytes without a name, not a number of files. */
bool magic_is_compression(enum magic magic);

#endif
