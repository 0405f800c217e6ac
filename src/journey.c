/* source → lines → batch → session → enrich → writer → sink: data goes one way, and this is the way. */
#include "journey.h"

#include "base/stop.h"
#include "enrich/diagnosis.h"
#include "sameness.h"

#include <stdio.h>
#include <stdlib.h>

static void note(struct pipeline *pipeline, enum finding finding, uint64_t count, uint64_t line)
{
    struct found *found = &pipeline->part.found[finding];
    if (found->count == 0) {
        found->line = line;
        free(pipeline->found_in[finding]);
        pipeline->found_in[finding] = pipeline->members.name_n ? strdup(pipeline->members.name) : NULL;
    }
    found->count += count;
}

static void enrich(const struct pipeline *pipeline, struct record *record)
{
    const struct session *session = &pipeline->session;
    const struct session_facts *facts = &session->facts;
    const struct enricher *const *each = pipeline->enrichers_of[record->kind];
    if (session->subject)
        for (; *each; each++)
            (*each)->exchange(record, session->subject, facts);
    else if (session->message)
        for (; *each; each++)
            (*each)->message(record, session->message, facts);
    else
        for (; *each; each++)
            (*each)->session(record, facts);
}

/* All that the session has to say so far. */
static void drain(struct pipeline *pipeline)
{
    struct record *record;
    struct session *session = &pipeline->session;
    struct identities *identities = pipeline->identities;
    session->in_sequels = pipeline->output.writer->sequel && !identities;
    while ((record = session_next(session)) != NULL) {
        if (record->kind != KIND_LINE)
            enrich(pipeline, record);
        if (session->sequel.count)
            output_sequel(&pipeline->output, record, &session->sequel);
        else
            output_record(&pipeline->output,
                          identities ? identities_hide(identities, record, &session->facts) : record);
    }
}

static void add_slowest(struct tcplog_summary *summary, const struct session *session, const char *path)
{
    const struct round_trips *trips = &session->facts.trips;
    if (trips->count == 0 || trips->slowest_ms <= summary->slowest_ms)
        return;
    summary->slowest_ms = trips->slowest_ms;
    summary->slowest_line = trips->slowest_line;
    snprintf(summary->slowest_command, sizeof(summary->slowest_command), "%s", trips->slowest_command);
    snprintf(summary->slowest_file, sizeof(summary->slowest_file), "%s", path);
}

static void add_cause(struct tcplog_summary *summary, const struct verdict *verdict, const char *path)
{
    if (!verdict->cause || summary->sessions_wrong++ >= TCPLOG_CAUSES_MOST)
        return;
    struct tcplog_cause *cause = &summary->causes[summary->sessions_wrong - 1];
    cause->id = verdict->cause->id;
    cause->text = verdict->cause->text;
    cause->line = verdict->line;
    snprintf(cause->file, sizeof(cause->file), "%s", path);
}

/* What was assumed, cut or not understood. */
static void note_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    struct talk *talk = &session->dialogue.talk;
    if (session->facts.lines_unparsed)
        note(pipeline, FINDING_UNPARSED, session->facts.lines_unparsed, session->facts.unparsed_line);
    if (talk->overflows)
        note(pipeline, FINDING_PENDING, 1, session->facts.line);
    if (talk->broken)
        note(pipeline, FINDING_BROKEN, talk->broken, talk->broken_line);
    struct messages *messages = &talk->messages;
    if (talk->texts.cut + session->kept.cut + messages->texts.cut + messages->overflows)
        note(pipeline, FINDING_CUT, 1, session->facts.line);
    if (messages->let_go)
        note(pipeline, FINDING_MAILS, 1, session->facts.line);
    talk->texts.cut = session->kept.cut = messages->texts.cut = messages->overflows = messages->let_go = 0;
    if (pipeline->identities && identities_missed(pipeline->identities))
        note(pipeline, FINDING_NAMES, 1, session->facts.line);
}

static void mark_end(struct pipeline *pipeline)
{
    struct mark mark = sameness_ends(&pipeline->session.facts, pipeline->content);
    mark.line = pipeline->members.depth == 0 ? pipeline->session.facts.line : 0;
    mark.records = pipeline->output.records - pipeline->before;
    mark.input = pipeline->task->input;
    output_mark(&pipeline->output, mark);
}

static void mark_beginning(struct pipeline *pipeline)
{
    pipeline->content = 0;
    pipeline->before = pipeline->output.records;
    output_mark(&pipeline->output, sameness_begins(&pipeline->session.facts));
}

static void finish_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    struct tcplog_summary *summary = &pipeline->part.summary;
    session_end(session);
    drain(pipeline);
    mark_end(pipeline);
    note_session(pipeline);
    summary->sessions++;
    summary->exchanges += session->facts.exchanges;
    summary->failures += session->facts.failures;
    summary->unanswered += session->facts.unanswered;
    summary->lines_unparsed += session->facts.lines_unparsed;
    summary->lines_recorded += session->facts.lines;
    add_slowest(summary, session, pipeline->whole.p);
    add_cause(summary, &session->facts.verdict, pipeline->whole.p);
    session->open = false;
}

bool journey_is_stopped(const struct pipeline *pipeline)
{
    return stop_is_set(pipeline->options.stop);
}

enum tcplog_status journey_status(const struct pipeline *pipeline)
{
    const struct identities *identities = pipeline->identities;
    if (!assembler_is_whole(&pipeline->session.assembler) ||
        (identities && !identities_are_whole(identities)))
        return TCPLOG_MEMORY;
    return output_status(&pipeline->output);
}

bool journey_goes_on(const struct pipeline *pipeline)
{
    return journey_status(pipeline) == TCPLOG_OK && !journey_is_stopped(pipeline);
}

static void begin_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    const struct past *past = pipeline->task->past;
    session_begin(session, &pipeline->batch);
    if (past && pipeline->members.depth == 0 && witnesses_lack(&session->witnesses) &&
        !recall_read(&pipeline->recall, past, session->trade, &session->witnesses))
        pipeline->part.status = TCPLOG_MEMORY;
    mark_beginning(pipeline);
}

void journey_convert(struct pipeline *pipeline)
{
    struct lines *lines = &pipeline->lines;
    struct batch *batch = &pipeline->batch;
    struct session *session = &pipeline->session;
    batch_open(batch);
    while (journey_goes_on(pipeline) && batch_fill(batch, lines)) {
        if (batch->starts && session->open)
            finish_session(pipeline);
        if (pipeline->identities)
            identities_meet(pipeline->identities, batch, !session->open);
        if (!session->open)
            begin_session(pipeline);
        if (pipeline->options.dedupe)
            pipeline->content = sameness_add(pipeline->content, batch);
        session_feed(session, batch);
        drain(pipeline);
        if (batch->events[batch->count - 1].cut)
            note(pipeline, FINDING_TOO_LONG, 1, lines->number);
    }
    if (session->open)
        finish_session(pipeline);
}
