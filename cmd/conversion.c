/* Operands → inputs → the library; outcomes → exit code. */
#include "conversion.h"

#include "account.h"
#include "inputs.h"
#include "mirror.h"
#include "options.h"
#include "places.h"
#include "report.h"
#include "seal.h"
#include "signals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run {
    const struct tcplog_options *options;
    tell_upshot *tell;
    struct tcplog *log;
    struct mirror *mirror; /* NULL: there is one output */
    struct listed *listed; /* NULL: operands only */
    struct bundle bundle;
    uint64_t passed_over;
    bool unlisted; /* the list could not be read to its end */
    bool over;     /* no more inputs */
    bool sealed;   /* hashes in the report are keyed by `seal`: there is no mirror that does */
    struct seal seal;
    struct account account;
    struct progress progress;
    struct tcplog_summary summary; /* when it is over */
};

static void hear_problem(void *context, const struct tcplog_problem *problem)
{
    struct run *run = context;
    /* a pipe that nobody took while it was opened is no fault of the output's */
    if (run->log || !signals_stop)
        account_problem(&run->account, problem);
}

/* For the report: of what was packed the library has none. */
static void hash_input(const struct tcplog_outcome *outcome, char hash[JOURNAL_HASH])
{
    bool done = outcome->status == TCPLOG_OK || outcome->status == TCPLOG_DAMAGED;
    snprintf(hash, JOURNAL_HASH, "%s", outcome->hash);
    if (!hash[0] && done && !outcome->broken && strcmp(outcome->input->path, "-") != 0 &&
        !tcplog_fingerprint(outcome->input, hash))
        hash[0] = '\0';
}

static bool is_divided(const struct run *run)
{
    return run->mirror && run->mirror->partition.by != PARTITION_NONE;
}

static void hear_outcome(void *context, const struct tcplog_outcome *outcome)
{
    struct run *run = context;
    char hash[JOURNAL_HASH] = "", bare[JOURNAL_HASH] = "";
    enum tcplog_status journaled = run->mirror ? mirror_finish(run->mirror, outcome, hash) : TCPLOG_OK;
    /* a bare hash tells of secrets what no record does, unless records tell them, too */
    bool open = run->options->redact == TCPLOG_REDACT_NONE;
    if (run->account.report.file && (open || run->sealed))
        hash_input(outcome, bare);
    if (run->sealed && !open)
        seal_hash(&run->seal, bare, hash);
    struct tcplog_outcome told = *outcome;
    told.exported &= !is_divided(run);
    account_outcome(&run->account, &told, open ? bare : hash);
    if (journaled != TCPLOG_OK)
        account_end(&run->account, journaled);
}

/* What the records say of where they come from. */
static const char *name_of(const struct run *run, const char *path)
{
    return strcmp(path, "-") == 0 && run->options->name ? run->options->name : path;
}

/* Waits until all there is to tell of the inputs so far has been told. False: the run is over, and of what lies behind the
 * input that ended it nothing is told. */
static bool settle(struct run *run)
{
    bool goes_on = tcplog_settle(run->log);
    if (goes_on)
        account_settled(&run->account);
    return goes_on;
}

static void put_aside(struct run *run, const struct account_aside *aside)
{
    if (!account_aside(&run->account, aside) && settle(run))
        account_aside(&run->account, aside);
}

static void leave_unchanged(struct run *run, const char *export)
{
    const struct journal_line *line = &run->mirror->line;
    if (line->hash[0])
        put_aside(run, &(struct account_aside){ .path = line->source,
                                                .export = is_divided(run) ? NULL : export,
                                                .hash = line->hash,
                                                .bytes = (uint64_t)line->size,
                                                .lines = line->lines,
                                                .records = line->records,
                                                .sessions = line->sessions,
                                                .problems = line->problems });
}

/* Whether the library has to be asked; *input is completed. */
static bool ask_mirror(struct run *run, struct tcplog_input *input, char path[PATH_MAX])
{
    char export[PATH_MAX];
    const char *name = name_of(run, input->path);
    enum mirror_choice choice = mirror_take(run->mirror, input, name, export);
    if (choice == MIRROR_FAILED)
        put_aside(run, &(struct account_aside){ .path = name, .hash = "", .why = run->mirror->why });
    if (choice == MIRROR_CLASH && settle(run))
        mirror_tell_clash(run->mirror, name, export);
    run->over |= choice == MIRROR_OVER || choice == MIRROR_CLASH;
    if ((choice != MIRROR_CONVERT && choice != MIRROR_UNCHANGED) ||
        !export_tree_path(&run->mirror->tree, export, path))
        return false;
    input->exported_to = path;
    input->skip = choice == MIRROR_UNCHANGED;
    if (input->skip)
        leave_unchanged(run, path);
    return true;
}

static bool hand_on(struct run *run, const struct tcplog_input *input)
{
    if (!input->skip)
        account_handed(&run->account);
    return tcplog_convert(run->log, input);
}

static bool convert_one(void *context, const char *path, bool named)
{
    struct run *run = context;
    char export[PATH_MAX];
    struct tcplog_input input = { .path = path, .named = named };
    if (signals_stop)
        run->over = true;
    else if (!run->mirror || ask_mirror(run, &input, export))
        run->over = !hand_on(run, &input);
    return !run->over;
}

static bool convert_slice(void *context, const struct tcplog_input *slice)
{
    struct run *run = context;
    run->over = signals_stop || !hand_on(run, slice);
    return !run->over;
}

/* A path of a list has its export below all of its folders: names of logs are the same in many of them. */
static void visit(struct run *run, const char *operand, bool is_listed)
{
    if (run->bundle.wanted && strcmp(operand, "-") == 0) {
        if (settle(run))
            bundle_visit(&run->bundle, convert_slice, run);
        return;
    }
    if (run->mirror)
        mirror_come(run->mirror, is_listed ? "" : operand);
    run->passed_over += inputs_visit(operand, convert_one, run);
}

static void visit_listed(struct run *run, struct listed *listed)
{
    const char *path;
    while (!run->over && !signals_stop && (path = listed_next(listed)) != NULL)
        visit(run, path, true);
    if (!listed->error || signals_stop || !settle(run))
        return;
    report_problem(NULL, &(struct tcplog_problem){
                             .id = "unreadable", .file = listed->name, .text = strerror(listed->error) });
    run->unlisted = true;
}

static void visit_all(struct run *run, char **operands)
{
    for (; *operands && !run->over; operands++)
        visit(run, *operands, false);
    if (run->listed)
        visit_listed(run, run->listed);
}

/* Nothing could be read at all? that is another exit code than one bad file among good ones. */
static enum tcplog_status verdict(const struct run *run)
{
    const struct account *account = &run->account;
    if (signals_stop)
        return TCPLOG_STOPPED;
    if (tcplog_ends_run(account->worst))
        return account->worst;
    if (run->mirror && run->mirror->failed)
        return run->mirror->failed;
    if (account->unwritten)
        return TCPLOG_UNWRITABLE;
    if ((account->unreadable || run->unlisted || run->bundle.unreadable) &&
        account->done + account->unchanged == 0)
        return TCPLOG_UNREADABLE;
    bool damaged = run->unlisted || run->bundle.damaged;
    return account->worst == TCPLOG_OK && damaged ? TCPLOG_DAMAGED : account->worst;
}

static void tell_all(const struct run *run, enum tcplog_status status, const char *output)
{
    const struct upshot upshot = { .summary = &run->summary,
                                   .others = run->passed_over + run->bundle.passed_over,
                                   .unchanged = run->account.unchanged,
                                   .output = output,
                                   .failures = &run->account.failures };
    if (run->tell)
        run->tell(&upshot);
    /* also with -q: nobody is to take it for a success; but a tar may be a group of many, and have none by chance */
    if (status == TCPLOG_OK && !run->bundle.wanted)
        report_nothing(&upshot);
}

static bool reads_back(const struct run *run)
{
    char why[TCPLOG_WHY];
    const char *path = run->options->output;
    struct tcplog_summary summary = run->summary;
    /* what was left out was read, too */
    if (run->options->dedupe)
        summary.lines_recorded = 0;
    if (tcplog_agrees(path, &summary, why))
        return true;
    report_problem(NULL, &(struct tcplog_problem){ .id = "export-wrong", .file = path, .text = why });
    return false;
}

static enum tcplog_status interrupted(void)
{
    fputs("tcplog: interrupted\n", stderr);
    return TCPLOG_STOPPED;
}

/* Ends the output, and tells what came of the run. */
static enum tcplog_status finish(struct run *run)
{
    const struct tcplog_options *options = run->options;
    settle(run);
    enum tcplog_status status = verdict(run);
    bool named = options->output && strcmp(options->output, "-") != 0;
    bool keep = status == TCPLOG_OK || (status == TCPLOG_DAMAGED && !options->strict);
    enum tcplog_status closed = tcplog_close(run->log, keep, &run->summary);
    progress_close(&run->progress);
    if (status == TCPLOG_STOPPED || closed == TCPLOG_STOPPED)
        return interrupted();
    if (closed != TCPLOG_OK)
        return closed;
    if (keep && options->verify && !reads_back(run))
        return TCPLOG_INVALID;
    if (!keep && named && !tcplog_ends_run(status))
        report_given_up(options->output);
    else if (!tcplog_ends_run(status))
        tell_all(run, status, named ? options->output : "standard output");
    return status;
}

/* Whatever ended the run: what is done stays, and is told. */
static enum tcplog_status finish_mirror(struct run *run)
{
    settle(run);
    enum tcplog_status settled = mirror_settle(run->mirror);
    tcplog_close(run->log, true, &run->summary);
    progress_close(&run->progress);
    enum tcplog_status status = verdict(run);
    bool clean = !tcplog_ends_run(run->account.worst) && !run->over && settled == TCPLOG_OK;
    enum tcplog_status closed = mirror_close(run->mirror, clean);
    closed = settled != TCPLOG_OK ? settled : closed;
    tell_all(run, status, run->mirror->folder);
    if (status == TCPLOG_STOPPED)
        return interrupted();
    return closed != TCPLOG_OK ? closed : status;
}

static enum tcplog_status report_failed(const char *path)
{
    const char *why = errno == EEXIST ? "The file exists already, and is no report; --force overwrites it."
                                      : strerror(errno);
    /* a reader that went away knows */
    if (errno != EPIPE)
        report_problem(NULL,
                       &(struct tcplog_problem){ .id = "output-failed",
                                                 .file = place_is_unnamed(path) ? "standard output" : path,
                                                 .text = why });
    return TCPLOG_UNWRITABLE;
}

static bool is_journal(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash ? slash + 1 : path, JOURNAL_NAME) == 0;
}

static enum tcplog_status open_report(struct run *run, const char *path)
{
    struct run_report *report = &run->account.report;
    if (!path)
        return TCPLOG_OK;
    char *options = tcplog_describe(run->log);
    bool open = options && run_report_open(report, path, options, run->options->force);
    if (open && run->mirror && is_journal(report->path)) {
        errno = EEXIST;
        open = false;
    }
    enum tcplog_status status = open ? TCPLOG_OK : signals_stop ? interrupted() : report_failed(path);
    /* without a key, as where the report goes to a pipe, it tells no hashes; bare ones need none */
    bool needs_key = run->options->redact != TCPLOG_REDACT_NONE && !run->mirror;
    run->sealed = open && needs_key && report->temporary && seal_open_beside(&run->seal, report->path);
    free(options);
    return status;
}

/* The report is written however the run ended, and tells how. */
static int close_report(struct run *run, const char *path, enum tcplog_status status)
{
    int exit_code = exit_code_of(status);
    const struct account *account = &run->account;
    if (!run_report_close(&run->account.report, &run->summary, account->unchanged, account->failures.count,
                          exit_code))
        exit_code = exit_code_of(report_failed(path));
    return exit_code;
}

static enum tcplog_status convert_all(struct run *run, char **operands)
{
    visit_all(run, operands);
    return run->mirror ? finish_mirror(run) : finish(run);
}

static int run_open(struct run *run, const struct conversion *conversion, char **operands)
{
    const char *report = conversion->report;
    enum tcplog_status status = open_report(run, report);
    if (status == TCPLOG_OK && run->mirror)
        status =
            mirror_open(run->mirror, run->options->output, run->log, run->options, conversion->partition);
    if (status == TCPLOG_OK)
        progress_open(&run->progress, conversion->progress, &run->account.progress);
    if (status == TCPLOG_OK)
        return close_report(run, report, convert_all(run, operands));
    tcplog_close(run->log, false, NULL);
    if (run->mirror)
        mirror_close(run->mirror, false);
    run_report_drop(&run->account.report);
    return exit_code_of(status);
}

static void listen_in(struct run *run, struct tcplog_options *heard, bool report)
{
    heard->exports = run->mirror != NULL;
    heard->fingerprint = heard->exports || report;
    heard->stop = &signals_stop;
    heard->bytes_read = &run->account.progress.bytes;
    heard->report = hear_problem;
    heard->finished = hear_outcome;
    heard->context = run;
    if (heard->exports) {
        heard->output = NULL;
        heard->force = true;
    }
}

int conversion_run(const struct conversion *conversion, char **operands)
{
    struct run run = { .options = conversion->options,
                       .listed = conversion->listed,
                       .bundle = conversion->bundle,
                       .tell = conversion->tell };
    struct tcplog_options heard = *conversion->options;
    bool folder = export_tree_is_meant(heard.output);
    run.mirror = folder ? calloc(1, sizeof(*run.mirror)) : NULL;
    if (folder && !run.mirror)
        return exit_code_of(TCPLOG_MEMORY);
    account_open(&run.account, heard.name);
    listen_in(&run, &heard, conversion->report != NULL);
    heard.divided = conversion->partition != PARTITION_NONE;
    /* from here on there are files to clean up */
    signals_catch();
    enum tcplog_status opened = tcplog_open(&heard, &run.log);
    int exit_code = exit_code_of(opened != TCPLOG_OK && signals_stop ? interrupted() : opened);
    if (opened == TCPLOG_OK)
        exit_code = run_open(&run, conversion, operands);
    account_close(&run.account);
    free(run.mirror);
    return exit_code;
}
