/* tcplog schema: prints the published forms of the schema. */
#include "options.h"
#include "report.h"

#include "tcplog.h"

#include <stdio.h>
#include <stdlib.h>

static int schema(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    if (parsed.first < argc)
        return usage(command, "schema takes no operands", argv[parsed.first]);
    int form = 0, kind = KIND_COUNT;
    if (parsed.given[OPTION_form])
        form = options_choice(OPTION_form, str_of(parsed.value[OPTION_form]));
    if (form >= 0 && parsed.given[OPTION_s_kind])
        kind = options_choice(OPTION_s_kind, str_of(parsed.value[OPTION_s_kind]));
    if (form < 0 || kind < 0)
        return EXIT_USAGE;
    char *text = tcplog_schema(tcplog_schema_forms[form], (enum kind)kind);
    /* the form is known: only memory can be missing */
    if (!text) {
        report_problem(NULL, &(struct tcplog_problem){ .id = "out-of-memory", .text = "Out of memory." });
        return exit_code_of(TCPLOG_MEMORY);
    }
    fputs(text, stdout);
    free(text);
    return EXIT_DONE;
}

const struct command command_schema = {
    .name = "schema",
    .arguments = "",
    .summary = "Prints the published schema of the records.",
    .details = "\nThe same texts are in the folder schemas/ and are installed with the program.\n",
    .run = schema,
};
