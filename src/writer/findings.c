/* Sections that have nothing to say are not there. Notes are ids in the record; their sentences are looked up. */
#include "writer/findings.h"

#include "enrich/diagnosis.h"
#include "writer/waterfall.h"

#include <inttypes.h>
#include <stdio.h>

enum { ITEM_MARGIN = 9 };

static void draw_heading(struct pen *pen, const char *heading)
{
    pen_end_line(pen);
    pen_style(pen, STYLE_STRONG);
    pen_put(pen, str_of(heading));
    pen_style(pen, STYLE_PLAIN);
    pen_end_line(pen);
}

/* The number of a line where the waterfall has it; what follows is wrapped beside it. */
static void begin_item(struct pen *pen, uint64_t line)
{
    char text[SPAN_ROOM] = "-";
    if (line)
        snprintf(text, sizeof(text), "%" PRIu64, line);
    pen->margin = ITEM_MARGIN;
    pen_right(pen, str_of(text), ITEM_MARGIN - 2);
    pen_to(pen, ITEM_MARGIN);
}

/* "= The mailbox is full": a sign, and what is said wrapped beside it. Nothing where there is nothing to say. */
static void draw_sentence(struct pen *pen, const char *sign, struct str text)
{
    if (text.n == 0)
        return;
    pen->margin = ITEM_MARGIN;
    pen_to(pen, ITEM_MARGIN);
    pen_words(pen, str_of(sign));
    pen->margin = ITEM_MARGIN + 2;
    pen_words(pen, text);
    pen_end_line(pen);
}

/* "to bob@c.example and 2 more" */
static void say_people(struct pen *pen, const char *word, const char *first, uint64_t count)
{
    if (count == 0)
        return;
    pen_words(pen, str_of(word));
    pen_words(pen, str_of(first));
    if (count > 1)
        pen_say(pen, "and %" PRIu64 " more", count - 1);
}

/* Without a reply nobody knows, unless the content never left; only then is it asked what the reply said. */
static const char *fate_of(const struct mail *mail)
{
    if (!mail->sent && !mail->went_well && mail->bytes >= 0)
        return "not fetched whole.";
    if (mail->unanswered && !mail->carried)
        return "given up before its content was sent.";
    if (mail->unanswered)
        return "no reply came.";
    if (!mail->went_well)
        return "refused.";
    if (mail->sent)
        return "accepted.";
    return mail->deleted ? "fetched, then deleted from the server." : "fetched.";
}

/* How it was fetched: whole, or only its beginning. */
static void say_command(struct pen *pen, const struct story *story, const struct mail *mail)
{
    for (uint32_t i = 0; i < story->ordered; i++)
        if (story_row(story, i)->line == mail->line && story_row(story, i)->command[0]) {
            pen_words(pen, STR("by"));
            pen_words(pen, str_of(story_row(story, i)->command));
            return;
        }
}

/*      12  From ann@b.example to bob@c.example, 481 bytes: accepted.
 *          Queued as 4XbC1z2Yk3z1
 *       6  Number 1 by TOP, 21.0 kB: fetched. */
static void draw_mail(struct pen *pen, const struct story *story, const struct mail *mail)
{
    char size[SPAN_ROOM];
    begin_item(pen, mail->line);
    if (mail->number >= 0)
        pen_say(pen, "Number %" PRId64, mail->number);
    else if (!mail->has_sender)
        pen_words(pen, STR("A mail"));
    if (mail->has_sender) {
        pen_words(pen, STR("From"));
        pen_words(pen, mail->from[0] ? str_of(mail->from) : STR("<> (a report)"));
    }
    say_people(pen, "to", mail->to, mail->recipients);
    if (mail->rejected)
        pen_put(pen, STR(","));
    say_people(pen, "but not to", mail->not_to, mail->rejected);
    if (!mail->sent)
        say_command(pen, story, mail);
    if (mail->bytes >= 0) {
        waterfall_size(size, mail->bytes);
        pen_put(pen, STR(","));
        pen_words(pen, str_of(size));
    }
    pen_put(pen, STR(":"));
    pen_style(pen, mail->went_well ? STYLE_GOOD : STYLE_BAD);
    pen_words(pen, str_of(fate_of(mail)));
    pen_style(pen, STYLE_PLAIN);
    pen_end_line(pen);
    draw_sentence(pen, "Queued as", str_of(mail->queue_id));
    draw_sentence(pen, "Message-ID", str_of(mail->message_id));
}

/* What did not fit is counted at least. */
static void draw_more(struct pen *pen, uint64_t count, uint64_t shown, const char *what)
{
    if (count <= shown)
        return;
    pen->margin = ITEM_MARGIN;
    pen_to(pen, ITEM_MARGIN);
    pen_say(pen, "and %" PRIu64 " %s.", count - shown, what);
    pen_end_line(pen);
}

static void draw_mails(struct pen *pen, const struct story *story)
{
    uint64_t shown = story->mails < MAILS_MOST ? story->mails : MAILS_MOST;
    if (shown == 0)
        return;
    draw_heading(pen, "Mails");
    for (uint64_t i = 0; i < shown; i++)
        draw_mail(pen, story, &story->mail[i]);
    draw_more(pen, story->mails, shown, "more mails; tcplog convert -k message lists all");
}

/*       7  PASS *** -> -ERR [AUTH] Authentication failed.
 *          = The user's credentials are at fault: wrong name or password, …
 *          > Check the user name and password; … */
static void draw_refusals(struct pen *pen, const struct story *story)
{
    uint64_t shown = story->refusals < REFUSED_MOST ? story->refusals : REFUSED_MOST;
    if (shown == 0)
        return;
    draw_heading(pen, "What was refused, and what that means");
    for (uint64_t i = 0; i < shown; i++) {
        const struct refusal *refusal = &story->refusal[i];
        begin_item(pen, refusal->line);
        pen_say(pen, "%s %s", refusal->command, refusal->what);
        pen_words(pen, refusal->command[0] ? STR("->") : STR(""));
        pen_style(pen, STYLE_BAD);
        pen_words(pen, str_of(refusal->code));
        pen_style(pen, STYLE_PLAIN);
        pen_words(pen, str_of(refusal->reply));
        pen_end_line(pen);
        /* said just above? */
        if (i && strcmp(refusal->meaning, refusal[-1].meaning) == 0 &&
            strcmp(refusal->action, refusal[-1].action) == 0) {
            draw_sentence(pen, "=", STR("the same"));
            continue;
        }
        draw_sentence(pen, "=", str_of(refusal->meaning));
        draw_sentence(pen, ">", str_of(refusal->action));
    }
    draw_more(pen, story->refusals, shown, "more that were refused; the list above marks them with x");
}

/* The row of a note; NULL: it is in no row. */
static const struct diagnosis *note_of(struct str id)
{
    const struct diagnosis *row;
    for (size_t i = 0; (row = diagnosis_row(i)) != NULL; i++)
        if (str_equal(str_of(row->id), id))
            return row;
    return NULL;
}

/* A note, and what to do about it. */
static void draw_notes(struct pen *pen, const struct record *session)
{
    const struct list *notes = &session->values[FIELD_notes].list;
    if (!record_has(session, FIELD_notes) || notes->count == 0)
        return;
    draw_heading(pen, "Worth a look");
    for (size_t i = 0; i < notes->count; i++) {
        const struct diagnosis *note = note_of(notes->items[i]);
        pen->margin = ITEM_MARGIN;
        pen_right(pen, STR("-"), ITEM_MARGIN - 2);
        pen_to(pen, ITEM_MARGIN);
        pen_words(pen, note ? str_of(note->text) : notes->items[i]);
        pen_end_line(pen);
        draw_sentence(pen, ">", note ? str_of(note->action) : STR(""));
    }
}

/* What was taken for granted: a count and what it counts, or a sentence where `one` is empty. */
struct assumption {
    uint64_t count;
    const char *one, *text;
};

static void draw_assumption(struct pen *pen, const struct assumption *assumption)
{
    pen->margin = ITEM_MARGIN;
    pen_right(pen, STR("-"), ITEM_MARGIN - 2);
    pen_to(pen, ITEM_MARGIN);
    if (assumption->one[0])
        pen_say(pen, "%" PRIu64 " %s%s", assumption->count, assumption->one,
                assumption->count == 1 ? "" : "s");
    pen_words(pen, str_of(assumption->text));
    pen_end_line(pen);
}

/* The old network library waits a whole second for a connection that may have stood at once. */
static bool sleeps(const struct record *session)
{
    int64_t connect = record_count(session, FIELD_connect_ms, 0);
    bool old = record_is(session, FIELD_dialect, NAMES_dialect_pegasus_old) ||
               record_is(session, FIELD_dialect, NAMES_dialect_mercury_client);
    return old && connect >= 1000 && connect < 2000;
}

/* In the order in which one would doubt: what was spoken, by whom, when, how long, what the log lacks, what is
 * hidden. */
static void draw_assumptions(struct pen *pen, const struct story *story, const struct record *session)
{
    /* what has a count of 0 was not assumed */
    const struct assumption assumptions[] = {
        { record_is(session, FIELD_protocol_source, NAMES_protocol_source_file_name), "",
          "The protocol was taken from the name of the file, since nothing that was said tells it." },
        { record_is(session, FIELD_protocol_source, NAMES_protocol_source_dialogue), "",
          "The protocol was taken from what was said; the log has no greeting of the server." },
        { record_is(session, FIELD_protocol, NAMES_protocol_unknown), "",
          "The protocol is not known, so commands and replies were not brought together." },
        { !record_has(session, FIELD_role), "", "Which side wrote the log is not known." },
        { !record_has(session, FIELD_time), "",
          "The day is not known: neither the log nor its name has a date." },
        { record_is(session, FIELD_time_zone_source, NAMES_zone_source_unknown), "",
          "Times are those of the computer that wrote the log; its zone is not known (--timezone gives it)." },
        { record_is(session, FIELD_time_zone_source, NAMES_zone_source_date_header), "",
          "The zone was taken from the Date of a mail that was sent in this session." },
        { story->trusted[TRUST_REPAIRED], "duration",
          "repaired (~): the program took seconds and milliseconds from two clocks, and tcplog found out how they differ." },
        { story->trusted[TRUST_UNCERTAIN], "duration",
          "uncertain (?): could be a second off, since the log does not tell how its two clocks differ." },
        { story->trusted[TRUST_LOGGING], "duration",
          "bound by logging (*): writing each line of the mail to the log took longer than the network." },
        { story->set_back > 0, "",
          "The clock was set back during the session; times after that may be off." },
        { sleeps(session), "",
          "Before the greeting the program itself sleeps a second: that was neither the network nor the server." },
        { record_is(session, FIELD_ending, NAMES_ending_missing), "",
          "The log stops without an ending: the session may have gone on, or the log was copied too early." },
        { (uint64_t)record_count(session, FIELD_lines_unparsed, 0), "line",
          "not understood: not of a session log; what they say was not used." },
        { story->masked, "exchange", "with secrets: passwords and the like are shown as ***." },
    };
    bool any = false;
    for (size_t i = 0; i < sizeof(assumptions) / sizeof(*assumptions); i++) {
        if (assumptions[i].count == 0)
            continue;
        if (!any)
            draw_heading(pen, "What tcplog assumed, repaired or masked");
        any = true;
        draw_assumption(pen, &assumptions[i]);
    }
}

void findings_draw(struct pen *pen, const struct story *story, const struct record *session)
{
    draw_mails(pen, story);
    draw_refusals(pen, story);
    draw_notes(pen, session);
    draw_assumptions(pen, story, session);
}
