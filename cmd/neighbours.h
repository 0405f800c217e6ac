/* The inputs before this one, as far as it may learn from them: the sessions of a folder tell those behind them what the
 * two clocks do, 256 KiB of text far, in which a file counts for 16 KiB at least (docs/architecture.md). So an export is
 * out of date, too, where an input that close before its own has changed after it was made. What an input tells depends
 * on nothing but itself: no change goes on from neighbour to neighbour. */
#ifndef CMD_NEIGHBOURS_H
#define CMD_NEIGHBOURS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

enum { NEIGHBOURS = 16, NEIGHBOURS_REACH = 256 * 1024, NEIGHBOURS_FILE = NEIGHBOURS_REACH / NEIGHBOURS };

struct neighbours {
    struct neighbour {
        uint64_t since; /* the turn that it has been as it is since (journal_line.h); 0: it has changed */
        uint64_t size;
    } ring[NEIGHBOURS]; /* all of one folder */
    uint64_t count;
    char folder[PATH_MAX];
};

/* Another input was met; a size below 0: it is no file, and can teach nothing. */
void neighbours_note(struct neighbours *neighbours, const char *path, int64_t size, uint64_t since);
/* Whether what was made of the next input, the one at `path`, in that turn, is as if it were made now. */
bool neighbours_agree(const struct neighbours *neighbours, const char *path, uint64_t turn);

#endif
