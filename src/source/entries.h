/* The entries of an archive, one after another, as libarchive finds them, and those that it would leave behind. */
#ifndef SOURCE_ENTRIES_H
#define SOURCE_ENTRIES_H

#include "source/layer.h"

/* As archive_read_next_header. RETRY: the next call may find more. Where reading an entry of a zip was fatal, the reader sets
 * `torn` before. */
int entries_next(struct layer *layer, struct archive_entry **entry);

#endif
