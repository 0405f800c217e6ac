/* A line of the journal as text: fields with tabs between, an end of line behind the last. In paths, a tab, an end of
 * line and a backslash stand as \t, \n, \r and \\; all other bytes are as they are. */
#ifndef CMD_JOURNAL_LINE_H
#define CMD_JOURNAL_LINE_H

#include "tcplog/str.h"

#include <limits.h>
#include <stdint.h>

enum { JOURNAL_HASH = 33, JOURNAL_PARTS = 256, JOURNAL_LINE_MOST = 4 * PATH_MAX + 2 * JOURNAL_PARTS + 512 };

/* An input, and what came of it. */
struct journal_line {
    char export[PATH_MAX]; /* its name below the folder */
    char source[PATH_MAX]; /* the input, as it was given */
    int64_t size, mtime;   /* of the input before it was read: bytes; ns since 1970 */
    uint64_t turn;  /* the how manieth conversion of this folder it was; 0: begun only, counts are nothing */
    uint64_t since; /* the turn in which the input was found to hold what it holds; 0: it has had none */
    char hash
        [JOURNAL_HASH]; /* of the input, sealed (seal.h); "": it has no export, for it is no session log */
    uint64_t lines, records, sessions, problems;
    uint64_t bytes; /* of the export */
    char parts
        [JOURNAL_PARTS]; /* partitions that its records went to, with commas between; "*": too many to name */
};

/* Answers the length; the line's end is the last byte. */
size_t journal_line_write(const struct journal_line *line, char to[JOURNAL_LINE_MOST]);
/* `text` ends before the end of line. False: it is none. */
bool journal_line_read(struct str text, struct journal_line *line);
/* The field that a line begins with, as it stands there: what lines are told apart by. */
struct str journal_line_key(struct str text);
/* What that is for an export of this name. */
struct str journal_line_key_of(const char *export, char to[JOURNAL_LINE_MOST]);

#endif
