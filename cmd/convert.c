/* tcplog convert: the command line as options of the library. */
#include "conversion.h"
#include "conversion_options.h"
#include "export_tree.h"
#include "options.h"
#include "report.h"

#include <string.h>

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
    options->force = parsed->given[OPTION_force];
    options->strict = parsed->given[OPTION_strict];
    options->name = parsed->value[OPTION_name];
    return refused;
}

static bool has_standard_input(char **operands)
{
    while (*operands && strcmp(*operands, "-") != 0)
        operands++;
    return *operands != NULL;
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
    if (parsed.first == argc)
        return usage(command, "convert needs a log, a folder of logs, or - for standard input", NULL);
    if (options.name && (!options.name[0] || !has_standard_input(argv + parsed.first)))
        return usage(command, "--name names standard input: it needs a name, and - among the paths", NULL);
    refused = check_exports(command, &options, argv + parsed.first);
    if (refused >= 0)
        return refused;
    return conversion_run(&options, argv + parsed.first, parsed.given[OPTION_quiet] ? NULL : report_summary);
}

const struct command command_convert = {
    .name = "convert",
    .arguments = "PATH...",
    .summary = "Converts session logs into records.",
    .details =
        "\nPATH is a log, a folder (all session logs below it; symbolic links in it are not followed),\n"
        "or - for standard input.\n"
        "-o DIR/ keeps a journal: what was interrupted goes on where it stopped, and later runs convert only\n"
        "what is new or has changed.\n"
        "Passwords and all other credentials are masked unless --redact none is given.\n",
    .run = convert,
};
