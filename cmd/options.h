/* Command lines: the options of options.def by getopt_long, --help from the same table. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "tcplog/status.h"
#include "tcplog/str.h"

#define OPTION(command, id, letter, name, argument, choices, help) OPTION_##id,
enum option_id {
#include "options.def"
    OPTION_count,
};
#undef OPTION

/* One subcommand: a file in cmd/ that ends with one of these, and a line in main.c. */
struct command {
    const char *name, *arguments, *summary, *details;
    int (*run)(const struct command *command, int argc, char **argv);
};

struct parsed {
    bool given[OPTION_count];
    const char *value[OPTION_count]; /* of those that take an argument; given twice: the last one */
    int first;                       /* index of the first operand in argv */
    int exit_code;                   /* -1: go on; else leave with it: help was printed, or a usage message */
};

enum exit_code {
    EXIT_DONE = 0,
    EXIT_DAMAGED,
    EXIT_USAGE,
    EXIT_UNREADABLE,
    EXIT_UNWRITABLE,
    EXIT_INVALID,
    EXIT_STOPPED = 130
};

void options_parse(const struct command *command, int argc, char **argv, struct parsed *parsed);
/* Which of the option's choices the word is; -1: none, and the user has been told which there are. */
int options_choice(enum option_id id, struct str word);
/* The number from 1 on that is all of a text, or 0. */
unsigned options_number(const char *text);
/* What -j was given, 0 for nothing; false: it is no number, and the user has been told. */
bool options_jobs(const struct command *command, const char *text, unsigned *jobs);
/* "tcplog: message: what" and where to find help, on standard error; answers EXIT_USAGE. NULL: no command, nothing. */
int usage(const struct command *command, const char *message, const char *what);
/* The exit code for a status of the library. */
int exit_code_of(enum tcplog_status status);

extern const struct command command_convert, command_watch, command_explain, command_cat, command_validate,
    command_schema, command_codes;

#endif
