/* source → lines → batch → session → enrich → writer → sink: data goes one way, and this is the way. */
#include "pipeline.h"

#include "dialect/recognise.h"

#include <errno.h>
#include <stdio.h>

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade)
{
    pipeline->session.trade = trade;
    pipeline->summary.slowest_ms = -1;
    return lines_make(&pipeline->lines) && batch_make(&pipeline->batch) && session_make(&pipeline->session);
}

void pipeline_free(struct pipeline *pipeline)
{
    identities_free(pipeline->identities);
    session_free(&pipeline->session);
    batch_free(&pipeline->batch);
    lines_free(&pipeline->lines);
}

void pipeline_report(struct pipeline *pipeline, const char *id, uint64_t line, const char *text)
{
    const struct tcplog_problem problem = { .id = id, .file = pipeline->path, .line = line, .text = text };
    pipeline->summary.problems++;
    pipeline->damage++;
    if (pipeline->options.report)
        pipeline->options.report(pipeline->options.context, &problem);
}

static void enrich(const struct pipeline *pipeline, struct record *record)
{
    const struct session *session = &pipeline->session;
    for (const struct enricher *const *each = pipeline->enrichers; *each; each++) {
        if (session->subject && (*each)->exchange)
            (*each)->exchange(record, session->subject, &session->facts);
        else if (record->kind == KIND_SESSION && (*each)->session)
            (*each)->session(record, &session->facts);
    }
}

/* All that the session has to say so far. */
static void drain(struct pipeline *pipeline)
{
    struct record *record;
    struct identities *identities = pipeline->identities;
    while ((record = session_next(&pipeline->session)) != NULL) {
        if (record->kind != KIND_LINE)
            enrich(pipeline, record);
        output_record(&pipeline->output,
                      identities ? identities_hide(identities, record, &pipeline->session.facts) : record);
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

/* What was assumed, cut or not understood. */
static void report_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    if (session->facts.lines_unparsed)
        pipeline_report(pipeline, "unparsed-lines", session->unparsed_line,
                        "Lines that are not of a session log were kept as unparsed; the first is here.");
    if (session->dialogue.overflows)
        pipeline_report(
            pipeline, "too-many-pending", session->facts.line,
            "More commands are waiting for replies than tcplog follows; the oldest count as unanswered.");
    if (session->dialogue.texts.cut + session->kept.cut)
        pipeline_report(pipeline, "text-cut", session->facts.line,
                        "Texts longer than tcplog keeps of an exchange were cut.");
    session->dialogue.texts.cut = session->kept.cut = 0;
    if (pipeline->identities && identities_missed(pipeline->identities))
        pipeline_report(
            pipeline, "too-many-names", session->facts.line,
            "More users and hosts are named here than tcplog looks for: a text may still hold one.");
}

static void finish_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    struct tcplog_summary *summary = &pipeline->summary;
    session_end(session);
    drain(pipeline);
    report_session(pipeline);
    summary->sessions++;
    summary->exchanges += session->facts.exchanges;
    summary->failures += session->facts.failures;
    summary->unanswered += session->facts.unanswered;
    summary->lines_unparsed += session->facts.lines_unparsed;
    summary->lines_recorded += session->facts.lines;
    add_slowest(summary, session, pipeline->path);
    session->open = false;
}

static bool is_stopped(const struct pipeline *pipeline)
{
    return pipeline->options.stop && *pipeline->options.stop;
}

static bool goes_on(const struct pipeline *pipeline)
{
    return output_status(&pipeline->output) == TCPLOG_OK && !is_stopped(pipeline);
}

/* The journey. */
static void convert(struct pipeline *pipeline)
{
    struct lines *lines = &pipeline->lines;
    struct batch *batch = &pipeline->batch;
    struct session *session = &pipeline->session;
    batch_open(batch);
    while (goes_on(pipeline) && batch_fill(batch, lines)) {
        if (batch->starts && session->open)
            finish_session(pipeline);
        if (pipeline->identities)
            identities_meet(pipeline->identities, batch, !session->open);
        session_feed(session, batch);
        drain(pipeline);
        if (batch->events[batch->count - 1].cut)
            pipeline_report(pipeline, "line-too-long", lines->number,
                            "The line is longer than 64 KiB; what lies beyond was passed over.");
    }
    if (session->open)
        finish_session(pipeline);
}

static enum tcplog_status refuse(struct pipeline *pipeline, enum content content, bool named)
{
    struct lines *lines = &pipeline->lines;
    struct line line;
    if (!named) {
        pipeline->summary.files_passed_over++;
        return TCPLOG_OK;
    }
    while (goes_on(pipeline) && lines_refill(lines))
        while (lines_next(lines, &line) && !line.cut)
            continue;
    pipeline->summary.files_refused++;
    pipeline->summary.lines_diagnosed += lines->number;
    pipeline_report(
        pipeline, content == CONTENT_GENERAL_LOG ? "general-log" : "not-a-session-log", 0,
        content == CONTENT_GENERAL_LOG
            ? "This is a general log of Mercury/32, not a session log: switch session logging on and convert its TCPxxxx files."
            : "This is not a session log of Pegasus Mail or Mercury/32: no line begins with a time stamp like 21:41:43.760.");
    return TCPLOG_DAMAGED;
}

static void account(struct pipeline *pipeline)
{
    struct lines *lines = &pipeline->lines;
    pipeline->summary.files++;
    pipeline->summary.lines += lines->number;
    pipeline->summary.bytes += lines->offset + lines->at;
    if (lines->error && lines->error != EINTR)
        pipeline_report(pipeline, "unreadable", lines->number,
                        "Reading failed here; what came before was converted.");
}

enum tcplog_status pipeline_run(struct pipeline *pipeline, struct source source, const char *path, bool named)
{
    struct lines *lines = &pipeline->lines;
    uint64_t damage = pipeline->damage;
    pipeline->path = path;
    pipeline->session.name = &pipeline->name;
    pipeline->session.source_file = str_of(path);
    log_name_read(path, &pipeline->name);
    lines_open(lines, source);
    bool any = lines_refill(lines);
    enum content content = any ? recognise(lines_ready(lines)) : CONTENT_OTHER;
    bool session_log =
        content == CONTENT_SESSION_LOG || (pipeline->name.known && content != CONTENT_GENERAL_LOG);
    enum tcplog_status status = TCPLOG_OK;
    if (session_log)
        convert(pipeline);
    else if (any)
        status = refuse(pipeline, content, named);
    if (session_log || named || !any)
        account(pipeline);
    lines_close(lines);
    if (lines->error == EISDIR || lines->error == EIO)
        status = TCPLOG_UNREADABLE;
    if (is_stopped(pipeline))
        return TCPLOG_STOPPED;
    if (output_status(&pipeline->output) != TCPLOG_OK)
        return output_status(&pipeline->output);
    return status == TCPLOG_OK && pipeline->damage > damage ? TCPLOG_DAMAGED : status;
}
