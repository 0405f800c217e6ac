/* tcplog: picks the subcommand. Nothing is converted here. */
#include "options.h"

#include "tcplog.h"

#include <signal.h>
#include <string.h>

enum { COMMANDS = 4 };
static const struct command *const commands[COMMANDS] = { &command_convert, &command_validate,
                                                          &command_schema, &command_codes };

static int help(FILE *to)
{
    fputs("Usage: tcplog COMMAND [OPTION]... [FILE]...\n"
          "Turns the session logs of Pegasus Mail and Mercury/32 into structured data.\n\nCommands:\n",
          to);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n'tcplog COMMAND --help' tells more of one.\n"
          "Exit codes: 0 clean, 1 done but some input was damaged or refused, 2 usage, 3 input unreadable,\n"
          "4 output failed, 5 validation failed, 130 interrupted.\n",
          to);
    return to == stdout ? EXIT_DONE : EXIT_USAGE;
}

int main(int argc, char **argv)
{
    /* a reader that goes away is an error of write(), and a quiet one */
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        puts("tcplog " TCPLOG_VERSION);
        return EXIT_DONE;
    }
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(commands[i], argc - 1, argv + 1);
    return usage("there is no such command", argv[1]);
}
