/* getopt_long over the rows of options.def that belong to a command. */
#include "options.h"

#include "choices.h"
#include "report.h"

#include <getopt.h>
#include <stdlib.h>

#define OPTION(command, id, letter, name, argument, list, help) \
    { #command, letter, name, argument, choices_##list, help },
static const struct row {
    const char *command;
    int letter;
    const char *name, *argument;
    choices *list;
    const char *help;
} rows[] = {
#include "options.def"
};
#undef OPTION

/* What getopt answers for long options: beyond all letters. */
enum { HELP = 1000, VERSION, FIRST_LONG };

/* getopt's numbers are how many colons say the same of a letter. */
static int argument_of(const struct row *row)
{
    if (row->argument[0] == '[')
        return optional_argument;
    return row->argument[0] ? required_argument : no_argument;
}

/* getopt's tables of one command: long options answer FIRST_LONG + row. */
static void tables(const struct command *command, struct option *longs, char *shorts)
{
    *shorts++ = 'h';
    for (int i = 0; i < OPTION_count; i++) {
        if (strcmp(rows[i].command, command->name) != 0)
            continue;
        int takes = argument_of(&rows[i]);
        *longs++ = (struct option){ rows[i].name, takes, NULL, FIRST_LONG + i };
        if (!rows[i].letter)
            continue;
        *shorts++ = (char)rows[i].letter;
        for (int colons = takes; colons; colons--)
            *shorts++ = ':';
    }
    *longs++ = (struct option){ "help", no_argument, NULL, HELP };
    *longs++ = (struct option){ "version", no_argument, NULL, VERSION };
    *longs = (struct option){ 0 };
    *shorts = '\0';
}

/* The row of what getopt answered; -1: it was none, and getopt has complained. */
static int row_of(const struct command *command, int answer)
{
    if (answer >= FIRST_LONG)
        return answer - FIRST_LONG;
    for (int i = 0; i < OPTION_count; i++)
        if (rows[i].letter == answer && strcmp(rows[i].command, command->name) == 0)
            return i;
    return -1;
}

static void show_option(const struct row *row)
{
    char left[64];
    snprintf(left, sizeof(left), "--%s%s%s", row->name, argument_of(row) == required_argument ? " " : "",
             row->argument);
    /* a character that takes two bytes takes one column */
    int width = strstr(left, "…") ? 22 : 20;
    if (row->letter)
        printf("  -%c, %-*s  ", row->letter, width, left);
    else
        printf("      %-*s  ", width, left);
    choices_show(row->list, stdout);
    puts(row->help);
}

static void show_help(const struct command *command)
{
    printf("Usage: tcplog %s [OPTION]...%s%s\n%s\n\nOptions:\n", command->name,
           command->arguments[0] ? " " : "", command->arguments, command->summary);
    for (int i = 0; i < OPTION_count; i++)
        if (strcmp(rows[i].command, command->name) == 0)
            show_option(&rows[i]);
    printf("  -h, %-20s  %s\n      %-20s  %s\n%s", "--help", "this text", "--version", "name and version",
           command->details);
}

/* No option does anything with an empty argument; those that have choices say so themselves. */
static bool lacks_argument(const struct row *row)
{
    if (!optarg || *optarg || row->list(0) || argument_of(row) != required_argument)
        return false;
    fprintf(stderr, "tcplog: --%s takes %s, which must not be empty\n", row->name, row->argument);
    return true;
}

void options_parse(const struct command *command, int argc, char **argv, struct parsed *parsed)
{
    /* help, version and the end of the list; a letter and two colons each, h and the end of the text */
    struct option longs[OPTION_count + 3];
    char shorts[3 * OPTION_count + 2];
    int answer;
    *parsed = (struct parsed){ .exit_code = -1 };
    tables(command, longs, shorts);
    while (parsed->exit_code < 0 && (answer = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        int row = row_of(command, answer);
        if (answer == 'h' || answer == HELP) {
            show_help(command);
            parsed->exit_code = EXIT_DONE;
        } else if (answer == VERSION) {
            report_version();
            parsed->exit_code = EXIT_DONE;
        } else if (row < 0 || lacks_argument(&rows[row])) {
            parsed->exit_code = usage(command, NULL, NULL);
        } else {
            parsed->given[row] = true;
            parsed->value[row] = optarg;
        }
    }
    parsed->first = optind;
}

int options_choice(enum option_id id, struct str word)
{
    const struct row *row = &rows[id];
    int found = choices_find(row->list, word);
    if (found < 0) {
        fprintf(stderr, "tcplog: --%s takes ", row->name);
        choices_show(row->list, stderr);
        fprintf(stderr, ", not '%.*s'\nTry 'tcplog %s --help'.\n", (int)word.n, word.p, row->command);
    }
    return found;
}

unsigned options_number(const char *text)
{
    char *end;
    unsigned long number = text && text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;
    return number > 0 && number <= 100000 && *end == '\0' ? (unsigned)number : 0;
}

bool options_jobs(const struct command *command, const char *text, unsigned *jobs)
{
    *jobs = options_number(text);
    if (text && *jobs == 0)
        usage(command, "-j takes a number of threads, from 1 to 100000, not", text);
    return !text || *jobs > 0;
}

int usage(const struct command *command, const char *message, const char *what)
{
    if (message)
        fprintf(stderr, "tcplog: %s%s%s\n", message, what ? ": " : "", what ? what : "");
    fprintf(stderr, "Try 'tcplog %s%s--help'.\n", command ? command->name : "", command ? " " : "");
    return EXIT_USAGE;
}

int exit_code_of(enum tcplog_status status)
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
