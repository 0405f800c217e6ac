/* What is asked of an export, and whether a record, or a member of it, answers. */
#ifndef READBACK_QUERY_H
#define READBACK_QUERY_H

#include "base/timestamp.h"
#include "tcplog/cat.h"

enum { SESSION_MOST = 32 };

struct query {
    char digits[SESSION_MOST + 1]; /* of the session, in lower case */
    struct str session;            /* these; none: any session */
    uint64_t first, last;
    struct timestamp since, until;
    bool has_since, has_until;
};

/* What an index tells of a member's records. */
struct extent {
    uint64_t first, count;    /* number of the first record, from 1, and how many there are */
    bool timed;               /* at least one has a time; if so: */
    int64_t earliest, latest; /* local wall times */
    int64_t least, most;      /* minutes east of UTC */
    struct str sessions;      /* the first eight digits of each, with commas between */
};

/* The part of a query that makes no sense. */
enum query_fault { QUERY_GOOD, QUERY_SESSION, QUERY_RECORDS, QUERY_SINCE, QUERY_UNTIL };
enum query_fault query_read(struct query *query, const struct tcplog_query *asked);
/* Whether nothing but all of it is asked for. */
bool query_is_open(const struct query *query);
bool query_needs_time(const struct query *query);
/* Whether some record of the member may answer. */
bool query_may_find(const struct query *query, const struct extent *extent);
bool query_finds_number(const struct query *query, uint64_t number);
/* Empty: the record has none. */
bool query_finds_session(const struct query *query, struct str session);
bool query_finds_time(const struct query *query, struct str time);

#endif
