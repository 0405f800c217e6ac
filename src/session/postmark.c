/* Follows an SMTP client's lines from DATA or BDAT through the header of each mail, no farther than the batch goes. It
 * need not be as exact as protocol/smtp.c: what it takes for a header by mistake still has to tell the log's own time. */
#include "session/postmark.h"

#include "base/ascii.h"
#include "base/decimal.h"
#include "base/mail_date.h"

#include <stdlib.h>

enum { NEAR = 60000 /* ms between Date and stamp: older mails may have been written elsewhere */ };

enum part { PART_COMMANDS, PART_ASKED /* for a mail's content, by DATA */, PART_HEADER, PART_BODY };

struct reading {
    enum part part;
    bool chunk;       /* the content is one of BDAT … */
    bool later_chunk; /* … and was begun by the chunk before */
    bool date_next;   /* the value of Date is on the line to come */
    uint64_t left;    /* of a chunk */
    int64_t day;      /* ms since 1970 at the start of the day of the stamp */
    uint32_t stamp;
};

static bool begins_with(struct str text, struct str word)
{
    return text.n >= word.n && (text.p[0] & 0xDF) == word.p[0] && ascii_starts(text, word);
}

static void command(struct reading *reading, struct str line)
{
    if (begins_with(line, STR("MAIL "))) {
        reading->later_chunk = false;
    } else if (begins_with(line, STR("DATA")) && line.n == 4) {
        reading->part = PART_ASKED;
        reading->chunk = false;
    } else if (begins_with(line, STR("BDAT ")) && decimal_read_long(str_from(line, 5), &reading->left) > 0 &&
               reading->left > 0) {
        reading->part = reading->later_chunk ? PART_BODY : PART_HEADER;
        reading->chunk = reading->later_chunk = true;
    }
}

static bool tells_date(const struct reading *reading, struct str value, int32_t *offset)
{
    struct mail_date date;
    if (!mail_date_read(value, &date))
        return false;
    *offset = date.offset;
    int64_t logged = reading->day + reading->stamp, written = (int64_t)date.date.day * DAY_MS + date.date.ms;
    return llabs(logged - written) <= NEAR;
}

/* Answers whether this is the Date that was looked for. */
static bool header(struct reading *reading, struct str line, int32_t *offset)
{
    static const struct str name = { "Date:", 5 };
    bool folded = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
    if (line.n == 0)
        reading->part = PART_BODY;
    if (reading->date_next) {
        reading->date_next = false;
        return folded && tells_date(reading, line, offset);
    }
    if (!begins_with(line, name))
        return false;
    struct str value = str_from(line, name.n);
    while (value.n > 0 && (value.p[0] == ' ' || value.p[0] == '\t'))
        value = str_from(value, 1);
    reading->date_next = value.n == 0;
    return tells_date(reading, value, offset);
}

/* The content of a mail goes on, or ends. */
static bool content(struct reading *reading, struct str line, int32_t *offset)
{
    enum { LINE_END = 2 };
    bool dot = line.n == 1 && line.p[0] == '.' && !reading->chunk;
    bool found = reading->part == PART_HEADER && !dot && header(reading, line, offset);
    bool ends = reading->chunk && reading->left <= line.n + LINE_END;
    reading->left -= line.n + LINE_END;
    if (dot || ends) {
        reading->part = PART_COMMANDS;
        reading->date_next = false;
    }
    return found;
}

static bool client_says(struct reading *reading, struct str line, int32_t *offset)
{
    if (reading->part >= PART_HEADER)
        return content(reading, line, offset);
    reading->part = PART_COMMANDS;
    command(reading, line);
    return false;
}

static void server_says(struct reading *reading, struct str line)
{
    if (reading->part == PART_ASKED && str_starts(line, STR("354")))
        reading->part = PART_HEADER;
    else if (reading->part >= PART_HEADER && !reading->chunk)
        reading->part = PART_COMMANDS;
}

static void pass_time(struct reading *reading, uint32_t stamp)
{
    if (stamp == STAMP_NONE)
        return;
    bool midnight =
        reading->stamp != STAMP_NONE && reading->stamp > stamp && reading->stamp - stamp > DAY_MS / 2;
    reading->day += midnight ? DAY_MS : 0;
    reading->stamp = stamp;
}

/* Goes past more of a body of which only its dot matters, nearly all that a client sends: the lines of a run have no dot,
 * and no second but one. Answers how many. */
static size_t pass_body(struct reading *reading, const struct batch *batch, const struct prelude *prelude,
                        const struct event *event)
{
    size_t n = 0;
    if (reading->part == PART_BODY && !reading->chunk && prelude_side(prelude, event) == SIDE_CLIENT)
        n = batch_run(batch, event);
    if (n > 0) {
        pass_time(reading, event->stamp);
        reading->stamp = event[n - 1].stamp;
    }
    return n;
}

/* Whether the Date that was looked for is in the batch. */
static bool read_batch(struct reading *reading, const struct batch *batch, const struct prelude *prelude,
                       int32_t *offset)
{
    for (size_t i = 0, n; i < batch->count; i += n ? n : 1) {
        const struct event *event = &batch->events[i];
        if ((n = pass_body(reading, batch, prelude, event)) > 0)
            continue;
        pass_time(reading, event->stamp);
        if (event->class != NAMES_class_data)
            continue;
        struct str line = prelude->tokens ? event_payload(event) : event_text(event);
        if (prelude_side(prelude, event) == SIDE_SERVER)
            server_says(reading, line);
        else if (client_says(reading, line, offset))
            return true;
    }
    return false;
}

bool postmark_offset(const struct batch *batch, const struct prelude *prelude,
                     const struct session_facts *facts, int32_t *offset)
{
    struct reading reading = { .day = (int64_t)prelude->day * DAY_MS, .stamp = STAMP_NONE };
    if (!facts->has_role || facts->role != NAMES_role_client || facts->protocol != NAMES_protocol_smtp ||
        prelude->day < DAY_FIRST || prelude->day > DAY_LAST)
        return false;
    return read_batch(&reading, batch, prelude, offset);
}
