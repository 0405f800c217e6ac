/* tcplog convert: options in, the library's conversion of every input, exit code and summary out. */
#include "inputs.h"
#include "options.h"
#include "report.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* The only thing a signal does: the library looks at it. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static void catch_signals(void)
{
    /* no SA_RESTART: a read that waits for input must come back */
    struct sigaction action = { .sa_handler = on_signal };
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

struct run {
    struct tcplog *log;
    bool strict;
    uint64_t done, unreadable;
    int worst; /* a status that ends the run, or TCPLOG_DAMAGED */
};

static bool is_last_word(int status)
{
    return status != TCPLOG_OK && status != TCPLOG_DAMAGED && status != TCPLOG_UNREADABLE;
}

static bool convert_one(void *context, const char *path, bool named)
{
    struct run *run = context;
    enum tcplog_status status = tcplog_convert(run->log, path, named);
    run->done += status == TCPLOG_OK || status == TCPLOG_DAMAGED;
    run->unreadable += status == TCPLOG_UNREADABLE;
    if (status != TCPLOG_OK)
        run->worst = status == TCPLOG_UNREADABLE ? TCPLOG_DAMAGED : (int)status;
    return !is_last_word(status) && !(run->strict && status != TCPLOG_OK);
}

/* "line,session" or "all" as bits; 0: a name is unknown. */
static unsigned parse_kinds(const char *text)
{
    unsigned kinds = 0;
    if (strcmp(text, "all") == 0)
        return (1u << KIND_COUNT) - 1;
    for (; *text; text += *text == ',') {
        size_t n = strcspn(text, ",");
        unsigned bit = 0;
        for (unsigned kind = 0; kind < KIND_COUNT; kind++)
            if (strlen(tcplog_kind_names[kind]) == n && memcmp(tcplog_kind_names[kind], text, n) == 0)
                bit = 1u << kind;
        if (!bit)
            return 0;
        kinds |= bit;
        text += n;
    }
    return kinds;
}

static bool parse_redact(const char *text, enum tcplog_redact *redact)
{
    static const char *const names[] = { "secrets", "none", "identities" };
    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(text, names[i]) == 0) {
            *redact = (enum tcplog_redact)i;
            return true;
        }
    return false;
}

static int parse(const struct parsed *parsed, struct tcplog_options *options)
{
    *options = (struct tcplog_options){ .format = parsed->value[OPTION_format],
                                        .output = parsed->value[OPTION_output],
                                        .gzip = parsed->given[OPTION_gzip],
                                        .force = parsed->given[OPTION_force],
                                        .strict = parsed->given[OPTION_strict],
                                        .time_zone = parsed->value[OPTION_zone],
                                        .redact_key_file = parsed->value[OPTION_redact_key],
                                        .stop = &stop,
                                        .report = report_problem };
    if (parsed->given[OPTION_kinds] && (options->kinds = parse_kinds(parsed->value[OPTION_kinds])) == 0)
        return usage("there is no such kind (line, exchange, session, all)", parsed->value[OPTION_kinds]);
    if (parsed->given[OPTION_redact] && !parse_redact(parsed->value[OPTION_redact], &options->redact))
        return usage("--redact takes secrets, identities or none, not", parsed->value[OPTION_redact]);
    return -1;
}

static void visit_all(struct run *run, char **operands)
{
    for (; *operands && !is_last_word(run->worst) && !(run->strict && run->worst != TCPLOG_OK); operands++)
        if (!inputs_visit(*operands, convert_one, run)) {
            const struct tcplog_problem problem = { .id = "unreadable",
                                                    .file = *operands,
                                                    .text = strerror(errno) };
            report_problem(NULL, &problem);
            run->unreadable++;
            run->worst = TCPLOG_DAMAGED;
        }
}

/* Nothing could be read at all? that is another exit code than one bad file among good ones. */
static int verdict(const struct run *run)
{
    if (!is_last_word(run->worst) && run->unreadable && run->done == 0)
        return TCPLOG_UNREADABLE;
    return run->worst;
}

static int convert(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    struct tcplog_options options;
    struct tcplog_summary summary;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    int refused = parse(&parsed, &options);
    if (refused >= 0)
        return refused;
    if (parsed.first == argc)
        return usage("convert needs a log, a folder of logs, or - for standard input", NULL);
    struct run run = { .strict = options.strict };
    enum tcplog_status opened = tcplog_open(&options, &run.log);
    if (opened != TCPLOG_OK)
        return exit_code_of(opened);
    if (options.redact == TCPLOG_REDACT_IDENTITIES && !options.redact_key_file && !parsed.given[OPTION_quiet])
        fputs("tcplog: pseudonyms are made with a key for this run only; --redact-key-file keeps one\n",
              stderr);
    catch_signals();
    visit_all(&run, argv + parsed.first);
    int status = verdict(&run);
    bool keep = status == TCPLOG_OK || (status == TCPLOG_DAMAGED && !options.strict);
    enum tcplog_status closed = tcplog_close(run.log, keep, &summary);
    if (closed != TCPLOG_OK)
        return exit_code_of(closed);
    if (!parsed.given[OPTION_quiet] && !is_last_word(status))
        report_summary(&summary, options.output && strcmp(options.output, "-") != 0 ? options.output
                                                                                    : "standard output");
    return exit_code_of(status);
}

const struct command command_convert = {
    .name = "convert",
    .arguments = "PATH...",
    .summary = "Converts session logs into records.",
    .details = "\nPATH is a log, a folder (all session logs below it), or - for standard input.\n"
               "Passwords and all other credentials are masked unless --redact none is given.\n",
    .run = convert,
};
