/* The inputs before this one, as far as it may learn from them: the sessions of a folder tell those behind them what the
 * two clocks do (docs/architecture.md), 16 sessions and 256 KiB of text far. So an export is out of date, too, where an
 * input that close before its own was converted after it. */
#ifndef CMD_NEIGHBOURS_H
#define CMD_NEIGHBOURS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { NEIGHBOURS = 16, NEIGHBOURS_BYTES = 256 * 1024 };

struct neighbour {
    char path[PATH_MAX];
    uint64_t turn; /* of its conversion (journal_line.h); 0: it is being converted, and may be no log at all */
    uint64_t sessions;
    int64_t size;
};

struct neighbours {
    struct neighbour ring[NEIGHBOURS];
    uint64_t count;
};

/* Another input was met. */
void neighbours_note(struct neighbours *neighbours, const char *path, int64_t size, uint64_t turn,
                     uint64_t sessions);
/* Whether what was made of the next input, the one at `path`, in that turn, is as if it were made now. */
bool neighbours_agree(const struct neighbours *neighbours, const char *path, uint64_t turn);

#endif
