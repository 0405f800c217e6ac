/* Caps on what may come out of one archive. What comes out is counted at each depth apart: a .tar.gz of 1 GiB of logs is
 * 1 GiB, not two. */
#ifndef SOURCE_BOUNDS_H
#define SOURCE_BOUNDS_H

#include "source/trouble.h"
#include "tcplog/options.h"

enum { LAYERS_MOST = 32 };

struct bounds {
    struct tcplog_limits limits;
    uint64_t read;              /* bytes of the file itself */
    uint64_t made[LAYERS_MOST]; /* bytes that came out, by depth */
    uint64_t entries;
};

/* A new file. Limits that are 0 get their defaults. */
void bounds_begin(struct bounds *bounds, const struct tcplog_limits *limits);
/* Counts what came out at a depth; a trouble if that is more than may. */
enum trouble bounds_count(struct bounds *bounds, unsigned depth, uint64_t bytes);
enum trouble bounds_count_entry(struct bounds *bounds);

#endif
