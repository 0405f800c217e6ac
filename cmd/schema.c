/* tcplog schema: prints the published forms of the schema. */
#include "options.h"

#include "tcplog.h"

#include <stdlib.h>
#include <string.h>

static enum kind parse_kind(const char *text)
{
    enum kind kind = 0;
    while (kind < KIND_COUNT && strcmp(tcplog_kind_names[kind], text) != 0)
        kind++;
    return kind;
}

static int schema(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    if (parsed.first < argc)
        return usage("schema takes no operands", argv[parsed.first]);
    const char *name = parsed.value[OPTION_s_kind];
    enum kind kind = name ? parse_kind(name) : KIND_COUNT;
    if (name && kind == KIND_COUNT)
        return usage("there is no such kind (line, exchange, session)", name);
    const char *form = parsed.given[OPTION_form] ? parsed.value[OPTION_form] : tcplog_schema_forms[0];
    char *text = tcplog_schema(form, kind);
    if (!text)
        return usage("there is no such form (json-schema, csv, table-schema, markdown)", form);
    bool written = fputs(text, stdout) >= 0 && fflush(stdout) == 0;
    free(text);
    return written ? EXIT_DONE : EXIT_UNWRITABLE;
}

const struct command command_schema = {
    .name = "schema",
    .arguments = "",
    .summary = "Prints the published schema of the records.",
    .details = "\nThe same texts are in the folder schemas/ and are installed with the program.\n",
    .run = schema,
};
