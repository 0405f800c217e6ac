/* tcplog validate: every record of every export against the published schema. */
#include "options.h"
#include "report.h"

static int validate(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    enum tcplog_status worst = TCPLOG_OK;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    if (parsed.first == argc)
        return usage(command, "validate needs an export, or - for standard input", NULL);
    for (int i = parsed.first; i < argc; i++) {
        uint64_t records = 0;
        enum tcplog_status status = tcplog_validate(argv[i], report_problem, NULL, &records);
        if (status == TCPLOG_MEMORY)
            return exit_code_of(status);
        if (status != TCPLOG_OK && worst != TCPLOG_UNREADABLE)
            worst = status;
        else if (status == TCPLOG_OK && !parsed.given[OPTION_v_quiet] && !report_valid(argv[i], records))
            break;
    }
    return exit_code_of(worst);
}

const struct command command_validate = {
    .name = "validate",
    .arguments = "FILE...",
    .summary = "Checks exports (jsonl or csv, plain or gzip) against the published schema.",
    .details = "\nEvery fault is named with file, line and field; exit code 5 if there is any.\n",
    .run = validate,
};
