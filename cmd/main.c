/* tcplog: picks the subcommand. Nothing is converted here. */
#include "options.h"
#include "report.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { COMMANDS = 7 };
static const struct command *const commands[COMMANDS] = { &command_convert,  &command_watch,
                                                          &command_explain,  &command_cat,
                                                          &command_validate, &command_schema,
                                                          &command_codes };

static void help(FILE *to)
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
}

/* Descriptors that we were born without would be given to the files that we open. What takes their place cannot be used
 * the way they are: reading standard input fails, writing to the others, too. */
static void fill_standard_descriptors(void)
{
    static const int wrong_ways[] = { O_WRONLY, O_RDONLY, O_RDONLY };
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", wrong_ways[fd]);
}

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(word, *words) != 0)
        words++;
    return *words != NULL;
}

static const struct command *find(const char *word)
{
    int i = 0;
    while (i < COMMANDS && strcmp(word, commands[i]->name) != 0)
        i++;
    return i < COMMANDS ? commands[i] : NULL;
}

static int run(int argc, char **argv)
{
    static const char *const for_help[] = { "--help", "-h", "help", NULL };
    static const char *const for_version[] = { "--version", "version", NULL };
    static char name[] = "tcplog", help_option[] = "--help"; /* getopt's messages begin with the name */
    char *asked[] = { name, help_option, NULL };
    const char *word = argv[1];
    const struct command *command = find(word), *about = argc > 2 ? find(argv[2]) : NULL;
    if (command) {
        argv[1] = name;
        return command->run(command, argc - 1, argv + 1);
    }
    if (is_one_of(word, for_help) && about)
        return about->run(about, 2, asked);
    if (is_one_of(word, for_help))
        help(stdout);
    else if (is_one_of(word, for_version))
        report_version();
    else
        return usage(NULL, word[0] == '-' ? "there is no such option" : "there is no such command", word);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    fill_standard_descriptors();
    /* a reader that goes away, or a limit that is reached, is an error of write() */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    int exit_code = run(argc, argv);
    return report_output() ? exit_code : EXIT_UNWRITABLE;
}
