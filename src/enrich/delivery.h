/* What a reply tells of the mail that it takes over. */
#ifndef ENRICH_DELIVERY_H
#define ENRICH_DELIVERY_H

#include "tcplog/str.h"

/* By the first habit that fits, as a view of the text; an empty word where the mark has none beside it. */
struct str delivery_queue_id(struct str text);

#endif
