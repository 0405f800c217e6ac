/* Reads the query once, and compares. A time without zone is a wall time, and one with a zone an instant; records have
 * both, as far as their own zone is known. */
#include "readback/query.h"

enum { LISTED = 8 }; /* digits of a session in an index */

static bool read_session(struct query *query, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    if (text && (n == 0 || n > SESSION_MOST))
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        query->digits[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
        if (!strchr("0123456789abcdef", query->digits[i]))
            return false;
    }
    query->session = (struct str){ query->digits, n };
    return true;
}

static bool read_time(struct timestamp *time, bool *has, const char *text)
{
    *has = text != NULL;
    return !text || timestamp_read(str_of(text), time);
}

enum query_fault query_read(struct query *query, const struct tcplog_query *asked)
{
    *query = (struct query){ .first = asked->first ? asked->first : 1,
                             .last = asked->last ? asked->last : UINT64_MAX };
    if (!read_session(query, asked->session))
        return QUERY_SESSION;
    if (query->first > query->last)
        return QUERY_RECORDS;
    if (!read_time(&query->since, &query->has_since, asked->since))
        return QUERY_SINCE;
    return read_time(&query->until, &query->has_until, asked->until) ? QUERY_GOOD : QUERY_UNTIL;
}

bool query_needs_time(const struct query *query)
{
    return query->has_since || query->has_until;
}

bool query_is_open(const struct query *query)
{
    return query->session.n == 0 && query->first == 1 && query->last == UINT64_MAX &&
           !query_needs_time(query);
}

/* A list of digits, all of the same length. */
static bool lists(struct str sessions, struct str session)
{
    struct str listed = str_upto(session, session.n < LISTED ? session.n : LISTED);
    for (; sessions.n >= LISTED; sessions = str_from(sessions, LISTED + 1)) {
        if (str_starts(sessions, listed))
            return true;
        if (sessions.n == LISTED)
            break;
    }
    return session.n == 0;
}

/* The latest of them may be of the least offset, which makes an instant late. */
static bool reaches(const struct extent *extent, const struct timestamp *since)
{
    if (!since->zoned)
        return extent->latest >= since->wall;
    return extent->latest - extent->least * 60000 >= timestamp_instant(since);
}

static bool begins_before(const struct extent *extent, const struct timestamp *until)
{
    if (!until->zoned)
        return extent->earliest < until->wall;
    return extent->earliest - extent->most * 60000 < timestamp_instant(until);
}

bool query_may_find(const struct query *query, const struct extent *extent)
{
    if (extent->count == 0 || extent->first > query->last ||
        (query->first > extent->first && query->first - extent->first >= extent->count))
        return false;
    if (query_needs_time(query) && !extent->timed)
        return false;
    return (!query->has_since || reaches(extent, &query->since)) &&
           (!query->has_until || begins_before(extent, &query->until)) &&
           lists(extent->sessions, query->session);
}

bool query_finds_number(const struct query *query, uint64_t number)
{
    return number >= query->first && number <= query->last;
}

bool query_finds_session(const struct query *query, struct str session)
{
    return str_starts(session, query->session);
}

static bool is_before(const struct timestamp *time, const struct timestamp *bound)
{
    return bound->zoned ? timestamp_instant(time) < timestamp_instant(bound) : time->wall < bound->wall;
}

bool query_finds_time(const struct query *query, struct str text)
{
    struct timestamp time;
    if (!query_needs_time(query))
        return true;
    if (!timestamp_read(text, &time))
        return false;
    return (!query->has_since || !is_before(&time, &query->since)) &&
           (!query->has_until || is_before(&time, &query->until));
}
