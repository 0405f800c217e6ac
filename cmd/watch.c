/* tcplog watch: converts the logs of a folder again and again, each time what has changed, and of each log that its program
 * still writes only the sessions that have ended. One look at the folder is a run of convert with a journal (mirror.h):
 * so exports are at any time what such a run would have made, and become what a last one will make. */
#include "conversion_options.h"
#include "export_tree.h"
#include "growing.h"
#include "inputs.h"
#include "lookout.h"
#include "mirror.h"
#include "options.h"
#include "report.h"
#include "signals.h"
#include "told.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    REST = 250,         /* ms after a change, so that a burst of writes is one change */
    POLL = 2000,        /* ms from look to look where changes do not tell of themselves */
    SHARE = 10,         /* looking takes one part in so many of the time */
    BREATH = 500,       /* ms at most until a signal is heeded that came just before a wait */
    IDLE = 900000,      /* ms */
    IDLE_MOST = 1000000 /* seconds */
};

struct watch {
    struct tcplog_options options;
    const char *root;
    struct mirror mirror;
    struct growing growing;
    struct lookout lookout;
    struct told told;
    struct tcplog *log;        /* of the look under way */
    bool last;                 /* nothing more will come: logs are taken as they stand */
    bool again;                /* the look under way has found what is for the next one to do */
    bool unwritten;            /* it ends early, for something could not be written */
    bool untried;              /* it left something out that could not be written in the one before */
    char failed[PATH_MAX];     /* the input of which that is true; "": none */
    enum tcplog_status status; /* one that ends the watch, or OK */
    uint64_t written;
};

static int64_t now(void)
{
    struct timespec clock;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    return (int64_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
}

/* A look that a signal broke off is made good by the last one. What cannot be written may find room later on, as where a disk
 * was full. */
static void fail(struct watch *watch, enum tcplog_status status)
{
    if (!tcplog_ends_run(status) || status == TCPLOG_STOPPED)
        return;
    if (status == TCPLOG_UNWRITABLE && !watch->last && mirror_stands(&watch->mirror))
        watch->unwritten = true;
    else if (watch->status == TCPLOG_OK)
        watch->status = status;
}

static bool goes_on(const struct watch *watch)
{
    return watch->status == TCPLOG_OK && !signals_stop;
}

static bool looks_on(const struct watch *watch)
{
    return goes_on(watch) && !watch->unwritten;
}

static void tell(struct watch *watch, const struct tcplog_problem *problem)
{
    if (told_is_news(&watch->told, problem))
        report_problem(NULL, problem);
}

static void take_report(void *context, const struct tcplog_problem *problem)
{
    tell(context, problem);
}

static void take_note(void *context, const struct tcplog_outcome *outcome)
{
    struct watch *watch = context;
    const char *path = outcome->input->path;
    char hash[JOURNAL_HASH];
    watch->written += outcome->exported;
    if (outcome->exported)
        told_forget(&watch->told, outcome->input->exported_to);
    if (outcome->status == TCPLOG_OK)
        told_forget(&watch->told, path);
    if (outcome->status == TCPLOG_UNWRITABLE)
        snprintf(watch->failed, sizeof(watch->failed), "%s", path);
    fail(watch, outcome->status);
    fail(watch, mirror_finish(&watch->mirror, outcome, hash));
}

static void ask(struct watch *watch, struct tcplog_input input)
{
    char export[PATH_MAX], path[PATH_MAX];
    enum mirror_choice choice = mirror_take(&watch->mirror, &input, input.path, export);
    if (choice == MIRROR_CLASH)
        mirror_tell_clash(&watch->mirror, input.path, export);
    if (choice == MIRROR_CLASH || choice == MIRROR_OVER)
        fail(watch, watch->mirror.failed);
    if (choice == MIRROR_FAILED)
        tell(watch, &(struct tcplog_problem){
                        .id = "output-failed", .file = input.path, .text = watch->mirror.why });
    if ((choice != MIRROR_CONVERT && choice != MIRROR_UNCHANGED) ||
        !export_tree_path(&watch->mirror.tree, export, path))
        return;
    input.exported_to = path;
    input.skip = choice == MIRROR_UNCHANGED;
    tcplog_convert(watch->log, &input);
}

/* What failed in the look before waits for the next one, so that it does not keep others from their turn. */
static bool waits(struct watch *watch, const char *path)
{
    if (watch->last || strcmp(path, watch->failed) != 0)
        return false;
    watch->failed[0] = '\0';
    return watch->untried = true;
}

/* How much of the log is to be converted. A log that was taken as it stood, and goes on, keeps its export as it is until
 * more has ended. */
static void measure(struct watch *watch, struct growing_log *log)
{
    if (log->compared || log->finished >= (uint64_t)log->file.size)
        return;
    uint64_t held = mirror_holds(&watch->mirror, log->path, log->finished);
    if (held)
        log->finished = held;
    log->compared = true;
}

static bool look_at(void *context, const char *path, bool named)
{
    struct watch *watch = context;
    struct tcplog_input input = { .path = path, .named = named };
    char room[PATH_MAX];
    bool own = export_tree_inside(&watch->mirror.tree, path, room) != NULL;
    struct growing_log *log = own ? NULL : growing_see(&watch->growing, path);
    /* it was moved or deleted since its name was read: the next look tells which */
    if ((!own && !log && !named && errno == ENOENT) || waits(watch, path))
        return looks_on(watch);
    bool measured = log && !watch->last && growing_measure(&watch->growing, log);
    if (measured) {
        measure(watch, log);
        input.bytes = log->finished;
    }
    /* What was made of another log that had this name is not of this one; of what is packed it is replaced in a moment. An empty
     * log may have grown by the time that it is converted, and no bytes at all cannot be asked for. */
    if (!measured || log->finished > 0)
        ask(watch, input);
    else if (!log->packed)
        fail(watch, mirror_drop(&watch->mirror, path));
    return looks_on(watch);
}

static void drop(void *context, const char *path)
{
    struct watch *watch = context;
    fail(watch, mirror_drop(&watch->mirror, path));
}

static void outdate(void *context, const char *path)
{
    struct watch *watch = context;
    fail(watch, mirror_outdate(&watch->mirror, path));
    watch->again = true;
}

/* While there is no such folder its logs are not gone: it may be about to be mounted, or to be made anew. */
static bool is_there(struct watch *watch)
{
    struct stat about;
    int error = stat(watch->root, &about) != 0 ? errno : S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
    if (error == 0)
        told_forget(&watch->told, watch->root);
    else
        tell(watch,
             &(struct tcplog_problem){ .id = "unreadable", .file = watch->root, .text = strerror(error) });
    return error == 0;
}

/* A look at all of the folder. */
static void look(struct watch *watch)
{
    watch->mirror.quiet = (watch->unwritten || watch->untried) && !watch->last;
    watch->again = watch->unwritten = watch->untried = false;
    watch->growing.next = INT64_MAX;
    if (!is_there(watch))
        return;
    enum tcplog_status opened = tcplog_open(&watch->options, &watch->log);
    if (opened != TCPLOG_OK) {
        fail(watch, opened);
        return;
    }
    growing_begin(&watch->growing);
    fail(watch, mirror_again(&watch->mirror));
    mirror_come(&watch->mirror, watch->root);
    if (looks_on(watch))
        inputs_visit(watch->root, look_at, watch);
    fail(watch, tcplog_close(watch->log, true, NULL));
    if (looks_on(watch))
        growing_end(&watch->growing, drop, outdate, watch);
}

static void rest(int64_t ms)
{
    struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    /* a signal ends it */
    nanosleep(&time, NULL);
}

/* Until something has changed, or may have, or a log has idled, or what failed may be tried again. */
static void wait_for_change(struct watch *watch)
{
    int64_t end = now() + POLL;
    bool changed = watch->again, fails = watch->unwritten || watch->untried;
    while (goes_on(watch) && !changed) {
        changed = lookout_wait(&watch->lookout, BREATH) || now() >= watch->growing.next ||
                  ((fails || !lookout_hears(&watch->lookout)) && now() >= end);
    }
}

static void go_on(struct watch *watch)
{
    while (goes_on(watch)) {
        int64_t before = now();
        look(watch);
        int64_t share = SHARE * (now() - before);
        wait_for_change(watch);
        if (goes_on(watch))
            rest(share > REST ? share : REST);
    }
}

/* Told to end while it waited? then what has not ended is taken as it stands. A second signal ends the program. */
static int end(struct watch *watch)
{
    int number = signals_stop;
    if (watch->status == TCPLOG_OK) {
        signals_stop = 0;
        watch->last = true;
        do
            look(watch);
        while (watch->again && goes_on(watch));
    }
    fail(watch, mirror_close(&watch->mirror, goes_on(watch)));
    lookout_close(&watch->lookout);
    growing_free(&watch->growing);
    told_free(&watch->told);
    report_watched(watch->root, watch->written, watch->mirror.tree.folder);
    if (watch->status != TCPLOG_OK)
        return exit_code_of(watch->status);
    return number == SIGINT ? EXIT_STOPPED : EXIT_DONE;
}

static bool open_mirror(struct watch *watch, const char *output)
{
    enum tcplog_status status = tcplog_open(&watch->options, &watch->log);
    /* an export may take the place of the one before, but the folder is nobody else's */
    struct tcplog_options folder = watch->options;
    folder.force = false;
    watch->mirror.watched = true;
    if (status == TCPLOG_OK) {
        status = mirror_open(&watch->mirror, output, watch->log, &folder, PARTITION_NONE);
        if (status != TCPLOG_OK)
            mirror_close(&watch->mirror, false);
        tcplog_close(watch->log, false, NULL);
    }
    fail(watch, status);
    return status == TCPLOG_OK;
}

static int run(struct watch *watch, const char *output, bool poll)
{
    signals_catch();
    if (!open_mirror(watch, output))
        return exit_code_of(watch->status);
    lookout_open(&watch->lookout, watch->root, watch->mirror.tree.real, watch->mirror.tree.suffix, !poll);
    go_on(watch);
    return end(watch);
}

static const struct conversion_options asks = { .format = OPTION_w_format,
                                                .kinds = OPTION_w_kinds,
                                                .output = OPTION_w_output,
                                                .gzip = OPTION_w_gzip,
                                                .engine = OPTION_w_engine,
                                                .zone = OPTION_w_zone,
                                                .redact = OPTION_w_redact,
                                                .redact_key = OPTION_w_key };

/* A number of seconds, in ms; -1: it is none. */
static int64_t parse_idle(const char *text)
{
    char *end;
    if (!text)
        return IDLE;
    long seconds = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : -1;
    return seconds >= 0 && seconds <= IDLE_MOST && *end == '\0' ? (int64_t)seconds * 1000 : -1;
}

static int refuse_folder(const char *folder, const char *text)
{
    report_problem(NULL, &(struct tcplog_problem){ .id = "unreadable", .file = folder, .text = text });
    return EXIT_UNREADABLE;
}

/* -1: it is one. */
static int check_folder(const char *folder)
{
    struct stat about;
    if (stat(folder, &about) != 0)
        return refuse_folder(folder, strerror(errno));
    return S_ISDIR(about.st_mode) ? -1 : refuse_folder(folder, "Only a folder can be watched.");
}

/* -1, or the exit code of what is wrong with the command line. */
static int check(const struct command *command, const struct parsed *parsed, int operands,
                 const struct watch *watch)
{
    if (operands != 1)
        return usage(command, "watch needs one folder of logs", NULL);
    if (!watch->options.output || !watch->options.output[0])
        return usage(command, "watch needs -o DIR, a folder for the exports", NULL);
    if (watch->growing.idle < 0)
        return usage(command, "--idle takes a number of seconds, not", parsed->value[OPTION_idle]);
    if (watch->options.redact == TCPLOG_REDACT_IDENTITIES && !watch->options.redact_key_file)
        return usage(command, "a folder of exports keeps to one key: give it with --redact-key-file", NULL);
    return check_folder(watch->root);
}

static void listen_to_library(struct watch *watch)
{
    watch->options.output = NULL;
    watch->options.exports = watch->options.force = watch->options.fingerprint = true;
    watch->options.stop = &signals_stop;
    watch->options.report = take_report;
    watch->options.finished = take_note;
    watch->options.context = watch;
}

static int start(const struct command *command, const struct parsed *parsed, int argc, char **argv,
                 struct watch *watch)
{
    int refused = conversion_parse(command, parsed, &asks, &watch->options);
    if (refused >= 0)
        return refused;
    const char *output = watch->options.output;
    watch->root = argv[parsed->first];
    watch->growing.idle = parse_idle(parsed->value[OPTION_idle]);
    refused = check(command, parsed, argc - parsed->first, watch);
    if (refused >= 0)
        return refused;
    listen_to_library(watch);
    return run(watch, output, parsed->given[OPTION_poll]);
}

static int watch_folder(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    struct watch *watch = calloc(1, sizeof(*watch));
    int code = watch ? start(command, &parsed, argc, argv, watch) : exit_code_of(TCPLOG_MEMORY);
    free(watch);
    return code;
}

const struct command command_watch = {
    .name = "watch",
    .arguments = "DIR",
    .summary = "Converts the logs of a folder while they are written, each session when it has ended.",
    .details =
        "\nDIR is looked at each time something in it changes, until a signal ends it. Exports go to a folder that\n"
        "mirrors DIR, as with convert -o DIR/; at the end, what has not ended is taken as it stands.\n"
        "Passwords and all other credentials are masked unless --redact none is given.\n",
    .run = watch_folder,
};
