/* What becomes of an input: opened, looked at, refused or sent on its journey, with all logs that are in it; and what came of
 * it, told. */
#include "pipeline.h"

#include "base/error.h"
#include "dialect/recognise.h"
#include "journey.h"
#include "tcplog/validate.h"

#include <errno.h>
#include <time.h>

static void report(struct pipeline *pipeline, struct tcplog_problem problem)
{
    problem.file = pipeline->task->input->name;
    ledger_problem(&pipeline->ledger, &problem);
}

static void report_one(struct pipeline *pipeline, const char *id, uint64_t line, const char *text)
{
    const char *member = pipeline->members.name_n ? pipeline->members.name : NULL;
    report(pipeline, (struct tcplog_problem){ .id = id, .member = member, .line = line, .text = text });
}

struct tcplog_problem pipeline_export_wrong(const char *path, const char *why)
{
    return (struct tcplog_problem){ .id = "export-wrong", .field = path, .text = why };
}

static enum tcplog_status complain(struct pipeline *pipeline, enum tcplog_status status, const char *export)
{
    char name[OUTPUT_NAME];
    const struct tcplog_problem problem =
        output_complaint(status, export, pipeline->output.lacks_index, name);
    ledger_problem(&pipeline->ledger, &problem);
    return status;
}

static enum tcplog_status refuse(struct pipeline *pipeline, enum content content)
{
    struct lines *lines = &pipeline->lines;
    struct line line;
    while (journey_goes_on(pipeline) && lines_refill(lines))
        while (lines_next(lines, &line) && !line.cut)
            continue;
    pipeline->part.summary.files_refused++;
    pipeline->part.summary.lines_diagnosed += lines->number;
    const struct refusal *refusal = recognise_refusal(content);
    report_one(pipeline, refusal->id, 0, refusal->text);
    return TCPLOG_DAMAGED;
}

static void account(struct pipeline *pipeline)
{
    struct lines *lines = &pipeline->lines;
    pipeline->part.summary.files += pipeline->task->piece.last;
    pipeline->part.summary.lines += lines->number - pipeline->task->piece.lines;
    pipeline->part.summary.bytes += lines->offset + lines->at - pipeline->task->piece.from;
    bool broken = lines->error && lines->error != EINTR;
    pipeline->part.broken |= broken;
    if (broken)
        report_one(pipeline, "unreadable", lines->number,
                   "Reading failed here; what came before was converted.");
}

/* What is decided by how a source begins. */
enum choice { PASS_OVER, REFUSE, CONVERT };

static enum choice choose(const struct pipeline *pipeline, enum content content, bool named)
{
    /* a later piece may begin with anything that opens a session */
    if (pipeline->task->piece.from > 0 || content_is_log(content, pipeline->name.known))
        return CONVERT;
    /* a log by its name that nobody can read is not passed over in silence */
    return named || (content == CONTENT_WIDE && pipeline->name.known) ? REFUSE : PASS_OVER;
}

static bool is_right(struct pipeline *pipeline, const char *export)
{
    char why[TCPLOG_WHY];
    if (!pipeline->options.verify || tcplog_agrees(export, &pipeline->part.summary, why))
        return true;
    report(pipeline, pipeline_export_wrong(export, why));
    return false;
}

/* Where the records of the task go; NULL: to the output there is. Those of a piece are joined by others. */
static const char *export_of(const struct task *task)
{
    return task->is_piece ? NULL : task->input->input.exported_to;
}

/* An export is made with the first log that goes to it. */
static enum tcplog_status open_export(struct pipeline *pipeline, const char *export)
{
    struct output_options target = pipeline->target;
    target.path = export;
    target.gzip |= str_ends(str_of(export), STR(".gz"));
    enum tcplog_status status = output_open(&pipeline->output, &target);
    if (status == TCPLOG_OK)
        return status;
    complain(pipeline, status, export);
    output_close(&pipeline->output, false);
    return status;
}

/* It appears, or does not, before the input counts as done. */
static enum tcplog_status close_export(struct pipeline *pipeline, const char *export)
{
    if (!export || !pipeline->output.sink)
        return TCPLOG_OK;
    if (pipeline->turnstile.pass)
        pipeline->turnstile.pass(pipeline->turnstile.context);
    enum tcplog_status status = output_close(&pipeline->output, !journey_is_stopped(pipeline));
    pipeline->part.exported =
        status == TCPLOG_OK && !journey_is_stopped(pipeline) && is_right(pipeline, export);
    return status == TCPLOG_OK || status == TCPLOG_STOPPED ? status : complain(pipeline, status, export);
}

static enum tcplog_status convert_log(struct pipeline *pipeline, const char *export)
{
    if (export && !pipeline->output.sink) {
        enum tcplog_status status = open_export(pipeline, export);
        if (status != TCPLOG_OK)
            return status;
    }
    uint64_t records = pipeline->output.records;
    journey_convert(pipeline);
    pipeline->part.summary.records += pipeline->output.records - records;
    return journey_status(pipeline);
}

static enum tcplog_status take(struct pipeline *pipeline, bool named)
{
    const char *export = export_of(pipeline->task);
    struct lines *lines = &pipeline->lines;
    enum tcplog_status status = TCPLOG_OK;
    bool any = lines_refill(lines);
    if (!any && lines->error && !journey_is_stopped(pipeline)) {
        report_one(pipeline, "unreadable", 0, error_text(lines->error));
        return TCPLOG_UNREADABLE;
    }
    enum content content = any ? recognise(lines_ready(lines)) : CONTENT_OTHER;
    enum choice choice = choose(pipeline, content, named);
    if (choice == PASS_OVER && content != CONTENT_PACKED) {
        pipeline->part.summary.files_passed_over++;
        return TCPLOG_OK;
    }
    if (!export && output_replaces(&pipeline->output, &lines->source)) {
        report_one(pipeline, "input-is-output", 0, "The output would overwrite this input.");
        return TCPLOG_USAGE;
    }
    if (content == CONTENT_PACKED) {
        members_enter(&pipeline->members, &lines->source, lines_ready(lines));
        return TCPLOG_OK;
    }
    if (choice == CONVERT)
        status = convert_log(pipeline, export);
    else if (any)
        status = refuse(pipeline, content);
    account(pipeline);
    return status;
}

/* Where what comes next is, and what its name tells. */
static void locate(struct pipeline *pipeline)
{
    const struct members *members = &pipeline->members;
    struct session *session = &pipeline->session;
    struct buf *whole = &pipeline->whole;
    const struct str file = str_of(pipeline->task->input->name), member = { members->name, members->name_n };
    whole->n = 0;
    tcplog_buf_add(whole, file);
    if (member.n) {
        tcplog_buf_add(whole, MEMBER_STEP);
        tcplog_buf_add(whole, member);
    }
    tcplog_buf_add(whole, STR("\0"));
    if (whole->status != TCPLOG_OK)
        pipeline->part.status = whole->status;
    session->where = (struct whereabouts){ file, member };
    session->name = &pipeline->name;
    log_name_read(members_hint(members), &pipeline->name);
}

/* One log, or what turns out to be none, or to hold some. */
static enum tcplog_status run_one(struct pipeline *pipeline, struct source source, bool named)
{
    const struct task *task = pipeline->task;
    struct members *members = &pipeline->members;
    struct lines *lines = &pipeline->lines;
    bool inside = members->depth > 0;
    lines_open(lines, source);
    if (!inside) {
        lines->offset = task->piece.from - task->piece.at;
        lines->number = task->piece.lines;
        lines->at = task->piece.at;
        lines->end = task->piece.at + task->piece.ready;
        lines->exhausted = task->piece.empty;
    }
    /* what was noted between two members is at no line of one */
    members->fresh = TROUBLE_NONE;
    enum tcplog_status status = take(pipeline, named);
    if (members->fresh != TROUBLE_NONE)
        members->notes[members->fresh]->line = lines->number;
    lines_close(lines);
    return status;
}

/* What is read of one folder, one log after another, is a run in an archive, too. */
static void come_inside(struct pipeline *pipeline)
{
    struct buf *folder = &pipeline->folder;
    struct str here = str_upto(buf_str(&pipeline->whole), pipeline->whole.n - 1);
    while (here.n > 0 && here.p[here.n - 1] != '/')
        here.n--;
    if (!str_equal(buf_str(folder), here)) {
        pipeline->inside = (struct origin){ .run = pipeline->inside.run + 1 };
        folder->n = 0;
        tcplog_buf_add(folder, here);
    }
    witnesses_come(&pipeline->session.witnesses, pipeline->inside);
}

static bool is_done(enum tcplog_status status)
{
    return status == TCPLOG_OK || status == TCPLOG_DAMAGED;
}

/* All that is in an archive, which is a folder of its own: its sessions are told nothing by those around it, and tell
 * them nothing. So nobody has to read an archive back. */
static enum tcplog_status run_members(struct pipeline *pipeline)
{
    struct members *members = &pipeline->members;
    struct witnesses around = pipeline->session.witnesses;
    struct source source;
    enum tcplog_status worst = TCPLOG_OK;
    pipeline->session.witnesses = (struct witnesses){ 0 };
    while (is_done(worst) && !journey_is_stopped(pipeline) && members_next(members, &source)) {
        locate(pipeline);
        come_inside(pipeline);
        enum tcplog_status status =
            run_one(pipeline, source, pipeline->task->input->input.named && !members->packed);
        uint64_t bytes = pipeline->lines.offset + pipeline->lines.at;
        pipeline->inside.start += bytes < WITNESS_FILE ? WITNESS_FILE : bytes;
        if (status != TCPLOG_OK)
            worst = status;
    }
    pipeline->session.witnesses = around;
    return worst;
}

/* The teller knows no members: what members show is told here. */
static void report_findings(struct pipeline *pipeline)
{
    for (enum finding finding = 0; finding < FINDING_COUNT; finding++) {
        struct found *found = &pipeline->part.found[finding];
        struct tcplog_problem problem = *teller_finding(finding);
        if (found->count == 0)
            continue;
        problem.member = pipeline->found_in[finding];
        problem.line = found->line;
        problem.more = found->count - 1;
        report(pipeline, problem);
        *found = (struct found){ 0 };
    }
}

/* Answers how many kinds there are. */
static int report_troubles(struct pipeline *pipeline)
{
    int kinds = 0;
    for (enum trouble trouble = TROUBLE_NONE + 1; trouble < TROUBLE_COUNT; trouble++) {
        const struct trouble_note *note = pipeline->members.notes[trouble];
        struct tcplog_problem problem = *trouble_problem(trouble);
        if (!note)
            continue;
        problem.member = note->member[0] ? note->member : NULL;
        problem.line = note->line;
        problem.more = note->count - 1;
        report(pipeline, problem);
        kinds++;
    }
    return kinds;
}

static void finish(struct pipeline *pipeline)
{
    struct members *members = &pipeline->members;
    struct part *part = &pipeline->part;
    members_end(members);
    if (members->packed)
        report_findings(pipeline);
    int troubles = report_troubles(pipeline);
    part->broken |= members->notes[TROUBLE_UNREADABLE] != NULL;
    part->summary.files_passed_over += members->passed_over;
    if (pipeline->task->input->input.named && members->packed &&
        part->summary.files + (uint64_t)troubles == 0 && !journey_is_stopped(pipeline)) {
        part->summary.files++;
        part->summary.files_refused++;
        report_one(pipeline, "no-logs-inside", 0, "There is no session log in this archive.");
    }
}

static void begin(struct pipeline *pipeline, const struct task *task)
{
    pipeline->task = task;
    pipeline->part = (struct part){ .last = task->piece.last, .summary = { .slowest_ms = -1 } };
    if (task->hash)
        memcpy(pipeline->part.hash, task->hash, sizeof(pipeline->part.hash));
    members_begin(&pipeline->members, &pipeline->options.limits, task->input->name);
    pipeline->inside = (struct origin){ 0 };
    pipeline->folder.n = 0;
    witnesses_come(&pipeline->session.witnesses, task->origin);
    locate(pipeline);
}

static bool end(struct pipeline *pipeline, enum tcplog_status status)
{
    struct part *part = &pipeline->part;
    if (part->status == TCPLOG_OK)
        part->status = journey_is_stopped(pipeline) ? TCPLOG_STOPPED : status;
    ledger_part(&pipeline->ledger, part);
    return !tcplog_ends_run(part->status);
}

static enum tcplog_status run(struct pipeline *pipeline, struct source source)
{
    const struct tcplog_input *input = &pipeline->task->input->input;
    const struct lines *lines = &pipeline->lines;
    /* a piece is not all of it */
    bool prints = pipeline->print && !pipeline->task->is_piece;
    source.tally = pipeline->options.bytes_read;
    if (source.tally)
        __atomic_add_fetch(source.tally, pipeline->task->piece.ready, __ATOMIC_RELAXED);
    if (prints)
        fingerprint_begin(source.print = pipeline->print);
    enum tcplog_status status = run_one(pipeline, source, input->named);
    /* of what is packed nobody knows yet whether all of it will be read */
    if (prints && lines->exhausted && !lines->error && pipeline->members.depth == 0)
        fingerprint_tell(pipeline->print, pipeline->part.hash);
    if (status == TCPLOG_OK && pipeline->members.depth > 0)
        status = run_members(pipeline);
    finish(pipeline);
    enum tcplog_status closed = close_export(pipeline, export_of(pipeline->task));
    return is_done(status) && closed != TCPLOG_OK ? closed : status;
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

bool pipeline_run(struct pipeline *pipeline, struct source source, const struct task *task)
{
    uint64_t began = now_ns();
    begin(pipeline, task);
    enum tcplog_status status = run(pipeline, source);
    pipeline->part.summary.busy_ns = now_ns() - began;
    return end(pipeline, status);
}

static bool open_source(struct source *source, const struct pipeline *pipeline, const struct task *task)
{
    const struct tcplog_input *input = &task->input->input;
    bool opened = true;
    if (input->name)
        source_open_next(source, input->bytes, pipeline->options.stop);
    else if (task->source)
        *source = *task->source;
    else
        opened = source_open_file(source, input->path, pipeline->options.stop);
    if (input->bytes)
        source->left = input->bytes;
    return opened;
}

bool pipeline_run_task(struct pipeline *pipeline, const struct task *task)
{
    struct source source;
    if (open_source(&source, pipeline, task))
        return pipeline_run(pipeline, source, task);
    int error = errno;
    begin(pipeline, task);
    /* a pipe that nobody writes to makes open wait */
    if (error == EINTR && journey_is_stopped(pipeline))
        return end(pipeline, TCPLOG_STOPPED);
    report_one(pipeline, "unreadable", 0, error_text(error));
    return end(pipeline, TCPLOG_UNREADABLE);
}
