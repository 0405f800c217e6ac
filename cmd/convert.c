/* tcplog convert: options in, the library's conversion of every input, exit code and summary out. */
#include "conversion.h"
#include "inputs.h"
#include "limits.h"
#include "options.h"
#include "report.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* The only thing a first signal does: the library looks at it. A second one ends the program at once. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
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
    struct tcplog *log;
    bool over; /* the library wants no more inputs */
    uint64_t done, unreadable, passed_over;
    enum tcplog_status worst; /* one that ends the run, or TCPLOG_DAMAGED */
};

static void take_note(void *context, const struct tcplog_outcome *outcome)
{
    struct run *run = context;
    enum tcplog_status status = outcome->status;
    run->done += status == TCPLOG_OK || status == TCPLOG_DAMAGED;
    run->unreadable += status == TCPLOG_UNREADABLE;
    if (status != TCPLOG_OK)
        run->worst = status == TCPLOG_UNREADABLE ? TCPLOG_DAMAGED : status;
}

static bool convert_one(void *context, const char *path, bool named)
{
    struct run *run = context;
    run->over = !tcplog_convert(run->log, &(struct tcplog_input){ .path = path, .named = named });
    return !run->over;
}

/* "line,session" or "all" as bits; 0: a name is unknown. */
static unsigned parse_kinds(const char *text)
{
    unsigned kinds = 0;
    for (;;) {
        size_t n = strcspn(text, ",");
        int kind = options_choice(OPTION_kinds, (struct str){ text, n });
        if (kind < 0)
            return 0;
        kinds |= kind == KIND_COUNT ? (1u << KIND_COUNT) - 1 : 1u << kind;
        if (text[n] == '\0')
            return kinds;
        text += n + 1;
    }
}

/* Number of the choice that was made, 0 if none was; -1: it is none. */
static int parse_choice(const struct parsed *parsed, enum option_id id)
{
    return parsed->given[id] ? options_choice(id, str_of(parsed->value[id])) : 0;
}

/* -z9, --gzip=9; nothing: none was asked for. */
static bool parse_level(const char *text, int *level)
{
    if (!text)
        return true;
    bool digit = text[0] >= '1' && text[0] <= '9' && text[1] == '\0';
    *level = digit ? text[0] - '0' : 0;
    if (!digit)
        usage(&command_convert, "-z takes a level from 1 to 9, right behind it, or none; not", text);
    return digit;
}

static int parse(const struct parsed *parsed, struct tcplog_options *options)
{
    *options = (struct tcplog_options){ .format = parsed->value[OPTION_format],
                                        .output = parsed->value[OPTION_output],
                                        .gzip = parsed->given[OPTION_gzip],
                                        .gzip_engine = parsed->value[OPTION_engine],
                                        .force = parsed->given[OPTION_force],
                                        .strict = parsed->given[OPTION_strict],
                                        .name = parsed->value[OPTION_name],
                                        .time_zone = parsed->value[OPTION_zone],
                                        .redact_key_file = parsed->value[OPTION_redact_key] };
    if (parse_choice(parsed, OPTION_format) < 0 || parse_choice(parsed, OPTION_engine) < 0 ||
        !parse_level(parsed->value[OPTION_gzip], &options->gzip_level) ||
        !limits_parse(parsed, &options->limits))
        return EXIT_USAGE;
    if (parsed->given[OPTION_kinds] && (options->kinds = parse_kinds(parsed->value[OPTION_kinds])) == 0)
        return EXIT_USAGE;
    int redact = parse_choice(parsed, OPTION_redact);
    if (redact < 0)
        return EXIT_USAGE;
    options->redact = (enum tcplog_redact)redact;
    return -1;
}

static bool has_standard_input(char **operands)
{
    while (*operands && strcmp(*operands, "-") != 0)
        operands++;
    return *operands != NULL;
}

static void visit_all(struct run *run, char **operands)
{
    for (; *operands && !run->over; operands++)
        run->passed_over += inputs_visit(*operands, convert_one, run);
}

/* Nothing could be read at all? that is another exit code than one bad file among good ones. */
static enum tcplog_status verdict(const struct run *run)
{
    if (!tcplog_ends_run(run->worst) && run->unreadable && run->done == 0)
        return TCPLOG_UNREADABLE;
    return run->worst;
}

/* Ends the output, and tells what came of the run. */
static int finish(struct run *run, const struct tcplog_options *options, tell_summary *tell)
{
    struct tcplog_summary summary;
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
        tell(&summary, run->passed_over, named ? options->output : "standard output");
    return exit_code_of(status);
}

int conversion_run(const struct tcplog_options *options, char **operands, tell_summary *tell)
{
    struct run run = { 0 };
    struct tcplog_options heard = *options;
    heard.stop = &stop;
    heard.report = report_problem;
    heard.finished = take_note;
    heard.context = &run;
    enum tcplog_status opened = tcplog_open(&heard, &run.log);
    if (opened != TCPLOG_OK)
        return exit_code_of(opened);
    catch_signals();
    visit_all(&run, operands);
    return finish(&run, options, tell);
}

static int convert(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    struct tcplog_options options;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    int refused = parse(&parsed, &options);
    if (refused >= 0)
        return refused;
    if (parsed.first == argc)
        return usage(command, "convert needs a log, a folder of logs, or - for standard input", NULL);
    if (options.name && (!options.name[0] || !has_standard_input(argv + parsed.first)))
        return usage(command, "--name names standard input: it needs a name, and - among the paths", NULL);
    return conversion_run(&options, argv + parsed.first, parsed.given[OPTION_quiet] ? NULL : report_summary);
}

const struct command command_convert = {
    .name = "convert",
    .arguments = "PATH...",
    .summary = "Converts session logs into records.",
    .details =
        "\nPATH is a log, a folder (all session logs below it; symbolic links in it are not followed),\n"
        "or - for standard input. Logs may be compressed (gzip, bzip2, xz, zstd), and in archives (tar, zip, 7z).\n"
        "Passwords and all other credentials are masked unless --redact none is given.\n",
    .run = convert,
};
