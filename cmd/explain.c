/* tcplog explain: a page a session on standard output. What is decided here is only how it looks: how wide the terminal
 * is, whether it shows colours, and what letters. */
#include "conversion.h"
#include "options.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PLAIN_WIDTH = 80 };
enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What goes to a file or a pipe is the same from any terminal. */
static unsigned width_of_screen(bool terminal)
{
    struct winsize size;
    if (!terminal)
        return PLAIN_WIDTH;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    unsigned columns = options_number(getenv("COLUMNS"));
    return columns ? columns : PLAIN_WIDTH;
}

/* Only the locale knows what the terminal takes the bytes for; it is asked, and left as it was. */
static enum tcplog_letters letters_of_screen(bool terminal)
{
    if (!terminal)
        return TCPLOG_LETTERS_PLAIN;
    bool unicode = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C");
    return unicode ? TCPLOG_LETTERS_BLOCKS : TCPLOG_LETTERS_ASCII;
}

/* --color counts most, then NO_COLOR, then what the terminal says of itself. */
static bool is_coloured(int choice, bool terminal)
{
    const char *name = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    return terminal && !(no_colour && no_colour[0]) && name && strcmp(name, "dumb") != 0;
}

/* -1, or the exit code that a fault in the options is. */
static int parse(const struct command *command, const struct parsed *parsed, struct tcplog_options *options,
                 struct tcplog_page *page)
{
    bool terminal = isatty(STDOUT_FILENO);
    int redact = parsed->given[OPTION_x_redact]
                     ? options_choice(OPTION_x_redact, str_of(parsed->value[OPTION_x_redact]))
                     : 0;
    int color = parsed->given[OPTION_color]
                    ? options_choice(OPTION_color, str_of(parsed->value[OPTION_color]))
                    : COLOR_AUTO;
    if (redact < 0 || color < 0)
        return EXIT_USAGE;
    unsigned jobs;
    if (!options_jobs(command, parsed->value[OPTION_x_jobs], &jobs))
        return EXIT_USAGE;
    page->width =
        parsed->given[OPTION_width] ? options_number(parsed->value[OPTION_width]) : width_of_screen(terminal);
    if (parsed->given[OPTION_width] &&
        (page->width < TCPLOG_PAGE_NARROWEST || page->width > TCPLOG_PAGE_WIDEST))
        return usage(command, "--width takes a number from 40 to 240, not", parsed->value[OPTION_width]);
    page->letters = letters_of_screen(terminal);
    page->colour = is_coloured(color, terminal);
    *options = (struct tcplog_options){ .page = page,
                                        .jobs = jobs,
                                        .redact = (enum tcplog_redact)redact,
                                        .redact_key_file = parsed->value[OPTION_x_key],
                                        .time_zone = parsed->value[OPTION_x_zone] };
    return -1;
}

static int explain(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    struct tcplog_options options;
    struct tcplog_page page;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    int refused = parse(command, &parsed, &options, &page);
    if (refused >= 0)
        return refused;
    if (parsed.first == argc)
        return usage(command, "explain needs a log, a folder of logs, or - for standard input", NULL);
    return conversion_run(&(struct conversion){ .options = &options, .progress = PROGRESS_NONE },
                          argv + parsed.first);
}

const struct command command_explain = {
    .name = "explain",
    .arguments = "PATH...",
    .summary = "Explains each session on a page: what happened, what failed, why, what to do.",
    .details =
        "\nPATH is a log, a folder (all session logs below it; symbolic links in it are not followed),\n"
        "or - for standard input.\n"
        "Passwords and all other credentials are masked unless --redact none is given.\n"
        "NO_COLOR and TERM=dumb switch colours off; what is not a terminal gets none, and plain ASCII bars.\n",
    .run = explain,
};
