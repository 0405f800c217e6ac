/* What the parts of the journal (reading, adding, writing it anew) have in common, and nobody else sees. */
#ifndef CMD_JOURNAL_PART_H
#define CMD_JOURNAL_PART_H

#include "journal.h"

#define JOURNAL_RUN "\trun\t"
#define JOURNAL_SAFE "\tsafe\n"

enum { JOURNAL_BOOT_ID = 64 };

/* The text of the journal as it is now, for reading only. */
struct journal_view {
    const char *p;
    size_t n;
};
bool journal_map(const struct journal *journal, struct journal_view *view);
void journal_unmap(const struct journal_view *view);
/* The line at *at without its end, and goes behind it; false: there is no more that has one. */
bool journal_next(const struct journal_view *view, uint64_t *at, struct str *line);
/* "run" and "safe" begin with the tab in front of which an export would stand. */
bool journal_is_mark(struct str line);

/* Which line of an export is its last one. */
struct journal_slot *journal_slot_of(struct journal *journal, struct str key);
bool journal_index_line(struct journal *journal, struct str key, uint64_t at);

/* The machine's, for as long as it has power; "": it tells none. */
void journal_boot_id(char id[JOURNAL_BOOT_ID]);
/* All or nothing, behind the last line. */
bool journal_append(struct journal *journal, struct str bytes);
/* Until here everything is on the disk. */
bool journal_make_safe(struct journal *journal);

/* Takes the place of the journal: a new file with the head of this run and those lines that count and that `put`, which
 * gets a FILE, writes to it. The index is that of the old file still. */
bool journal_rewrite(struct journal *journal, journal_visit *put);
/* Removes what is left of one that was cut off. */
void journal_forget_new(const struct journal *journal);
/* For it: the line as it is, unless it is begun only; or begun only, whatever it is. */
bool journal_put_done(void *file, const struct journal_line *line);
bool journal_put_begun(void *file, const struct journal_line *line);

#endif
