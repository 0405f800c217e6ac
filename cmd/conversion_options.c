/* Words of the command line → options of the library. */
#include "conversion_options.h"

#include <string.h>

/* "line,session" or "all" as bits; 0: a name is unknown. */
static unsigned parse_kinds(enum option_id id, const char *text)
{
    unsigned kinds = 0;
    for (;;) {
        size_t n = strcspn(text, ",");
        int kind = options_choice(id, (struct str){ text, n });
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
static bool parse_level(const struct command *command, const char *text, int *level)
{
    if (!text)
        return true;
    bool digit = text[0] >= '1' && text[0] <= '9' && text[1] == '\0';
    *level = digit ? text[0] - '0' : 0;
    if (!digit)
        usage(command, "-z takes a level from 1 to 9, right behind it, or none; not", text);
    return digit;
}

int conversion_parse(const struct command *command, const struct parsed *parsed,
                     const struct conversion_options *asks, struct tcplog_options *options)
{
    *options = (struct tcplog_options){ .format = parsed->value[asks->format],
                                        .output = parsed->value[asks->output],
                                        .gzip = parsed->given[asks->gzip],
                                        .gzip_engine = parsed->value[asks->engine],
                                        .time_zone = parsed->value[asks->zone],
                                        .redact_key_file = parsed->value[asks->redact_key] };
    if (parse_choice(parsed, asks->format) < 0 || parse_choice(parsed, asks->engine) < 0 ||
        !parse_level(command, parsed->value[asks->gzip], &options->gzip_level))
        return EXIT_USAGE;
    if (parsed->given[asks->kinds] &&
        (options->kinds = parse_kinds(asks->kinds, parsed->value[asks->kinds])) == 0)
        return EXIT_USAGE;
    int redact = parse_choice(parsed, asks->redact);
    if (redact < 0)
        return EXIT_USAGE;
    options->redact = (enum tcplog_redact)redact;
    return -1;
}
