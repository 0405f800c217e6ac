/* tcplog codes: what a reply or a diagnosis means, looked up without a log and without a network. */
#include "options.h"
#include "report.h"

#include "tcplog.h"

#include <stdio.h>
#include <string.h>

enum { WORD_MOST = 64 };

/*      550             RCPT       The recipient does not exist, or is refused by policy (RFC 5321 4.1.1.3)
 *                                 > Check the spelling of the address; … */
static void put_row(const struct tcplog_code *row)
{
    const char *context = row->context[0] || row->enhanced ? row->context : "any";
    char code[WORD_MOST];
    int width = row->reference[0] ? 15 : 24;
    snprintf(code, sizeof(code), "%s%s", row->enhanced ? "x." : "", row->code);
    printf("  %-*s %-10s %s", width, code, context, row->meaning);
    printf(row->reference[0] ? " (%s)\n" : "%s\n", row->reference);
    if (row->action[0])
        printf("  %-*s %-10s > %s\n", width, "", "", row->action);
}

/* The title of a table, before the first of its rows that is shown. */
static void put_title(const struct tcplog_code *row, const char **title)
{
    if (*title && strcmp(*title, row->table) == 0)
        return;
    printf("%s%s (%s)\n", *title ? "\n" : "", row->table, row->source);
    *title = row->table;
}

/* All rows that fit the code that was asked for in this way. */
static void put_fitting(const char *asked, enum tcplog_fit wanted, const char **title)
{
    struct tcplog_code row;
    for (size_t i = 0; tcplog_code(i, &row); i++)
        if (tcplog_code_fits(&row, asked) == wanted) {
            put_title(&row, title);
            put_row(&row);
        }
}

static bool has_row(const char *word, enum tcplog_fit fit)
{
    struct tcplog_code row;
    for (size_t i = 0; tcplog_code(i, &row); i++)
        if (tcplog_code_fits(&row, word) == fit)
            return true;
    return false;
}

/* Nothing is made up: what is known of the class is all that is said. */
static void put_unknown(const char *word)
{
    const char *title = NULL;
    if (!has_row(word, TCPLOG_FIT_CLASS)) {
        /* behind what was found before, where both go to one place */
        fflush(stdout);
        report_unknown_code(word);
        return;
    }
    printf("%s is in no table; this is known of its class:\n", word);
    put_fitting(word, TCPLOG_FIT_CLASS, &title);
}

/* The code in front: of "550-5.7.1 Relay", a line of several (RFC 5321 4.2.1), what stands before the hyphen. */
static size_t code_length(const char *reply)
{
    return strspn(reply, "0123456789") == 3 && reply[3] == '-' ? 3 : strcspn(reply, " \t");
}

/* Of a reply of IMAP, "a1 NO [AUTHENTICATIONFAILED] no" or "* BYE bye", what stands behind the tag. */
static const char *behind_tag(const char *reply)
{
    static const char *const states[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
    const char *second = reply + strcspn(reply, " \t");
    second += strspn(second, " \t");
    size_t n = strcspn(second, " \t");
    for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
        if (strlen(states[i]) == n && strncmp(second, states[i], n) == 0)
            return second;
    return reply;
}

/* "550 5.7.1 Relay access denied": the codes that a reply begins with; what follows them is its text. False: a code is
 * in no table. */
static bool look_up(const char *reply)
{
    const char *title = NULL;
    if (reply[strspn(reply, " \t")] == '\0') {
        put_unknown("''");
        return false;
    }
    reply = behind_tag(reply + strspn(reply, " \t"));
    for (bool first = true; *(reply += strspn(reply, " \t")); first = false) {
        char word[WORD_MOST];
        size_t n = code_length(reply);
        snprintf(word, sizeof(word), "%.*s", (int)(n < WORD_MOST ? n : WORD_MOST - 1), reply);
        reply += n + (reply[n] == '-');
        /* the text begins? */
        if (!first && !strchr("245[", word[0]))
            return true;
        if (has_row(word, TCPLOG_FIT_EXACT))
            put_fitting(word, TCPLOG_FIT_EXACT, &title);
        else if (first || has_row(word, TCPLOG_FIT_CLASS))
            put_unknown(word);
        else
            return true;
        if (!has_row(word, TCPLOG_FIT_EXACT))
            return false;
    }
    return true;
}

static void put_all(void)
{
    struct tcplog_code row;
    const char *title = NULL;
    for (size_t i = 0; tcplog_code(i, &row); i++) {
        put_title(&row, &title);
        put_row(&row);
    }
}

static void put_section(const char *weight, const char *heading)
{
    struct tcplog_code row;
    printf("\n## %s\n\n| id | what it says | what to do |\n|---|---|---|\n", heading);
    for (size_t i = 0; tcplog_code(i, &row); i++)
        if (strcmp(row.context, weight) == 0)
            printf("| `%s` | %s | %s |\n", row.code, row.meaning, row.action);
}

/* docs/diagnosis.md */
static void put_diagnoses(void)
{
    fputs(
        "# Diagnoses\n\n"
        "Made by `tcplog codes --diagnoses` from `src/enrich/diagnosis.def`; do not edit.\n\n"
        "A session record names in `diagnosis` what went wrong, with `diagnosis_text`, `diagnosis_action` and\n"
        "`diagnosis_line`, the line of the log that proves it. It is judged by the dialogue: both network libraries\n"
        "print \"closed normally\" below every session that ever connected. Of all that a session shows, the first\n"
        "row of these tables is the diagnosis; what was refused besides, or was made good later (a login in\n"
        "another way, HELO after EHLO), is listed in `notes`.\n\n"
        "`outcome` is `failure` where there is a diagnosis, `partial` where mail went through all the same or a\n"
        "mailbox was looked at, `unknown` where the log stops too early to tell, where nothing but goodbye was\n"
        "said, or where a recipient was taken and no mail sent for all that, else `success`.\n",
        stdout);
    put_section("fault", "Faults");
    put_section("open", "The log tells too little");
    put_section("note", "Notes");
}

/* "-ERR" is a reply, and no cluster of options. */
static void spare_replies(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strncmp(argv[i], "-ERR", 4) == 0)
            argv[i]++;
}

static int codes(const struct command *command, int argc, char **argv)
{
    struct parsed parsed;
    bool known = true;
    spare_replies(argc, argv);
    options_parse(command, argc, argv, &parsed);
    if (parsed.exit_code >= 0)
        return parsed.exit_code;
    if (parsed.given[OPTION_diagnoses] && parsed.first < argc)
        return usage(command, "--diagnoses takes no codes", argv[parsed.first]);
    if (parsed.given[OPTION_diagnoses])
        put_diagnoses();
    else if (parsed.first == argc)
        put_all();
    for (int i = parsed.first; i < argc; i++) {
        if (i > parsed.first)
            putchar('\n');
        known &= look_up(argv[i]);
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        return EXIT_UNWRITABLE;
    return known ? EXIT_DONE : EXIT_DAMAGED;
}

const struct command command_codes = {
    .name = "codes",
    .arguments = "[CODE...]",
    .summary = "Says what reply codes and diagnoses mean.",
    .details =
        "\nCODE is a reply code (550, 5.7.1, +OK, [IN-USE]), a reply ('550-5.7.1 Denied', 'a1 NO [LIMIT] x') or the\n"
        "id of a diagnosis; without any, all tables are printed. Exit code 1 if a code is in no table.\n",
    .run = codes,
};
