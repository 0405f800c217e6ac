/* Takes records out of exports, by session, place and time. */
#ifndef TCPLOG_CAT_H
#define TCPLOG_CAT_H

#include "problem.h"
#include "status.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is added to the name of a gzip export to name its index. */
#define TCPLOG_INDEX_SUFFIX ".idx"

/* All that is asked must be so. */
struct tcplog_query {
    const char *session;  /* an id, or how it begins: 1 to 32 hexadecimal digits; NULL: any */
    uint64_t first, last; /* records of the export, from 1; 0: from the first, to the last */
    /* "2014-02-10", "2014-02-10T21:37:28.507", with "Z" or "+01:00" behind it, or cut short between two numbers; NULL: any.
     * From `since` on, and before `until`. A time without zone is held against local times, as records have them; one
     * with a zone against instants, and of records without zone it takes the time for UTC. */
    const char *since, *until;
};

/* Text of records, whole ones, of which the last in a file may lack its line end; or the header of a CSV export, which comes
 * before them. False: no more is wanted. */
typedef bool tcplog_put(void *context, struct str text, bool header);

/* One export, jsonl or csv, plain or gzip, "-" for standard input. Of a gzip file that has an index only those members
 * are read that may hold what is asked for; where it has none, or one of another file, `report` is told. What is no
 * record (no JSON object with a kind; a row of CSV that does not begin with one, where the header does) is not put, and of what
 * is no export nothing is. TCPLOG_DAMAGED: so it was, or some of the file was damaged, and
 * what could be read was put; TCPLOG_USAGE: the query makes no sense, and nothing was. */
enum tcplog_status tcplog_cat(const char *path, const struct tcplog_query *query, tcplog_put *put,
                              tcplog_report *report, void *context);

#ifdef __cplusplus
}
#endif

#endif
