/* What the records of a session share, and how a record is numbered, placed and dated. */
#include "session/assembler.h"

#include "base/copy.h"
#include "model/sequel.h"

void assembler_free(struct assembler *assembler)
{
    for (size_t i = 0; i < SCRATCHES; i++)
        tcplog_buf_free(&assembler->scratch[i]);
    zone_close(&assembler->zone);
}

bool assembler_is_whole(const struct assembler *assembler)
{
    for (size_t i = 0; i < SCRATCHES; i++)
        if (assembler->scratch[i].status != TCPLOG_OK)
            return false;
    return true;
}

static void share(struct record *record, const struct session_facts *facts, struct whereabouts where,
                  enum tcplog_name zone_source)
{
    /* the values of these are each record's own (assembler_number, assembler_place) */
    static const enum field_id own[] = { FIELD_id, FIELD_sequence, FIELD_line, FIELD_line_end, FIELD_offset };
    record_text(record, FIELD_schema, STR(TCPLOG_SCHEMA_VERSION));
    record_text(record, FIELD_session_id, (struct str){ facts->id, sizeof(facts->id) });
    record_name(record, FIELD_time_zone_source, zone_source);
    record_text(record, FIELD_source_file, where.file);
    if (where.member.n)
        record_text(record, FIELD_source_member, where.member);
    record_name(record, FIELD_protocol, facts->protocol);
    if (facts->has_application)
        record_name(record, FIELD_application, facts->application);
    if (facts->has_dialect)
        record_name(record, FIELD_dialect, facts->dialect);
    if (facts->has_role)
        record_name(record, FIELD_role, facts->role);
    if (facts->has_protocol_source)
        record_name(record, FIELD_protocol_source, facts->protocol_source);
    if (facts->server.n)
        record_text(record, FIELD_server, facts->server);
    if (facts->peer.n)
        record_text(record, FIELD_peer, facts->peer);
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
        record_set(record, own[i]);
}

/* The zone asked for, else the one that the session tells. */
static enum tcplog_name find_zone(struct assembler *assembler, const struct session_facts *facts)
{
    assembler->local = assembler->zone;
    if (assembler->zone.count)
        return NAMES_zone_source_option;
    if (!facts->has_offset)
        return NAMES_zone_source_unknown;
    assembler->local = zone_fix(&assembler->told, facts->offset_told);
    return NAMES_zone_source_date_header;
}

static void begin_kind(struct assembler *assembler, const struct session_facts *facts, enum kind kind)
{
    struct record *record = &assembler->records[kind];
    record->kind = kind;
    record_text(record, FIELD_kind, str_of(tcplog_kind_names[kind]));
    record->generation[LIFE_SESSION] = ++assembler->generation;
    char *id = assembler->ids[kind];
    memcpy(id, facts->id, sizeof(facts->id));
    id[SESSION_ID_TEXT] = '-';
    id[SESSION_ID_TEXT + 1] = tcplog_kind_names[kind][kind == KIND_EXCHANGE];
    assembler->days[kind] = INT64_MIN;
}

/* What the session's records share is found once, and copied. */
static void copy_shared(const struct record *from, struct record *to)
{
    memcpy(to->present, from->present, sizeof(to->present));
    copy_short((char *)to->values, (const char *)from->values, sizeof(*to->values) * (FIELD_offset + 1));
}

void assembler_begin(struct assembler *assembler, const struct session_facts *facts, struct whereabouts where,
                     unsigned kinds)
{
    enum kind kind = kinds ? (enum kind)__builtin_ctz(kinds) : 0;
    struct record *first = &assembler->records[kind];
    /* the date of the session before is most often that of this one */
    if (assembler->generation == 0)
        assembler->day = INT64_MIN;
    memset(first->present, 0, sizeof(first->present));
    share(first, facts, where, find_zone(assembler, facts));
    begin_kind(assembler, facts, kind);
    for (kind++; kind < KIND_COUNT; kind++) {
        if (!(kinds >> kind & 1))
            continue;
        copy_shared(first, &assembler->records[kind]);
        begin_kind(assembler, facts, kind);
    }
    memcpy(assembler->shared, first->present, sizeof(assembler->shared));
    assembler->sequence = 0;
    assembler->placed.stamp = STAMP_NONE;
    assembler->turn = NULL;
    assembler->quarter = INT64_MIN;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void refresh_zone(struct assembler *assembler, int64_t wall, bool later)
{
    int64_t quarter = floor_div(wall, 900000) * 2 + later;
    if (quarter == assembler->quarter)
        return;
    assembler->quarter = quarter;
    char *to = zone_write(assembler->zone_text, zone_offset(&assembler->local, wall, later));
    assembler->zone_length = (size_t)(to - assembler->zone_text);
}

static void refresh_day(struct assembler *assembler, int64_t wall)
{
    assembler->day = floor_div(wall, DAY_MS) * DAY_MS;
    calendar_write(assembler->date_text, (int32_t)(assembler->day / DAY_MS));
}

/* RFC 3339. The stamp of the log serves as it is where it tells the time: it is the commonest case by far. */
static inline struct str write_time(struct assembler *assembler, char *to,
                                    const struct chronology *chronology, const struct moment *moment,
                                    const char *stamp)
{
    int64_t wall = daylight_wall(&chronology->daylight, moment->at);
    if ((uint64_t)wall - (uint64_t)assembler->day >= DAY_MS)
        refresh_day(assembler, wall);
    memcpy(to, assembler->date_text, DATE_TEXT);
    char *at = to + DATE_TEXT;
    *at++ = 'T';
    uint32_t ms = (uint32_t)(wall - assembler->day);
    if (stamp && ms == moment->stamp)
        memcpy(at, stamp, STAMP_TEXT);
    else
        calendar_write_stamp(at, ms);
    at += STAMP_TEXT;
    if (assembler->local.count) {
        refresh_zone(assembler, wall, daylight_later(&chronology->daylight, moment->at));
        memcpy(at, assembler->zone_text, assembler->zone_length);
        at += assembler->zone_length;
    }
    return (struct str){ to, (size_t)(at - to) };
}

struct str assembler_time_text(struct assembler *assembler, char *to, const struct chronology *chronology,
                               const struct moment *moment, const char *stamp)
{
    return write_time(assembler, to, chronology, moment, stamp);
}

void assembler_time_anew(struct assembler *assembler, struct record *record, const struct moment *moment,
                         struct str stamp, const struct chronology *chronology)
{
    record_clear(record, FIELD_time);
    record_clear(record, FIELD_time_zone);
    if (stamp.n == 0) {
        record_clear(record, FIELD_time_logged);
        return;
    }
    record_text(record, FIELD_time_logged, stamp);
    if (!chronology->dated)
        return;
    record_text(record, FIELD_time,
                write_time(assembler, assembler->times[record->kind], chronology, moment, stamp.p));
    assembler->days[record->kind] = assembler->day;
    if (assembler->local.count)
        record_text(record, FIELD_time_zone, assembler->local.name);
}

const char *assembler_clock(const struct record *record)
{
    if (!record_has(record, FIELD_time))
        return NULL;
    const char *stamp = record->values[FIELD_time_logged].text.p;
    const char *clock = record->values[FIELD_time].text.p + SEQUEL_CLOCK;
    return memcmp(clock, stamp, STAMP_TEXT) != 0 ? clock : NULL;
}

void assembler_skip(struct assembler *assembler, size_t lines)
{
    assembler->sequence += lines;
    if (lines)
        assembler->placed.stamp = STAMP_NONE;
}
