/* Rows fill the head, then the tail, which is a ring: what is pushed out of it is dropped, or kept apart if it failed.
 * Texts are copied, for a record's views die with it, and cut to fixed rooms. */
#include "writer/story.h"

#include "base/calendar.h"
#include "base/decimal.h"

enum { MINUTE_MS = 60000 };

bool record_is(const struct record *record, enum field_id id, enum tcplog_name name)
{
    return record_has(record, id) && str_equal(record->values[id].text, tcplog_name_texts[name]);
}

int64_t record_count(const struct record *record, enum field_id id, int64_t otherwise)
{
    return record_has(record, id) ? record->values[id].number : otherwise;
}

/* Copies a text into a room, cut between two characters and with dots where it is too long. */
static void keep(char *to, size_t room, struct str text)
{
    size_t n = text.n;
    if (n >= room) {
        /* room for the dots and the end */
        n = room - 4;
        while (n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
            n--;
    }
    if (n)
        memcpy(to, text.p, n);
    memcpy(to + n, "...", n < text.n ? 4 : 0);
    to[n < text.n ? n + 3 : n] = '\0';
}

static void keep_field(char *to, size_t room, const struct record *record, enum field_id id)
{
    keep(to, room, record_has(record, id) ? record->values[id].text : STR(""));
}

#define KEEP(to, record, id) keep_field(to, sizeof(to), record, id)

static uint32_t digits_at(struct str text, size_t start, size_t count)
{
    uint32_t number;
    decimal_read((struct str){ text.p + start, count }, &number);
    return number;
}

/* HH:MM:SS.mmm */
static int64_t clock_ms(struct str text)
{
    return ((digits_at(text, 0, 2) * 60 + digits_at(text, 3, 2)) * 60 + digits_at(text, 6, 2)) * 1000LL +
           digits_at(text, 9, 3);
}

/* Minutes that the zone is ahead; 2014-02-10T21:37:28.507+01:00 */
static int64_t offset_minutes(struct str time)
{
    enum { BEFORE = DATE_TEXT + 1 + STAMP_TEXT };
    if (time.n < BEFORE + 6)
        return 0;
    int64_t minutes = (int64_t)digits_at(time, BEFORE + 1, 2) * 60 + digits_at(time, BEFORE + 4, 2);
    return time.p[BEFORE] == '-' ? -minutes : minutes;
}

int64_t story_time(const struct record *record)
{
    struct str time = record->values[FIELD_time].text, stamp = record->values[FIELD_time_logged].text;
    if (record_has(record, FIELD_time) && time.n >= DATE_TEXT + 1 + STAMP_TEXT) {
        int32_t day = calendar_day((int)digits_at(time, 0, 4), digits_at(time, 5, 2), digits_at(time, 8, 2));
        return (int64_t)day * DAY_MS + clock_ms(str_from(time, DATE_TEXT + 1)) -
               offset_minutes(time) * MINUTE_MS;
    }
    return record_has(record, FIELD_time_logged) && stamp.n >= STAMP_TEXT ? clock_ms(stamp) : TIME_NONE;
}

void story_clear(struct story *story)
{
    story->rows = story->kept = story->tail = story->ordered = 0;
    story->left_out = story->refusals = story->mails = story->set_back = story->masked = 0;
    story->spoken = false;
    memset(story->trusted, 0, sizeof(story->trusted));
}

/* A row that leaves the tail is kept apart if it failed and there is room; else it is only counted. */
static void leave_out(struct story *story, const struct row *row)
{
    bool failed = row->kind == ROW_ALARM || row->end == END_REFUSED || row->end == END_UNANSWERED;
    if (failed && story->kept < ROW_KEPT) {
        story->row[ROW_HEAD + ROW_TAIL + story->kept++] = *row;
        return;
    }
    if (story->left_out++ == 0)
        story->left_out_from = row->line;
    story->left_out_to = row->line;
}

/* The place of the next row:
 *
 *   row[]   | head: the first ones | tail: a ring, the oldest at `tail` | kept: failed, pushed out of the tail |
 *           0                  ROW_HEAD                        + ROW_TAIL                            ROW_MOST */
static struct row *new_row(struct story *story)
{
    if (story->rows < ROW_HEAD + ROW_TAIL)
        return &story->row[story->rows++];
    struct row *oldest = &story->row[ROW_HEAD + story->tail];
    leave_out(story, oldest);
    story->tail = (story->tail + 1) % ROW_TAIL;
    return oldest;
}

/* A row that is none of these went well, or at least on. */
static enum row_end end_of(const struct record *record)
{
    static const struct {
        enum tcplog_name status;
        enum row_end end;
    } ends[] = { { NAMES_status_transient_failure, END_REFUSED },
                 { NAMES_status_permanent_failure, END_REFUSED },
                 { NAMES_status_failure, END_REFUSED },
                 { NAMES_status_unanswered, END_UNANSWERED },
                 { NAMES_status_unsolicited, END_UNASKED } };
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
        if (record_is(record, FIELD_status, ends[i].status))
            return ends[i].end;
    return END_WELL;
}

static enum trust trust_of(const struct record *record)
{
    static const enum tcplog_name names[] = {
        [TRUST_EXACT] = NAMES_timing_exact,
        [TRUST_REPAIRED] = NAMES_timing_repaired,
        [TRUST_UNCERTAIN] = NAMES_timing_uncertain,
        [TRUST_LOGGING] = NAMES_timing_logging_bound,
    };
    for (int trust = TRUST_EXACT; trust < TRUST_COUNT; trust++)
        if (record_is(record, FIELD_timing, names[trust]))
            return (enum trust)trust;
    return TRUST_NONE;
}

/* The first few in full; the others are counted. */
static void add_refusal(struct story *story, const struct record *record)
{
    if (story->refusals++ >= REFUSED_MOST)
        return;
    struct refusal *refusal = &story->refusal[story->refusals - 1];
    /* the first reply may have asked for more, or have been data (of IMAP, whose replies have tags); the last one refused */
    bool last = record_has(record, FIELD_intermediate_code) || record_has(record, FIELD_tag);
    enum field_id said = last ? FIELD_line_end : FIELD_reply_line;
    refusal->line = (uint64_t)record_count(record, said, record->values[FIELD_line].number);
    KEEP(refusal->command, record, FIELD_command);
    KEEP(refusal->what, record, FIELD_argument);
    KEEP(refusal->code, record, FIELD_reply_code);
    KEEP(refusal->reply, record, FIELD_reply_text);
    KEEP(refusal->meaning, record, FIELD_meaning);
    KEEP(refusal->action, record, FIELD_action);
}

/* Every field is set, for the row may have been another's. */
static void add_exchange(struct story *story, const struct record *record)
{
    struct row *row = new_row(story);
    row->kind = ROW_EXCHANGE;
    row->end = end_of(record);
    row->trust = trust_of(record);
    row->line = (uint64_t)record_count(record, FIELD_line, 0);
    row->line_end = (uint64_t)record_count(record, FIELD_line_end, 0);
    row->reply_line = (uint64_t)record_count(record, FIELD_reply_line, 0);
    row->at = story_time(record);
    row->took = record_count(record, FIELD_total_ms, record_count(record, FIELD_rtt_ms, -1));
    row->bytes = record_count(record, FIELD_payload_bytes, -1);
    row->greets = record_is(record, FIELD_phase, NAMES_phase_greeting);
    KEEP(row->command, record, FIELD_command);
    KEEP(row->what, record, FIELD_argument);
    KEEP(row->code, record, FIELD_reply_code);
    KEEP(row->reply, record, FIELD_reply_text);
    story->spoken = true;
    story->trusted[row->trust]++;
    story->masked += record_count(record, FIELD_redacted, 0) != 0;
    story->set_back += record_is(record, FIELD_time_repair, NAMES_repair_backward);
    if (row->end == END_REFUSED)
        add_refusal(story, record);
}

static bool is_one_of(const struct record *record, enum field_id id, const enum tcplog_name *names,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (record_is(record, id, names[i]))
            return true;
    return false;
}

/* What was said, and is of no exchange: where there are none, because the protocol is not known, or not the one that was
 * spoken, nothing else tells what went on. */
static bool is_apart(const struct story *story, const struct record *record)
{
    return !story->spoken && record_is(record, FIELD_class, NAMES_class_data) &&
           !record_has(record, FIELD_exchange) && record_has(record, FIELD_arrow);
}

/* Of lines, those that nobody said, and those that no exchange tells of. */
static void add_line(struct story *story, const struct record *record)
{
    static const enum tcplog_name alarms[] = { NAMES_class_error, NAMES_class_warning };
    static const enum tcplog_name remarks[] = { NAMES_class_tls, NAMES_class_remark, NAMES_class_connect,
                                                NAMES_class_closing };
    bool alarm = is_one_of(record, FIELD_class, alarms, sizeof(alarms) / sizeof(*alarms));
    bool apart = !alarm && is_apart(story, record);
    if (!alarm && !apart && !is_one_of(record, FIELD_class, remarks, sizeof(remarks) / sizeof(*remarks)))
        return;
    struct row *row = new_row(story);
    *row = (struct row){ .kind = alarm ? ROW_ALARM : ROW_REMARK, .at = story_time(record), .took = -1 };
    row->line = (uint64_t)record_count(record, FIELD_line, 0);
    size_t arrow = 0;
    if (apart) {
        struct str text = record->values[FIELD_arrow].text;
        arrow = text.n + 1;
        keep(row->what, arrow + 1, text);
        row->what[arrow - 1] = ' ';
    }
    keep_field(row->what + arrow, sizeof(row->what) - arrow, record, FIELD_text);
}

/* The first text of a list, and how many there are. */
static void keep_list(char *to, size_t room, const struct record *record, enum field_id id, uint64_t *count)
{
    const struct list *list = &record->values[id].list;
    *count = record_has(record, id) ? list->count : 0;
    keep(to, room, *count ? list->items[0] : STR(""));
}

static void add_message(struct story *story, const struct record *record)
{
    if (story->mails++ >= MAILS_MOST)
        return;
    struct mail *mail = &story->mail[story->mails - 1];
    mail->line = (uint64_t)record_count(record, FIELD_line, 0);
    mail->sent = record_is(record, FIELD_direction, NAMES_direction_sent);
    mail->went_well = record_is(record, FIELD_status, NAMES_status_success);
    mail->unanswered = record_is(record, FIELD_status, NAMES_status_unanswered);
    mail->carried = record_has(record, FIELD_exchange);
    mail->deleted = record_count(record, FIELD_deleted, 0) != 0;
    /* of a mail that was refused before it was sent, what the client said of it */
    mail->bytes = record_count(record, FIELD_payload_bytes, record_count(record, FIELD_size_declared, -1));
    mail->number = record_count(record, FIELD_number, -1);
    mail->has_sender = record_has(record, FIELD_mail_from);
    keep_list(mail->to, sizeof(mail->to), record, FIELD_rcpt_to, &mail->recipients);
    keep_list(mail->not_to, sizeof(mail->not_to), record, FIELD_rcpt_rejected, &mail->rejected);
    KEEP(mail->from, record, FIELD_mail_from);
    KEEP(mail->queue_id, record, FIELD_queue_id);
    KEEP(mail->message_id, record, FIELD_message_id);
    KEEP(mail->reply, record, FIELD_reply_text);
}

void story_add(struct story *story, const struct record *record)
{
    switch (record->kind) {
    case KIND_LINE: add_line(story, record); break;
    case KIND_EXCHANGE: add_exchange(story, record); break;
    case KIND_MESSAGE: add_message(story, record); break;
    default: break;
    }
}

/* Rows come nearly in order, for an exchange leaves when it is complete: each moves but a few places. */
static void insert(struct story *story, uint32_t index)
{
    uint32_t to = story->ordered++;
    for (; to && story->row[story->order[to - 1]].line > story->row[index].line; to--)
        story->order[to] = story->order[to - 1];
    story->order[to] = (uint16_t)index;
}

/* Three parts, each nearly in order; the tail from its oldest row on, round the ring. */
void story_sort(struct story *story)
{
    uint32_t head = story->rows < ROW_HEAD ? story->rows : ROW_HEAD, tail = story->rows - head;
    story->ordered = 0;
    for (uint32_t i = 0; i < head; i++)
        insert(story, i);
    for (uint32_t i = 0; i < story->kept; i++)
        insert(story, ROW_HEAD + ROW_TAIL + i);
    for (uint32_t i = 0; i < tail; i++)
        insert(story, ROW_HEAD + (story->tail + i) % (tail ? tail : 1));
}
