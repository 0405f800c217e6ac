/* Operands → inputs → the library; outcomes → exit code. */
#include "conversion.h"

#include "inputs.h"
#include "mirror.h"
#include "options.h"
#include "report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The only thing a first signal does: the library looks at it. A second one ends the program at once. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

static void catch_signals(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    /* no SA_RESTART: a read that waits for input must come back */
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND }, before;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        /* nohup and shells have signals ignored that are not meant for us */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
}

struct run {
    const struct tcplog_options *options;
    struct tcplog *log;
    struct mirror *mirror; /* NULL: there is one output */
    struct listed *listed; /* NULL: operands only */
    uint64_t passed_over;
    bool unlisted; /* the list could not be read to its end */
    bool over;     /* no more inputs */
    bool homeless; /* an export had no place */
    /* what outcomes tell: to be looked at when all of them are told */
    uint64_t done, unreadable;
    enum tcplog_status worst; /* one that ends the run, or TCPLOG_DAMAGED */
};

static void take_note(void *context, const struct tcplog_outcome *outcome)
{
    struct run *run = context;
    enum tcplog_status status = outcome->status;
    run->done += status == TCPLOG_OK || status == TCPLOG_DAMAGED;
    run->unreadable += status == TCPLOG_UNREADABLE;
    if (status != TCPLOG_OK && !tcplog_ends_run(run->worst))
        run->worst = status == TCPLOG_UNREADABLE ? TCPLOG_DAMAGED : status;
    enum tcplog_status journaled = run->mirror ? mirror_finish(run->mirror, outcome) : TCPLOG_OK;
    if (journaled != TCPLOG_OK)
        run->worst = journaled;
}

/* What the records say of where they come from. */
static const char *name_of(const struct run *run, const char *path)
{
    return strcmp(path, "-") == 0 && run->options->name ? run->options->name : path;
}

/* Whether the library has to be asked; *input is completed. */
static bool ask_mirror(struct run *run, struct tcplog_input *input, char path[PATH_MAX])
{
    char export[PATH_MAX];
    enum mirror_choice choice = mirror_take(run->mirror, input, name_of(run, input->path), export);
    run->homeless |= choice == MIRROR_FAILED;
    run->over |= choice == MIRROR_OVER;
    input->export = path;
    input->skip = choice == MIRROR_UNCHANGED;
    return (choice == MIRROR_CONVERT || choice == MIRROR_UNCHANGED) &&
           export_tree_path(&run->mirror->tree, export, path);
}

static bool convert_one(void *context, const char *path, bool named)
{
    struct run *run = context;
    char export[PATH_MAX];
    struct tcplog_input input = { .path = path, .named = named };
    if (stop)
        run->over = true;
    else if (!run->mirror || ask_mirror(run, &input, export))
        run->over = !tcplog_convert(run->log, &input);
    return !run->over;
}

static void visit(struct run *run, const char *operand)
{
    if (run->mirror)
        mirror_come(run->mirror, operand);
    run->passed_over += inputs_visit(operand, convert_one, run);
}

static void visit_listed(struct run *run, struct listed *listed)
{
    const char *path;
    while (!run->over && !stop && (path = listed_next(listed)) != NULL)
        visit(run, path);
    if (!listed->error || stop)
        return;
    report_problem(NULL, &(struct tcplog_problem){
                             .id = "unreadable", .file = listed->name, .text = strerror(listed->error) });
    run->unlisted = true;
}

static void visit_all(struct run *run, char **operands)
{
    for (; *operands && !run->over; operands++)
        visit(run, *operands);
    if (run->listed)
        visit_listed(run, run->listed);
}

/* Nothing could be read at all? that is another exit code than one bad file among good ones. */
static enum tcplog_status verdict(const struct run *run)
{
    uint64_t unchanged = run->mirror ? run->mirror->unchanged : 0;
    if (stop)
        return TCPLOG_STOPPED;
    if (tcplog_ends_run(run->worst))
        return run->worst;
    if (run->mirror && run->mirror->failed)
        return run->mirror->failed;
    if (run->homeless)
        return TCPLOG_UNWRITABLE;
    if ((run->unreadable || run->unlisted) && run->done + unchanged == 0)
        return TCPLOG_UNREADABLE;
    return run->worst == TCPLOG_OK && run->unlisted ? TCPLOG_DAMAGED : run->worst;
}

/* Ends the output, and tells what came of the run. */
static int finish(struct run *run, tell_upshot *tell)
{
    struct tcplog_summary summary;
    const struct tcplog_options *options = run->options;
    tcplog_settle(run->log);
    enum tcplog_status status = verdict(run);
    bool named = options->output && strcmp(options->output, "-") != 0;
    bool keep = status == TCPLOG_OK || (status == TCPLOG_DAMAGED && !options->strict);
    enum tcplog_status closed = tcplog_close(run->log, keep, &summary);
    if (status == TCPLOG_STOPPED || closed == TCPLOG_STOPPED) {
        fputs("tcplog: interrupted\n", stderr);
        return EXIT_STOPPED;
    }
    if (closed != TCPLOG_OK)
        return exit_code_of(closed);
    if (!keep && named && !tcplog_ends_run(status))
        report_given_up(options->output);
    else if (tell && !tcplog_ends_run(status))
        tell(&(struct upshot){ .summary = &summary,
                               .others = run->passed_over,
                               .output = named ? options->output : "standard output" });
    return exit_code_of(status);
}

/* Whatever ended the run: what is done stays, and is told. */
static int finish_mirror(struct run *run, tell_upshot *tell)
{
    struct tcplog_summary summary;
    tcplog_close(run->log, true, &summary);
    enum tcplog_status status = verdict(run);
    bool clean = !tcplog_ends_run(run->worst) && !run->over;
    enum tcplog_status closed = mirror_close(run->mirror, clean);
    if (tell)
        tell(&(struct upshot){ .summary = &summary,
                               .others = run->passed_over,
                               .unchanged = run->mirror->unchanged,
                               .output = run->mirror->tree.folder });
    if (status == TCPLOG_STOPPED)
        fputs("tcplog: interrupted\n", stderr);
    else if (closed != TCPLOG_OK)
        status = closed;
    return exit_code_of(status);
}

static int run_mirror(struct run *run, char **operands, tell_upshot *tell)
{
    struct mirror *mirror = calloc(1, sizeof(*mirror));
    enum tcplog_status opened = TCPLOG_MEMORY;
    if (mirror)
        opened = mirror_open(mirror, run->options->output, run->log, run->options);
    run->mirror = mirror;
    int exit_code = exit_code_of(opened);
    if (opened == TCPLOG_OK) {
        visit_all(run, operands);
        exit_code = finish_mirror(run, tell);
    } else {
        tcplog_close(run->log, false, NULL);
        if (mirror)
            mirror_close(mirror, false);
    }
    free(mirror);
    return exit_code;
}

int conversion_run(const struct tcplog_options *options, char **operands, struct listed *listed,
                   tell_upshot *tell)
{
    struct run run = { .options = options, .listed = listed };
    struct tcplog_options heard = *options;
    heard.exports = export_tree_is_meant(options->output);
    heard.fingerprint = heard.exports;
    heard.stop = &stop;
    heard.report = report_problem;
    heard.finished = take_note;
    heard.context = &run;
    if (heard.exports) {
        heard.output = NULL;
        heard.force = true;
    }
    enum tcplog_status opened = tcplog_open(&heard, &run.log);
    if (opened != TCPLOG_OK)
        return exit_code_of(opened);
    catch_signals();
    if (heard.exports)
        return run_mirror(&run, operands, tell);
    visit_all(&run, operands);
    return finish(&run, tell);
}
