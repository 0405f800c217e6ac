/* source → lines → batch → session → enrich → writer → sink: data goes one way, and this is the way. */
#include "pipeline.h"

#include "dialect/recognise.h"
#include "enrich/diagnosis.h"

#include <errno.h>
#include <stdio.h>

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade)
{
    pipeline->session.trade = trade;
    return lines_make(&pipeline->lines) && batch_make(&pipeline->batch) && session_make(&pipeline->session);
}

void pipeline_free(struct pipeline *pipeline)
{
    fingerprint_free(pipeline->print);
    identities_free(pipeline->identities);
    session_free(&pipeline->session);
    batch_free(&pipeline->batch);
    lines_free(&pipeline->lines);
}

static void report(struct pipeline *pipeline, struct tcplog_problem problem)
{
    problem.file = pipeline->path;
    pipeline->summary.problems++;
    if (pipeline->options.report)
        pipeline->options.report(pipeline->options.context, &problem);
}

static void report_one(struct pipeline *pipeline, const char *id, uint64_t line, const char *text)
{
    report(pipeline, (struct tcplog_problem){ .id = id, .line = line, .text = text });
}

enum tcplog_status pipeline_complain(struct pipeline *pipeline, enum tcplog_status status, const char *path)
{
    const struct tcplog_options *options = &pipeline->options;
    bool standard = !path || strcmp(path, "-") == 0;
    const struct tcplog_problem problem = {
        .id = "output-failed",
        .text = status == TCPLOG_MEMORY ? "Out of memory."
                : errno == EEXIST       ? "The output, or its index, exists already; --force overwrites it."
                                        : strerror(errno),
        .field = standard ? "standard output" : path,
    };
    if (options->report)
        options->report(options->context, &problem);
    return status;
}

static void note(struct pipeline *pipeline, enum finding finding, uint64_t count, uint64_t line)
{
    struct found *found = &pipeline->found[finding];
    if (found->count == 0)
        found->line = line;
    found->count += count;
}

static void report_findings(struct pipeline *pipeline)
{
    static const struct tcplog_problem problems[FINDING_COUNT] = {
        [FINDING_UNPARSED] = { .id = "unparsed-lines",
                               .text = "The line is not of a session log; it was kept as unparsed." },
        [FINDING_TOO_LONG] = { .id = "line-too-long",
                               .text = "The line is longer than 64 KiB; what lies beyond was passed over." },
        [FINDING_PENDING] = { .id = "too-many-pending",
                              .text = "In the session that begins here more commands wait for replies than "
                                      "tcplog follows; the oldest count as unanswered." },
        [FINDING_BROKEN] = { .id = "broken-listing",
                             .text =
                                 "A mail or list broke off without its closing dot; the reply behind it was "
                                 "taken to answer the client's next command." },
        [FINDING_CUT] = { .id = "text-cut",
                          .text = "In the session that begins here texts are longer than tcplog keeps of an "
                                  "exchange; they were cut." },
        [FINDING_NAMES] = { .id = "too-many-names",
                            .text =
                                "In the session that begins here more users and hosts are named than tcplog "
                                "looks for; a text may still hold one." },
    };
    for (enum finding finding = 0; finding < FINDING_COUNT; finding++) {
        const struct found *found = &pipeline->found[finding];
        struct tcplog_problem problem = problems[finding];
        problem.line = found->line;
        problem.more = found->count - 1;
        if (found->count)
            report(pipeline, problem);
    }
}

static void enrich(const struct pipeline *pipeline, struct record *record)
{
    const struct session *session = &pipeline->session;
    for (const struct enricher *const *each = pipeline->enrichers; *each; each++) {
        if (session->subject && (*each)->exchange)
            (*each)->exchange(record, session->subject, &session->facts);
        else if (session->message && (*each)->message)
            (*each)->message(record, session->message, &session->facts);
        else if (record->kind == KIND_SESSION && (*each)->session)
            (*each)->session(record, &session->facts);
    }
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
    talk->texts.cut = session->kept.cut = messages->texts.cut = messages->overflows = 0;
    if (pipeline->identities && identities_missed(pipeline->identities))
        note(pipeline, FINDING_NAMES, 1, session->facts.line);
}

static void finish_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    struct tcplog_summary *summary = &pipeline->summary;
    session_end(session);
    drain(pipeline);
    note_session(pipeline);
    summary->sessions++;
    summary->exchanges += session->facts.exchanges;
    summary->failures += session->facts.failures;
    summary->unanswered += session->facts.unanswered;
    summary->lines_unparsed += session->facts.lines_unparsed;
    summary->lines_recorded += session->facts.lines;
    add_slowest(summary, session, pipeline->path);
    add_cause(summary, &session->facts.verdict, pipeline->path);
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
            note(pipeline, FINDING_TOO_LONG, 1, lines->number);
    }
    if (session->open)
        finish_session(pipeline);
    report_findings(pipeline);
}

static enum tcplog_status refuse(struct pipeline *pipeline, enum content content)
{
    struct lines *lines = &pipeline->lines;
    struct line line;
    while (goes_on(pipeline) && lines_refill(lines))
        while (lines_next(lines, &line) && !line.cut)
            continue;
    pipeline->summary.files_refused++;
    pipeline->summary.lines_diagnosed += lines->number;
    report_one(
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
    pipeline->broken = lines->error && lines->error != EINTR;
    if (pipeline->broken)
        report_one(pipeline, "unreadable", lines->number,
                   "Reading failed here; what came before was converted.");
}

/* What is decided by how a source begins. */
enum choice { PASS_OVER, REFUSE, CONVERT };

static enum choice choose(const struct pipeline *pipeline, enum content content, bool named)
{
    if (content == CONTENT_SESSION_LOG || (pipeline->name.known && content != CONTENT_GENERAL_LOG))
        return CONVERT;
    return named ? REFUSE : PASS_OVER;
}

/* An export appears, or does not, before the input counts as done. */
static enum tcplog_status convert_to(struct pipeline *pipeline, const char *export)
{
    struct output_options target = pipeline->target;
    target.path = export;
    target.gzip |= str_ends(str_of(export), STR(".gz"));
    enum tcplog_status status = output_open(&pipeline->output, &target);
    if (status != TCPLOG_OK) {
        output_close(&pipeline->output, false);
        return pipeline_complain(pipeline, status, export);
    }
    convert(pipeline);
    pipeline->summary.records = pipeline->output.records;
    status = output_close(&pipeline->output, !is_stopped(pipeline));
    pipeline->exported = status == TCPLOG_OK && !is_stopped(pipeline);
    return status == TCPLOG_OK || status == TCPLOG_STOPPED ? status
                                                           : pipeline_complain(pipeline, status, export);
}

static enum tcplog_status convert_on(struct pipeline *pipeline)
{
    uint64_t records = pipeline->output.records;
    convert(pipeline);
    pipeline->summary.records = pipeline->output.records - records;
    return output_status(&pipeline->output);
}

static enum tcplog_status take(struct pipeline *pipeline, const struct tcplog_input *input)
{
    struct lines *lines = &pipeline->lines;
    enum tcplog_status status = TCPLOG_OK;
    bool any = lines_refill(lines);
    if (!any && lines->error && !is_stopped(pipeline)) {
        report_one(pipeline, "unreadable", 0, strerror(lines->error));
        return TCPLOG_UNREADABLE;
    }
    enum content content = any ? recognise(lines_ready(lines)) : CONTENT_OTHER;
    enum choice choice = choose(pipeline, content, input->named);
    if (choice == PASS_OVER) {
        pipeline->summary.files_passed_over++;
        return TCPLOG_OK;
    }
    if (!input->export && output_replaces(&pipeline->output, &lines->source)) {
        report_one(pipeline, "input-is-output", 0, "The output would overwrite this input.");
        return TCPLOG_USAGE;
    }
    if (choice == CONVERT)
        status = input->export ? convert_to(pipeline, input->export) : convert_on(pipeline);
    else if (any)
        status = refuse(pipeline, content);
    account(pipeline);
    return status;
}

static void begin(struct pipeline *pipeline, const char *path)
{
    pipeline->path = path;
    pipeline->summary = (struct tcplog_summary){ .slowest_ms = -1 };
    memset(pipeline->found, 0, sizeof(pipeline->found));
    pipeline->exported = pipeline->broken = false;
    pipeline->hash[0] = '\0';
    pipeline->session.name = &pipeline->name;
    pipeline->session.source_file = str_of(path);
    log_name_read(path, &pipeline->name);
}

enum tcplog_status pipeline_run(struct pipeline *pipeline, struct source source,
                                const struct tcplog_input *input, const char *path)
{
    begin(pipeline, path);
    if (pipeline->print)
        fingerprint_begin(source.print = pipeline->print);
    lines_open(&pipeline->lines, source);
    enum tcplog_status status = take(pipeline, input);
    lines_close(&pipeline->lines);
    if (pipeline->print && pipeline->lines.exhausted && !pipeline->lines.error)
        fingerprint_tell(pipeline->print, pipeline->hash);
    if (is_stopped(pipeline))
        return TCPLOG_STOPPED;
    return status == TCPLOG_OK && pipeline->summary.problems ? TCPLOG_DAMAGED : status;
}

static void learn_session(struct pipeline *pipeline)
{
    session_end(&pipeline->session);
    while (session_next(&pipeline->session))
        continue;
    pipeline->session.open = false;
}

static void learn(struct pipeline *pipeline)
{
    struct batch *batch = &pipeline->batch;
    struct session *session = &pipeline->session;
    batch_open(batch);
    while (!is_stopped(pipeline) && batch_fill(batch, &pipeline->lines)) {
        if (batch->starts && session->open)
            learn_session(pipeline);
        session_feed(session, batch);
        while (session_next(session))
            continue;
    }
    if (session->open)
        learn_session(pipeline);
}

void pipeline_learn(struct pipeline *pipeline, const char *path)
{
    struct source source;
    if (!source_open_file(&source, path, pipeline->options.stop))
        return;
    begin(pipeline, path);
    lines_open(&pipeline->lines, source);
    if (lines_refill(&pipeline->lines) &&
        choose(pipeline, recognise(lines_ready(&pipeline->lines)), false) == CONVERT)
        learn(pipeline);
    lines_close(&pipeline->lines);
}

enum tcplog_status pipeline_run_file(struct pipeline *pipeline, const struct tcplog_input *input,
                                     const char *path)
{
    struct source source;
    if (source_open_file(&source, input->path, pipeline->options.stop))
        return pipeline_run(pipeline, source, input, path);
    /* a pipe that nobody writes to makes open wait */
    if (errno == EINTR && is_stopped(pipeline))
        return TCPLOG_STOPPED;
    int error = errno;
    begin(pipeline, path);
    report_one(pipeline, "unreadable", 0, strerror(error));
    return TCPLOG_UNREADABLE;
}
