/* tcplog convert: the command line as options of the library. */
#include "conversion.h"
#include "conversion_options.h"
#include "export_tree.h"
#include "limits.h"
#include "options.h"
#include "places.h"
#include "report.h"

#include <errno.h>

#include <string.h>
#include <unistd.h>

static const struct conversion_options asks = { .format = OPTION_format,
                                                .kinds = OPTION_kinds,
                                                .output = OPTION_output,
                                                .gzip = OPTION_gzip,
                                                .engine = OPTION_engine,
                                                .zone = OPTION_zone,
                                                .redact = OPTION_redact,
                                                .redact_key = OPTION_redact_key };

static int parse(const struct command *command, const struct parsed *parsed, struct tcplog_options *options)
{
    int refused = conversion_parse(command, parsed, &asks, options);
    options->verify = parsed->given[OPTION_verify];
    options->force = parsed->given[OPTION_force];
    options->dedupe = parsed->given[OPTION_dedupe];
    options->strict = parsed->given[OPTION_strict];
    options->name = parsed->value[OPTION_name];
    if (refused >= 0)
        return refused;
    bool good = limits_parse(parsed, &options->limits) &&
                options_jobs(command, parsed->value[OPTION_jobs], &options->jobs);
    return good ? -1 : EXIT_USAGE;
}

static bool has_standard_input(char **operands)
{
    while (*operands && strcmp(*operands, "-") != 0)
        operands++;
    return *operands != NULL;
}

/* Only what is a file in the end can be read again. */
static int check_verify(const struct command *command, const struct tcplog_options *options)
{
    const char *output = options->output;
    if (!options->verify || place_reads_back(output))
        return -1;
    return place_is_unnamed(output)
               ? usage(command, "--verify reads exports back, so -o must name one", NULL)
               : usage(command, "--verify reads exports back, which takes a file; -o names none", output);
}

/* -1: nothing is wrong. */
static int check_report(const struct command *command, const char *report, const char *output)
{
    if (!report)
        return -1;
    if (output && strcmp(report, output) == 0)
        return usage(command, "--report and -o name the same file", report);
    return place_is_standard_output(report) && place_is_standard_output(output)
               ? usage(command, "the report would go in between the records: name a file with -o", NULL)
               : -1;
}

/* What only an export an input asks for; -1: nothing is wrong. */
static int check_exports(const struct command *command, const struct tcplog_options *options, char **operands)
{
    if (!export_tree_is_meant(options->output))
        return -1;
    if (has_standard_input(operands) && !options->name)
        return usage(command, "in a folder, the export of standard input needs a --name", NULL);
    if (options->redact == TCPLOG_REDACT_IDENTITIES && !options->redact_key_file)
        return usage(command, "a folder of exports keeps to one key: give it with --redact-key-file", NULL);
    return -1;
}

/* -1: there is no such partition, or not of this output. */
static int partition_by(const struct command *command, const struct parsed *parsed,
                        const struct tcplog_options *options)
{
    if (!parsed->given[OPTION_partition])
        return PARTITION_NONE;
    int by = options_choice(OPTION_partition, str_of(parsed->value[OPTION_partition]));
    if (by >= 0 && !export_tree_is_meant(options->output))
        by = -usage(command, "--partition needs a folder: -o DIR/", NULL);
    return by < 0 ? -1 : by + 1;
}

/* -1: nothing is wrong. */
static int check_list(const struct command *command, const struct parsed *parsed, char **operands)
{
    const char *list = parsed->value[OPTION_files];
    if (!list && parsed->given[OPTION_null])
        return usage(command, "--null is about the list of --files-from", NULL);
    if (list && strcmp(list, "-") == 0 && has_standard_input(operands))
        return usage(command, "standard input is the list of --files-from, it cannot be a log, too", NULL);
    return -1;
}

/* -1: nothing is wrong. */
static int check_bundle(const struct command *command, const struct parsed *parsed,
                        const struct tcplog_options *options, char **operands)
{
    const char *lead = parsed->value[OPTION_lead];
    if (lead && !parsed->given[OPTION_untar])
        return usage(command, "--lead is about the files of --untar", NULL);
    if (lead && strcmp(lead, "0") != 0 && options_number(lead) == 0)
        return usage(command, "--lead takes a number from 0 to 100000, not", lead);
    if (!parsed->given[OPTION_untar])
        return -1;
    if (!has_standard_input(operands))
        return usage(command, "--untar is about standard input: it needs - among the paths", NULL);
    if (options->name)
        return usage(command, "the files of --untar have names of their own, --name gives another", NULL);
    return export_tree_is_meant(options->output)
               ? usage(command, "--untar writes one output, no folder of them", NULL)
               : -1;
}

static int run_with_list(const struct parsed *parsed, const struct conversion *conversion, char **operands)
{
    struct listed listed;
    struct conversion whole = *conversion;
    const char *list = parsed->value[OPTION_files];
    if (!list)
        return conversion_run(conversion, operands);
    if (!listed_open(&listed, list, parsed->given[OPTION_null])) {
        report_problem(NULL,
                       &(struct tcplog_problem){ .id = "unreadable", .file = list, .text = strerror(errno) });
        return EXIT_UNREADABLE;
    }
    whole.listed = &listed;
    int exit_code = conversion_run(&whole, operands);
    listed_close(&listed);
    return exit_code;
}

/* A bar is shown unasked where it stands in nobody's way. -1: there is no such form. */
static int progress_form(const struct parsed *parsed, const struct tcplog_options *options)
{
    bool named = !place_is_unnamed(options->output);
    if (parsed->given[OPTION_progress])
        return options_choice(OPTION_progress, str_of(parsed->value[OPTION_progress]));
    return parsed->given[OPTION_quiet] || (!named && isatty(STDOUT_FILENO)) ? PROGRESS_NONE : PROGRESS_BAR;
}

static int convert(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    struct tcplog_options options;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    int refused = parse(command, &parsed, &options);
    if (refused >= 0)
        return refused;
    if (parsed.first == argc && !parsed.given[OPTION_files])
        return usage(command, "convert needs a log, a folder of logs, or - for standard input", NULL);
    refused = check_list(command, &parsed, argv + parsed.first);
    if (refused >= 0)
        return refused;
    if (options.name && (!options.name[0] || !has_standard_input(argv + parsed.first)))
        return usage(command, "--name names standard input: it needs a name, and - among the paths", NULL);
    refused = check_bundle(command, &parsed, &options, argv + parsed.first);
    if (refused < 0)
        refused = check_exports(command, &options, argv + parsed.first);
    if (refused < 0)
        refused = check_verify(command, &options);
    const char *report = parsed.value[OPTION_report];
    if (refused < 0)
        refused = check_report(command, report, options.output);
    if (refused >= 0)
        return refused;
    int partition = partition_by(command, &parsed, &options);
    if (partition < 0)
        return EXIT_USAGE;
    int progress = progress_form(&parsed, &options);
    if (progress < 0)
        return EXIT_USAGE;
    const struct conversion conversion = { .options = &options,
                                           .bundle = { .wanted = parsed.given[OPTION_untar],
                                                       .lead = options_number(parsed.value[OPTION_lead]) },
                                           .report = report,
                                           .partition = (enum partition_by)partition,
                                           .progress = (enum progress_form)progress,
                                           .tell = parsed.given[OPTION_quiet] ? NULL : report_summary };
    return run_with_list(&parsed, &conversion, argv + parsed.first);
}

const struct command command_convert = {
    .name = "convert",
    .arguments = "PATH...",
    .summary = "Converts session logs into records.",
    .details =
        "\nPATH is a log, a folder (all session logs below it; symbolic links in it are not followed),\n"
        "or - for standard input. Logs may be compressed (gzip, bzip2, xz, zstd), and in archives (tar, zip, 7z).\n"
        "-o DIR/ keeps a journal: what was interrupted goes on where it stopped, and later runs convert only\n"
        "what is new or has changed.\n"
        "Passwords and all other credentials are masked unless --redact none is given.\n",
    .run = convert,
};
