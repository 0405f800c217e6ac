/* getopt_long over the rows of options.def that belong to a command. */
#include "options.h"

#include "tcplog.h"

#include <getopt.h>
#include <string.h>

#define OPTION(command, id, letter, name, argument, help) { #command, letter, name, argument, help },
static const struct row {
    const char *command;
    int letter;
    const char *name, *argument, *help;
} rows[] = {
#include "options.def"
};
#undef OPTION

enum { HELP = 1000, VERSION, FIRST_LONG };

/* getopt's tables of one command: long options answer FIRST_LONG + row. */
static void tables(const struct command *command, struct option *longs, char *shorts)
{
    *shorts++ = 'h';
    for (int i = 0; i < OPTION_count; i++) {
        if (strcmp(rows[i].command, command->name) != 0)
            continue;
        *longs++ = (struct option){ rows[i].name, rows[i].argument[0] ? required_argument : no_argument, NULL,
                                    FIRST_LONG + i };
        if (rows[i].letter)
            *shorts++ = (char)rows[i].letter;
        if (rows[i].letter && rows[i].argument[0])
            *shorts++ = ':';
    }
    *longs++ = (struct option){ "help", no_argument, NULL, HELP };
    *longs++ = (struct option){ "version", no_argument, NULL, VERSION };
    *longs = (struct option){ 0 };
    *shorts = '\0';
}

static int row_of(const struct command *command, int answer)
{
    if (answer >= FIRST_LONG)
        return answer - FIRST_LONG;
    for (int i = 0; i < OPTION_count; i++)
        if (rows[i].letter == answer && strcmp(rows[i].command, command->name) == 0)
            return i;
    return -1;
}

void options_parse(const struct command *command, int argc, char **argv, struct parsed *parsed)
{
    struct option longs[OPTION_count + 3];
    char shorts[2 * OPTION_count + 2];
    int answer;
    *parsed = (struct parsed){ .exit_code = -1 };
    tables(command, longs, shorts);
    while (parsed->exit_code < 0 && (answer = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        int row = row_of(command, answer);
        if (answer == 'h' || answer == HELP) {
            options_help(command, stdout);
            parsed->exit_code = EXIT_DONE;
        } else if (answer == VERSION) {
            puts("tcplog " TCPLOG_VERSION);
            parsed->exit_code = EXIT_DONE;
        } else if (row < 0) {
            fprintf(stderr, "Try 'tcplog %s --help'.\n", command->name);
            parsed->exit_code = EXIT_USAGE;
        } else {
            parsed->given[row] = true;
            parsed->value[row] = optarg;
        }
    }
    parsed->first = optind;
}

void options_help(const struct command *command, FILE *to)
{
    fprintf(to, "Usage: tcplog %s [OPTION]... %s\n%s\n\nOptions:\n", command->name, command->arguments,
            command->summary);
    for (int i = 0; i < OPTION_count; i++) {
        char left[64];
        if (strcmp(rows[i].command, command->name) != 0)
            continue;
        snprintf(left, sizeof(left), "--%s%s%s", rows[i].name, rows[i].argument[0] ? " " : "",
                 rows[i].argument);
        if (rows[i].letter)
            fprintf(to, "  -%c, %-20s  %s\n", rows[i].letter, left, rows[i].help);
        else
            fprintf(to, "      %-20s  %s\n", left, rows[i].help);
    }
    fprintf(to, "  -h, %-20s  %s\n      %-20s  %s\n%s", "--help", "this text", "--version",
            "name and version", command->details);
}

int usage(const char *message, const char *what)
{
    fprintf(stderr, "tcplog: %s%s%s\nTry 'tcplog --help'.\n", message, what ? ": " : "", what ? what : "");
    return EXIT_USAGE;
}

int exit_code_of(int status)
{
    static const int codes[] = { [TCPLOG_OK] = EXIT_DONE,
                                 [TCPLOG_DAMAGED] = EXIT_DAMAGED,
                                 [TCPLOG_USAGE] = EXIT_USAGE,
                                 [TCPLOG_UNREADABLE] = EXIT_UNREADABLE,
                                 [TCPLOG_UNWRITABLE] = EXIT_UNWRITABLE,
                                 [TCPLOG_INVALID] = EXIT_INVALID,
                                 [TCPLOG_PIPE] = EXIT_UNWRITABLE,
                                 [TCPLOG_MEMORY] = EXIT_UNWRITABLE,
                                 [TCPLOG_STOPPED] = EXIT_STOPPED };
    return codes[status];
}
