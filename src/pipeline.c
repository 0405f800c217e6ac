/* source → lines → batch → session → enrich → writer → sink: data goes one way, and this is the way. */
#include "pipeline.h"

#include "base/stop.h"
#include "dialect/recognise.h"
#include "enrich/diagnosis.h"

#include <errno.h>
#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

bool pipeline_make(struct pipeline *pipeline, const struct trade *trade)
{
    pipeline->session.trade = trade;
    return lines_make(&pipeline->lines) && batch_make(&pipeline->batch) && session_make(&pipeline->session);
}

static bool copy_identities(struct pipeline *pipeline, const struct pipeline *model)
{
    if (!model->identities)
        return true;
    pipeline->identities = identities_make();
    if (pipeline->identities)
        pipeline->identities->pseudonyms.hash = model->identities->pseudonyms.hash;
    return pipeline->identities != NULL;
}

bool pipeline_copy(struct pipeline *pipeline, const struct pipeline *model)
{
    struct session *session = &pipeline->session;
    pipeline->options = model->options;
    pipeline->target = model->target;
    pipeline->enrichers = model->enrichers;
    if (!pipeline_make(pipeline, model->session.trade) || !copy_identities(pipeline, model))
        return false;
    if (model->print && !(pipeline->print = fingerprint_make()))
        return false;
    pipeline->copied = true;
    session->kinds = model->session.kinds;
    session->dialogue.veil = model->session.dialogue.veil;
    session->dialogue.talk.reveal = model->session.dialogue.talk.reveal;
    session->assembler.reveal = model->session.assembler.reveal;
    session->assembler.zone = model->session.assembler.zone;
    return true;
}

void pipeline_free(struct pipeline *pipeline)
{
    if (pipeline->copied)
        pipeline->session.assembler.zone = (struct zone){ 0 };
    recall_free(pipeline->recall);
    ledger_free(&pipeline->ledger);
    fingerprint_free(pipeline->print);
    identities_free(pipeline->identities);
    session_free(&pipeline->session);
    batch_free(&pipeline->batch);
    lines_free(&pipeline->lines);
}

static void report(struct pipeline *pipeline, const char *id, uint64_t line, const char *text)
{
    const struct tcplog_problem problem = {
        .id = id, .file = pipeline->task->input->name, .line = line, .text = text
    };
    ledger_problem(&pipeline->ledger, &problem);
}

struct tcplog_problem pipeline_complaint(enum tcplog_status status, const char *path)
{
    bool standard = !path || strcmp(path, "-") == 0;
    return (struct tcplog_problem){
        .id = "output-failed",
        .text = status == TCPLOG_MEMORY ? "Out of memory."
                : errno == EEXIST       ? "The output exists already; --force overwrites it."
                                        : strerror(errno),
        .field = standard ? "standard output" : path,
    };
}

static enum tcplog_status complain(struct pipeline *pipeline, enum tcplog_status status, const char *export)
{
    const struct tcplog_problem problem = pipeline_complaint(status, export);
    ledger_problem(&pipeline->ledger, &problem);
    return status;
}

static void note(struct pipeline *pipeline, enum finding finding, uint64_t count, uint64_t line)
{
    struct found *found = &pipeline->part.found[finding];
    if (found->count == 0)
        found->line = line;
    found->count += count;
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

/* The id is made of the opening, the stamps of the first batch and the greeting. */
static uint32_t beginning_of(const struct session_facts *facts)
{
    return (uint32_t)XXH3_64bits(facts->id, sizeof(facts->id));
}

/* Of all that is known of a session; of its bytes, too, if sessions are to be left out. */
static uint32_t content_of(const struct pipeline *pipeline)
{
    const struct session_facts *facts = &pipeline->session.facts;
    const uint64_t sizes[] = { facts->lines,     facts->client_bytes, facts->server_bytes,
                               facts->exchanges, facts->ended.stamp,  pipeline->content };
    return (uint32_t)XXH3_64bits_withSeed(sizes, sizeof(sizes), XXH3_64bits(facts->id, sizeof(facts->id)));
}

static void mark_end(struct pipeline *pipeline)
{
    const struct session_facts *facts = &pipeline->session.facts;
    output_mark(&pipeline->output, (struct mark){ .end = true,
                                                  .beginning = beginning_of(facts),
                                                  .content = content_of(pipeline),
                                                  .stamped = facts->began.stamp != STAMP_NONE,
                                                  .line = facts->line,
                                                  .records = pipeline->output.records - pipeline->before,
                                                  .input = pipeline->task->input });
}

static void mark_beginning(struct pipeline *pipeline)
{
    pipeline->content = 0;
    pipeline->before = pipeline->output.records;
    output_mark(&pipeline->output, (struct mark){ .beginning = beginning_of(&pipeline->session.facts) });
}

static void read_content(struct pipeline *pipeline)
{
    const struct batch *batch = &pipeline->batch;
    const struct event *last = &batch->events[batch->count - 1];
    size_t n = (size_t)(last->line - batch->events[0].line) + last->length;
    pipeline->content = XXH3_64bits_withSeed(batch->events[0].line, n, pipeline->content);
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
    add_slowest(summary, session, pipeline->task->input->name);
    add_cause(summary, &session->facts.verdict, pipeline->task->input->name);
    session->open = false;
}

static bool is_stopped(const struct pipeline *pipeline)
{
    return stop_is_set(pipeline->options.stop);
}

static bool goes_on(const struct pipeline *pipeline)
{
    return output_status(&pipeline->output) == TCPLOG_OK && !is_stopped(pipeline);
}

static void begin_session(struct pipeline *pipeline)
{
    struct session *session = &pipeline->session;
    const struct past *past = pipeline->task->past;
    session_begin(session, &pipeline->batch);
    if (past && witnesses_lack(&session->witnesses) &&
        !recall_read(&pipeline->recall, past, session->trade, &session->witnesses))
        pipeline->part.status = TCPLOG_MEMORY;
    mark_beginning(pipeline);
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
        if (!session->open)
            begin_session(pipeline);
        if (pipeline->options.dedupe)
            read_content(pipeline);
        session_feed(session, batch);
        drain(pipeline);
        if (batch->events[batch->count - 1].cut)
            note(pipeline, FINDING_TOO_LONG, 1, lines->number);
    }
    if (session->open)
        finish_session(pipeline);
}

static enum tcplog_status refuse(struct pipeline *pipeline, enum content content)
{
    struct lines *lines = &pipeline->lines;
    struct line line;
    while (goes_on(pipeline) && lines_refill(lines))
        while (lines_next(lines, &line) && !line.cut)
            continue;
    pipeline->part.summary.files_refused++;
    pipeline->part.summary.lines_diagnosed += lines->number;
    report(
        pipeline, content == CONTENT_GENERAL_LOG ? "general-log" : "not-a-session-log", 0,
        content == CONTENT_GENERAL_LOG
            ? "This is a general log of Mercury/32, not a session log: switch session logging on and convert its TCPxxxx files."
            : "This is not a session log of Pegasus Mail or Mercury/32: no line begins with a time stamp like 21:41:43.760.");
    return TCPLOG_DAMAGED;
}

static void account(struct pipeline *pipeline)
{
    struct lines *lines = &pipeline->lines;
    pipeline->part.summary.files += pipeline->task->piece.last;
    pipeline->part.summary.lines += lines->number - pipeline->task->piece.lines;
    pipeline->part.summary.bytes += lines->offset + lines->at - pipeline->task->piece.from;
    pipeline->part.broken = lines->error && lines->error != EINTR;
    if (pipeline->part.broken)
        report(pipeline, "unreadable", lines->number, "Reading failed here; what came before was converted.");
}

/* What is decided by how a source begins. */
enum choice { PASS_OVER, REFUSE, CONVERT };

static enum choice choose(const struct pipeline *pipeline, enum content content, bool named)
{
    /* a later piece may begin with anything that opens a session */
    if (pipeline->task->piece.from > 0 || content_is_log(content, pipeline->name.known))
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
        return complain(pipeline, status, export);
    }
    convert(pipeline);
    pipeline->part.summary.records = pipeline->output.records;
    status = output_close(&pipeline->output, !is_stopped(pipeline));
    pipeline->part.exported = status == TCPLOG_OK && !is_stopped(pipeline);
    return status == TCPLOG_OK || status == TCPLOG_STOPPED ? status : complain(pipeline, status, export);
}

static enum tcplog_status convert_on(struct pipeline *pipeline)
{
    uint64_t records = pipeline->output.records;
    convert(pipeline);
    pipeline->part.summary.records = pipeline->output.records - records;
    return output_status(&pipeline->output);
}

static enum tcplog_status take(struct pipeline *pipeline, const struct tcplog_input *input)
{
    struct lines *lines = &pipeline->lines;
    enum tcplog_status status = TCPLOG_OK;
    bool any = lines_refill(lines);
    if (!any && lines->error && !is_stopped(pipeline)) {
        report(pipeline, "unreadable", 0, strerror(lines->error));
        return TCPLOG_UNREADABLE;
    }
    enum content content = any ? recognise(lines_ready(lines)) : CONTENT_OTHER;
    enum choice choice = choose(pipeline, content, input->named);
    if (choice == PASS_OVER) {
        pipeline->part.summary.files_passed_over++;
        return TCPLOG_OK;
    }
    if (!input->export && output_replaces(&pipeline->output, &lines->source)) {
        report(pipeline, "input-is-output", 0, "The output would overwrite this input.");
        return TCPLOG_USAGE;
    }
    if (choice == CONVERT)
        status = input->export ? convert_to(pipeline, input->export) : convert_on(pipeline);
    else if (any)
        status = refuse(pipeline, content);
    account(pipeline);
    return status;
}

static void begin(struct pipeline *pipeline, const struct task *task)
{
    pipeline->task = task;
    pipeline->part = (struct part){ .last = task->piece.last, .summary = { .slowest_ms = -1 } };
    pipeline->session.name = &pipeline->name;
    pipeline->session.source_file = str_of(task->input->name);
    witnesses_come(&pipeline->session.witnesses, task->origin);
    log_name_read(task->input->name, &pipeline->name);
}

static bool end(struct pipeline *pipeline, enum tcplog_status status)
{
    struct part *part = &pipeline->part;
    if (part->status == TCPLOG_OK)
        part->status = is_stopped(pipeline) ? TCPLOG_STOPPED : status;
    ledger_part(&pipeline->ledger, part);
    return !tcplog_ends_run(part->status);
}

bool pipeline_run(struct pipeline *pipeline, struct source source, const struct task *task)
{
    struct lines *lines = &pipeline->lines;
    begin(pipeline, task);
    if (pipeline->print)
        fingerprint_begin(source.print = pipeline->print);
    lines_open(lines, source);
    lines->offset = task->piece.from;
    lines->number = task->piece.lines;
    enum tcplog_status status = take(pipeline, &task->input->input);
    lines_close(lines);
    if (pipeline->print && lines->exhausted && !lines->error)
        fingerprint_tell(pipeline->print, pipeline->part.hash);
    return end(pipeline, status);
}

static bool open_source(struct source *source, const struct pipeline *pipeline, const struct task *task)
{
    if (task->fd < 0)
        return source_open_file(source, task->input->input.path, pipeline->options.stop);
    source_open_part(source, task->fd, task->piece.from, task->piece.to);
    return true;
}

bool pipeline_run_task(struct pipeline *pipeline, const struct task *task)
{
    struct source source;
    if (open_source(&source, pipeline, task))
        return pipeline_run(pipeline, source, task);
    int error = errno;
    begin(pipeline, task);
    /* a pipe that nobody writes to makes open wait */
    if (error == EINTR && is_stopped(pipeline))
        return end(pipeline, TCPLOG_STOPPED);
    report(pipeline, "unreadable", 0, strerror(error));
    return end(pipeline, TCPLOG_UNREADABLE);
}
