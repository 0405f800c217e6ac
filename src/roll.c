/* Notes in a growing array, told as a line of an index: number of the first record, records, first and last time, least
 * and greatest offset, sessions. */
#include "roll.h"

#include "base/decimal.h"
#include "base/timestamp.h"

enum { SESSION_DIGITS = 8, HEAD_ROOM = 2 * TIMESTAMP_TEXT + 6 * DECIMAL_ROOM };

struct span {
    int64_t first, last; /* wall; first > last: no record has a time */
    int32_t least, most; /* offsets */
};

static size_t count_of(const struct roll *roll)
{
    return roll->entries.n / sizeof(struct entry);
}

static struct entry *entries_of(const struct roll *roll)
{
    return (struct entry *)(void *)roll->entries.p;
}

static uint32_t hex(struct str digits)
{
    uint32_t value = 0;
    for (size_t i = 0; i < SESSION_DIGITS && i < digits.n; i++) {
        uint32_t c = (unsigned char)digits.p[i];
        value = value << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return value;
}

static struct entry entry_of(uint32_t session, struct str text)
{
    struct timestamp time;
    struct entry entry = { .session = session, .wall = ENTRY_TIMELESS };
    if (timestamp_read(text, &time)) {
        entry.wall = time.wall;
        entry.offset = time.offset;
    }
    return entry;
}

static void add(struct roll *roll, struct entry entry, size_t end)
{
    entry.end = (uint32_t)end;
    tcplog_buf_add(&roll->entries, (struct str){ (const char *)&entry, sizeof(entry) });
}

static struct str time_of(const struct record *record)
{
    return record_has(record, FIELD_time) ? record->values[FIELD_time].text : STR("");
}

void roll_note(struct roll *roll, const struct record *record, size_t end)
{
    add(roll, entry_of(hex(record->values[FIELD_session_id].text), time_of(record)), end);
}

void roll_note_text(struct roll *roll, struct str session, struct str time, size_t end)
{
    add(roll, entry_of(hex(session), time), end);
}

/* ms of the second that a clock tells. */
static int64_t part_of(const char *clock)
{
    const char *part = clock + SEQUEL_PART + 1;
    return (part[0] - '0') * 100 + (part[1] - '0') * 10 + (part[2] - '0');
}

/* Its second is that of the first record, too: only the part of it is each one's own. */
void roll_note_sequel(struct roll *roll, const struct record *first, const struct sequel *sequel,
                      const struct buf *text, size_t before)
{
    struct str time = time_of(first), rest = str_from(buf_str(text), before);
    struct entry entry = entry_of(hex(first->values[FIELD_session_id].text), time);
    bool timed = entry.wall != ENTRY_TIMELESS && time.n >= TIMESTAMP_TEXT;
    const int64_t second = timed ? entry.wall - part_of(time.p + SEQUEL_CLOCK) : 0;
    for (size_t i = 0; i <= sequel->count; i++) {
        const char *end = memchr(rest.p, '\n', rest.n);
        if (!end)
            return;
        if (i > 0 && timed)
            entry.wall = second + part_of(sequel->lines[i - 1].clock);
        rest = str_from(rest, (size_t)(end - rest.p) + 1);
        add(roll, entry, text->n - rest.n);
    }
}

void roll_join(struct roll *roll, const struct buf *entries, size_t at)
{
    size_t first = count_of(roll);
    tcplog_buf_add(&roll->entries, buf_str(entries));
    for (size_t i = first; i < count_of(roll); i++)
        entries_of(roll)[i].end += (uint32_t)at;
}

size_t roll_cut(const struct roll *roll, size_t most)
{
    const struct entry *entries = entries_of(roll);
    size_t low = 0, high = count_of(roll);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (entries[middle].end <= most)
            low = middle + 1;
        else
            high = middle;
    }
    return entries[low ? low - 1 : 0].end;
}

/* Whether the record is one of the first n bytes. */
static bool leaves(const struct roll *roll, size_t i, size_t n)
{
    return i < count_of(roll) && entries_of(roll)[i].end <= n;
}

static void widen(struct span *span, const struct entry *entry)
{
    if (entry->wall == ENTRY_TIMELESS)
        return;
    span->first = entry->wall < span->first ? entry->wall : span->first;
    span->last = entry->wall > span->last ? entry->wall : span->last;
    span->least = entry->offset < span->least ? entry->offset : span->least;
    span->most = entry->offset > span->most ? entry->offset : span->most;
}

static char *tell_span(char *to, const struct span *span)
{
    if (span->first > span->last) {
        const struct str none = STR("- - 0 0");
        memcpy(to, none.p, none.n);
        return to + none.n;
    }
    to = timestamp_write(to, span->first);
    *to++ = ' ';
    to = timestamp_write(to, span->last);
    *to++ = ' ';
    to = decimal(to, span->least);
    *to++ = ' ';
    return decimal(to, span->most);
}

static void tell_session(char *to, uint32_t session)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[session >> shift & 15];
}

/* Each session once where its records stand together, as they do. */
static void tell_sessions(struct roll *roll, size_t n)
{
    const struct entry *entries = entries_of(roll);
    for (size_t i = 0; leaves(roll, i, n); i++) {
        if (i > 0 && entries[i].session == entries[i - 1].session)
            continue;
        char *to = tcplog_buf_room(&roll->text, SESSION_DIGITS + 1);
        if (!to)
            break;
        *to++ = i ? ',' : ' ';
        tell_session(to, entries[i].session);
        roll->text.n += SESSION_DIGITS + 1;
    }
}

static void forget(struct roll *roll, size_t count, size_t n)
{
    struct entry *entries = entries_of(roll);
    size_t left = count_of(roll) - count;
    for (size_t i = 0; i < left; i++) {
        entries[i] = entries[count + i];
        entries[i].end -= (uint32_t)n;
    }
    roll->entries.n = left * sizeof(*entries);
    roll->told += count;
}

struct str roll_tell(struct roll *roll, size_t n)
{
    struct span span = { .first = INT64_MAX, .last = INT64_MIN, .least = INT32_MAX, .most = INT32_MIN };
    size_t count = 0;
    for (; leaves(roll, count, n); count++)
        widen(&span, &entries_of(roll)[count]);
    roll->text.n = 0;
    char *start = tcplog_buf_room(&roll->text, HEAD_ROOM), *to = start;
    if (!start)
        return STR("");
    to = decimal(to, (int64_t)roll->told + 1);
    *to++ = ' ';
    to = decimal(to, (int64_t)count);
    *to++ = ' ';
    roll->text.n = (size_t)(tell_span(to, &span) - start);
    tell_sessions(roll, n);
    forget(roll, count, n);
    return buf_str(&roll->text);
}

enum tcplog_status roll_status(const struct roll *roll)
{
    return roll->entries.status != TCPLOG_OK ? roll->entries.status : roll->text.status;
}

void roll_free(struct roll *roll)
{
    tcplog_buf_free(&roll->entries);
    tcplog_buf_free(&roll->text);
}
