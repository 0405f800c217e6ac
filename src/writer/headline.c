/* Sentences made of the fields of a session record. The proof of the diagnosis is quoted from the row that it is in. */
#include "writer/headline.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "writer/waterfall.h"

#include <inttypes.h>
#include <stdio.h>

/* The text of a field, empty where it is missing. */
static struct str text_of(const struct record *record, enum field_id id)
{
    return record_has(record, id) ? record->values[id].text : STR("");
}

void headline_label(struct pen *pen, const char *label, enum style style)
{
    pen->margin = LABEL_WIDTH;
    pen_style(pen, style);
    pen_put(pen, str_of(label));
    pen_style(pen, STYLE_PLAIN);
    pen_to(pen, LABEL_WIDTH);
}

/* "== TCP0001.MD, lines 1 to 11 =====" */
static void draw_title(struct pen *pen, const struct record *session)
{
    struct str file = text_of(session, FIELD_source_file);
    pen->margin = 3;
    pen_style(pen, STYLE_STRONG);
    pen_mark(pen, MARK_RULE, 2);
    pen_to(pen, pen->margin);
    struct str member = text_of(session, FIELD_source_member);
    if (str_equal(file, STR("-")))
        file = STR("standard input");
    if (record_has(session, FIELD_source_member))
        pen_say(pen, "%.*s!/%.*s", (int)file.n, file.p, (int)member.n, member.p);
    else
        pen_words(pen, file);
    pen_say(pen, "(lines %" PRId64 " to %" PRId64 ")", record_count(session, FIELD_line, 0),
            record_count(session, FIELD_line_end, 0));
    pen_put(pen, STR(" "));
    if (pen->column < pen->page.width)
        pen_mark(pen, MARK_RULE, pen->page.width - pen->column);
    pen_style(pen, STYLE_PLAIN);
    pen_end_line(pen);
}

static const char *protocol_of(const struct record *session)
{
    static const struct {
        enum tcplog_name name;
        const char *text;
    } protocols[] = { { NAMES_protocol_smtp, "SMTP" },
                      { NAMES_protocol_pop3, "POP3" },
                      { NAMES_protocol_imap, "IMAP" } };
    for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
        if (record_is(session, FIELD_protocol, protocols[i].name))
            return protocols[i].text;
    return "an unknown protocol";
}

/* "Mercury/32 as the client spoke POP3 to 127.0.0.1" */
static void draw_sides(struct pen *pen, const struct record *session)
{
    bool serves = record_is(session, FIELD_role, NAMES_role_server);
    struct str other = text_of(session, serves ? FIELD_peer : FIELD_server);
    pen->margin = 0;
    pen_words(pen, record_has(session, FIELD_application) ? text_of(session, FIELD_application)
                                                          : STR("A mail program"));
    if (record_has(session, FIELD_role))
        pen_words(pen, serves ? STR("as the server") : STR("as the client"));
    pen_say(pen, "spoke %s", protocol_of(session));
    pen_words(pen, serves ? STR("with") : STR("to"));
    if (other.n)
        pen_words(pen, other);
    else
        pen_words(pen, serves ? STR("a client that the log does not name")
                              : STR("a server that the log does not name"));
    pen_end_line(pen);
}

/* Whether the reply stands on this line: its first, or the last one of a reply that refused. */
static bool is_reply(const struct row *row, uint64_t line)
{
    return row->code[0] && (row->reply_line == line || (row->end == END_REFUSED && row->line_end == line));
}

/* What stands on the line that proves the diagnosis, as far as a row has it; answers whether it has. The reply is
 * asked first: of a greeting it is all there is. */
static bool quote_row(const struct row *row, uint64_t line, char *to, size_t room)
{
    const char *command = row->command[0] ? row->command : "what was said";
    if (row->kind != ROW_EXCHANGE && row->line == line)
        snprintf(to, room, "%s", row->what);
    else if (is_reply(row, line))
        snprintf(to, room, "%s%s%s", row->code, row->reply[0] ? " " : "", row->reply);
    else if (row->line == line)
        snprintf(to, room, "%s%s%s", command, row->what[0] ? " " : "", row->what);
    else if (row->line < line && line <= row->line_end)
        snprintf(to, room, "(in %s, which began on line %" PRIu64 ")", command, row->line);
    else
        return false;
    return true;
}

/* "Line 7     -ERR [AUTH] Authentication failed.", or where to look, if no row of the story has that line. */
static void draw_proof(struct pen *pen, const struct story *story, const struct record *session)
{
    char quote[NAME_ROOM + TEXT_ROOM] = "(see the log)", label[SPAN_ROOM];
    uint64_t line = (uint64_t)record_count(session, FIELD_diagnosis_line, 0);
    if (line == 0)
        return;
    for (uint32_t i = 0; i < story->ordered; i++)
        if (quote_row(story_row(story, i), line, quote, sizeof(quote)))
            break;
    snprintf(label, sizeof(label), "Line %" PRIu64, line);
    headline_label(pen, label, STYLE_STRONG);
    pen_words(pen, str_of(quote));
    pen_end_line(pen);
}

/* A mail whose fate is unknown: "No mail was sent" would say too much. */
static bool has_open_mail(const struct story *story)
{
    for (uint64_t i = 0; i < story->mails && i < MAILS_MOST; i++)
        if (story->mail[i].unanswered && story->mail[i].carried)
            return true;
    return false;
}

/* "2 mails were sent." */
static void say_moved(struct pen *pen, const struct story *story, const struct record *session)
{
    int64_t sent = record_count(session, FIELD_messages_sent, 0);
    int64_t fetched = record_count(session, FIELD_messages_fetched, 0);
    if (sent)
        pen_say(pen, "%" PRId64 " mail%s sent.", sent, sent == 1 ? " was" : "s were");
    if (fetched)
        pen_say(pen, "%" PRId64 " mail%s fetched.", fetched, fetched == 1 ? " was" : "s were");
    if (!sent && !fetched && !has_open_mail(story))
        pen_words(pen, STR("No mail was sent or fetched."));
}

/*    FAILED     The login was refused; most often the user name or the password is wrong. No mail was sent or fetched.
 *    Line 7     -ERR [AUTH] Authentication failed.
 *    Do         Check the user name (often the whole address) and the password; … */
static void draw_outcome(struct pen *pen, const struct story *story, const struct record *session)
{
    static const struct {
        const char *label;
        enum tcplog_name name;
        enum style style;
    } outcomes[] = { { "UNCLEAR", NAMES_outcome_unknown, STYLE_DOUBT },
                     { "WENT WELL", NAMES_outcome_success, STYLE_GOOD },
                     { "FAILED", NAMES_outcome_failure, STYLE_BAD },
                     { "IN PART", NAMES_outcome_partial, STYLE_DOUBT } };
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
        if (record_is(session, FIELD_outcome, outcomes[i].name))
            headline_label(pen, outcomes[i].label, outcomes[i].style);
    if (record_has(session, FIELD_diagnosis_text))
        pen_words(pen, text_of(session, FIELD_diagnosis_text));
    say_moved(pen, story, session);
    pen_end_line(pen);
    draw_proof(pen, story, session);
    if (record_has(session, FIELD_diagnosis_action)) {
        headline_label(pen, "Do", STYLE_STRONG);
        pen_words(pen, text_of(session, FIELD_diagnosis_action));
        pen_end_line(pen);
    }
}

/* "Mon 10 Feb 2014, 21:37:27.484" of 2014-02-10T21:37:27.484+01:00 */
static void say_date(struct pen *pen, struct str time)
{
    /* 1970-01-01 was a Thursday */
    static const char days[] = "ThuFriSatSunMonTueWed", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    uint32_t year, month, day;
    decimal_read(str_upto(time, 4), &year);
    decimal_read((struct str){ time.p + 5, 2 }, &month);
    decimal_read((struct str){ time.p + 8, 2 }, &day);
    if (month < 1 || month > 12)
        return;
    int32_t number = calendar_day((int)year, month, day) % 7;
    pen_say(pen, "%.3s %" PRIu32 " %.3s %04" PRIu32 ",",
            days + (ptrdiff_t)3 * (number < 0 ? number + 7 : number), day, months + (size_t)3 * (month - 1),
            year);
    pen_words(pen, (struct str){ time.p + DATE_TEXT + 1, STAMP_TEXT });
}

/* "Mon 23 Nov 2026, 05:12:17.017 to 05:12:18.032 (1.01 s)", as far as the log tells. */
static void draw_when(struct pen *pen, const struct record *session)
{
    char span[SPAN_ROOM];
    struct str time = text_of(session, FIELD_time), end = text_of(session, FIELD_end_time);
    int64_t duration = record_count(session, FIELD_duration_ms, -1);
    headline_label(pen, "When", STYLE_STRONG);
    if (time.n >= DATE_TEXT + 1 + STAMP_TEXT)
        say_date(pen, time);
    else if (record_has(session, FIELD_time_logged))
        pen_say(pen, "%.*s, of a day that the log does not name", STAMP_TEXT,
                text_of(session, FIELD_time_logged).p);
    else
        pen_words(pen, STR("The log does not tell."));
    if (end.n >= DATE_TEXT + 1 + STAMP_TEXT && duration > 0) {
        pen_words(pen, STR("to"));
        pen_words(pen, (struct str){ end.p + DATE_TEXT + 1, STAMP_TEXT });
    }
    waterfall_span(span, duration);
    if (duration >= 0)
        pen_say(pen, "(%s)", span);
    if (record_has(session, FIELD_time_zone)) {
        pen_words(pen, STR("in the zone"));
        pen_words(pen, text_of(session, FIELD_time_zone));
    }
    pen_end_line(pen);
}

/* "User edB, by PASS". A mechanism without a name is one whose answers are all secret. */
static void draw_who(struct pen *pen, const struct record *session)
{
    bool user = record_has(session, FIELD_user), how = record_has(session, FIELD_auth_mechanism);
    headline_label(pen, "Who", STYLE_STRONG);
    if (user) {
        pen_words(pen, STR("User"));
        pen_words(pen, text_of(session, FIELD_user));
    } else {
        pen_words(pen, how ? STR("A user whose name is not shown") : STR("Nobody logged in."));
    }
    if (how) {
        pen_put(pen, STR(","));
        pen_words(pen, STR("by"));
        pen_words(pen, text_of(session, FIELD_auth_mechanism));
    }
    pen_end_line(pen);
}

/* "By TLS, version TLSv1.2; cipher ECDHE-…; certificate of /C=NL/…/CN=mx.example" */
static void say_tls(struct pen *pen, const struct record *session)
{
    static const struct {
        enum field_id id;
        const char *word;
    } parts[] = { { FIELD_tls_version, "version" },
                  { FIELD_tls_cipher, "cipher" },
                  { FIELD_tls_subject, "certificate of" } };
    pen_words(pen, STR("By TLS"));
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        if (record_has(session, parts[i].id)) {
            pen_put(pen, i == 0 ? STR(",") : STR(";"));
            pen_words(pen, str_of(parts[i].word));
            pen_words(pen, text_of(session, parts[i].id));
        }
}

/* What is not known to be encrypted was sent in clear: the log would have a remark of TLS. */
static void draw_secured(struct pen *pen, const struct record *session)
{
    int64_t said =
        record_count(session, FIELD_client_bytes, 0) + record_count(session, FIELD_server_bytes, 0);
    headline_label(pen, "Secured", STYLE_STRONG);
    if (record_count(session, FIELD_tls, 0))
        say_tls(pen, session);
    /* TLS that was tried and failed before the first word is no talk in clear */
    else if (said)
        pen_words(pen, STR("Not at all: all that was said went over the network in clear text."));
    else
        pen_words(pen, STR("Nothing was said, in clear text or otherwise."));
    pen_end_line(pen);
}

void headline_draw(struct pen *pen, const struct story *story, const struct record *session)
{
    draw_title(pen, session);
    draw_sides(pen, session);
    pen_end_line(pen);
    draw_outcome(pen, story, session);
    pen_end_line(pen);
    draw_when(pen, session);
    draw_who(pen, session);
    draw_secured(pen, session);
}
