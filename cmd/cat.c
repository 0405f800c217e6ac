/* tcplog cat: records out of exports, to standard output. */
#include "base/utf8.h"
#include "options.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

/* The header that stands before the rows so far: files of one kind have the same, and one is enough. */
struct pile {
    const char *path; /* of the export that is read */
    char *header;
    size_t n;
    bool open; /* the last line that was written had no end: its file was cut there */
    bool starved;
};

/* By its byte order mark. */
static bool is_excel(struct str header)
{
    return str_starts(header, STR(BYTE_ORDER_MARK));
}

/* Whoever reads all of it takes the apostrophes of csv-excel for text, or those of csv for guards. */
static void tell_mixed(const struct pile *pile, struct str header)
{
    static const char text[] =
        "Rows of csv and of csv-excel come together, where an apostrophe means other things.";
    if (pile->header && is_excel((struct str){ pile->header, pile->n }) != is_excel(header))
        report_problem(NULL,
                       &(struct tcplog_problem){ .id = "mixed-profiles", .file = pile->path, .text = text });
}

/* Whether it is to be written. */
static bool new_header(struct pile *pile, struct str text)
{
    /* that of a file without rows may lack its end */
    while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
        text.n--;
    if (str_equal(text, (struct str){ pile->header, pile->n }))
        return false;
    tell_mixed(pile, text);
    free(pile->header);
    pile->n = text.n;
    /* a byte more, for malloc(3) may have nothing of nothing */
    pile->header = malloc(text.n + 1);
    pile->starved = !pile->header;
    if (pile->starved)
        return false;
    memcpy(pile->header, text.p, text.n);
    return true;
}

/* A failure is main's to report, while errno still tells the reason. */
static bool put(void *context, struct str text, bool header)
{
    struct pile *pile = context;
    if (header && !new_header(pile, text))
        return !pile->starved;
    if (pile->open)
        putchar('\n');
    pile->open = !str_ends(text, STR("\n"));
    return fwrite(text.p, 1, text.n, stdout) == text.n;
}

static bool take_number(const char **text, uint64_t *number)
{
    enum { DIGITS_MOST = 18 }; /* nothing wraps */
    size_t n = strspn(*text, "0123456789");
    *number = strtoull(*text, NULL, 10);
    *text += n;
    return n > 0 && n <= DIGITS_MOST && *number > 0;
}

/* "7", "7-", "7-9". */
static bool parse_lines(const char *text, struct tcplog_query *query)
{
    if (!text)
        return true;
    if (!take_number(&text, &query->first))
        return false;
    query->last = query->first;
    if (*text == '-') {
        text++;
        query->last = 0;
    }
    if (*text && (query->last || !take_number(&text, &query->last) || query->last < query->first))
        return false;
    return *text == '\0';
}

/* The exit code is that of the worst; how bad a status is does not go by its number. */
static enum tcplog_status worse(enum tcplog_status a, enum tcplog_status b)
{
    return a == TCPLOG_OK || (a == TCPLOG_DAMAGED && b != TCPLOG_OK) ? b : a;
}

static int cat_all(const struct tcplog_query *query, char **paths)
{
    struct pile pile = { 0 };
    enum tcplog_status worst = TCPLOG_OK;
    for (; *paths && worst != TCPLOG_USAGE && !ferror(stdout) && !pile.starved; paths++) {
        pile.path = *paths;
        worst = worse(worst, tcplog_cat(*paths, query, put, report_problem, &pile));
    }
    if (pile.starved) {
        worst = TCPLOG_MEMORY;
        report_problem(NULL, &(struct tcplog_problem){ .id = "out-of-memory", .text = "Out of memory." });
    }
    free(pile.header);
    return exit_code_of(worst);
}

static int cat(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    struct tcplog_query query = { .session = parsed.value[OPTION_session],
                                  .since = parsed.value[OPTION_since],
                                  .until = parsed.value[OPTION_until] };
    if (!parse_lines(parsed.value[OPTION_lines], &query))
        return usage(command, "--lines takes 7, 7-9 or 7-; not", parsed.value[OPTION_lines]);
    if (parsed.first == argc)
        return usage(command, "cat needs an export, or - for standard input", NULL);
    return cat_all(&query, argv + parsed.first);
}

const struct command command_cat = {
    .name = "cat",
    .arguments = "FILE...",
    .summary = "Takes records out of exports (jsonl or csv, plain or gzip).",
    .details =
        "\nWithout options all of them are written. Of a gzip file only those parts are read that may hold what\n"
        "is asked for, if its index FILE.idx is there. TIME is a date, or a date and a time of day such as\n"
        "2014-02-10T21:37:28, with a zone (+01:00, Z) or without.\n",
    .run = cat,
};
