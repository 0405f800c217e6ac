/* Problems as they are found, and the summary at the end. Names of files may hold anything: control characters in them
 * never reach the terminal. */
#include "report.h"

#include "base/glyph.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A terminal takes "\xC2\x9B", and where it is set to Latin-1 the byte 0x9B alone, for the beginning of an escape
 * sequence. Other bytes that are no UTF-8 go out as they are: the name may be written in another character set. */
static bool is_harmful(struct str bytes, uint32_t glyph)
{
    bool c1 = false;
    for (size_t i = 0; i < bytes.n && glyph == GLYPH_UNKNOWN; i++)
        c1 |= (unsigned char)bytes.p[i] < 0xA0;
    return c1 || glyph_width(glyph) == GLYPH_BARRED;
}

static void put_clean_to(FILE *to, const char *text)
{
    uint32_t glyph;
    for (struct str rest = str_of(text); rest.n;) {
        struct str bytes = str_upto(rest, glyph_next(rest, &glyph));
        if (is_harmful(bytes, glyph))
            fputc('?', to);
        else
            fwrite(bytes.p, 1, bytes.n, to);
        rest = str_from(rest, bytes.n);
    }
}

static void put_clean(const char *text)
{
    put_clean_to(stderr, text);
}

static void put_path(const char *path)
{
    /* of a variable in a script that is not set */
    put_clean(strcmp(path, "-") == 0 ? "standard input" : path[0] ? path : "''");
}

bool report_valid(const char *path, uint64_t records)
{
    put_clean_to(stdout, path);
    return printf(": %" PRIu64 " %s, valid\n", records, records == 1 ? "record" : "records") >= 0;
}

/* Whether a bar stands on the terminal; whoever holds stderr's lock may look. */
static bool bar;

void report_bar(const char *text)
{
    flockfile(stderr);
    if (bar || text)
        fprintf(stderr, "\r%s\033[K", text ? text : "");
    bar = text != NULL;
    fflush(stderr);
    funlockfile(stderr);
}

/* Behind the archive that it is of. */
static void put_member(const char *member)
{
    if (member[0])
        fputs("!/", stderr);
    put_clean(member);
}

void report_problem(void *context, const struct tcplog_problem *problem)
{
    (void)context;
    /* other threads tell of problems, too: a line is written whole */
    flockfile(stderr);
    if (bar)
        report_bar(NULL);
    fputs("tcplog: ", stderr);
    if (problem->file) {
        put_path(problem->file);
        put_member(problem->member ? problem->member : "");
        if (problem->line)
            fprintf(stderr, ":%" PRIu64, problem->line);
        fputs(": ", stderr);
    }
    if (problem->field) {
        put_clean(problem->field);
        fputs(": ", stderr);
    }
    fputs(problem->text, stderr);
    if (problem->more)
        fprintf(stderr, " %" PRIu64 " more like it.", problem->more);
    fprintf(stderr, " [%s]\n", problem->id);
    funlockfile(stderr);
}

static void put_count(const char *separator, uint64_t count, const char *one, const char *many)
{
    fprintf(stderr, "%s%" PRIu64 " %s", separator, count, count == 1 ? one : many);
}

static void put_slowest(const struct tcplog_summary *summary)
{
    if (summary->slowest_ms < 0)
        return;
    fprintf(stderr, "  slowest reply  %" PRId64 " ms to %s, ", summary->slowest_ms,
            summary->slowest_command[0] ? summary->slowest_command : "?");
    put_clean(summary->slowest_file);
    fprintf(stderr, ":%" PRIu64 "\n", summary->slowest_line);
}

static void put_passed_over(uint64_t files, uint64_t others)
{
    if (files + others == 0)
        return;
    fputs("  passed over    ", stderr);
    if (files)
        put_count("", files, "file that is no session log", "files that are no session logs");
    if (others)
        put_count(files ? ", " : "", others, "symbolic link, pipe or device",
                  "symbolic links, pipes or devices");
    fputs("\n", stderr);
}

/* What a person looks for first:
 *
 * tcplog: 2 of 2 sessions need a look:
 *   16-pop-client-bad-password/TCP0001.MD:7: The login was refused; most often the user name or the password is wrong. [login-refused] */
static void put_causes(const struct tcplog_summary *summary)
{
    uint64_t shown = summary->sessions_wrong;
    if (shown == 0)
        return;
    if (shown > TCPLOG_CAUSES_MOST)
        shown = TCPLOG_CAUSES_MOST;
    put_count("tcplog: ", summary->sessions_wrong, "of ", "of ");
    put_count("", summary->sessions, "session", "sessions");
    fputs(summary->sessions_wrong == 1 ? " needs a look:\n" : " need a look:\n", stderr);
    for (uint64_t i = 0; i < shown; i++) {
        const struct tcplog_cause *cause = &summary->causes[i];
        fputs("  ", stderr);
        put_clean(cause->file);
        fprintf(stderr, ":%" PRIu64 ": %s [%s]\n", cause->line, cause->text, cause->id);
    }
    if (summary->sessions_wrong > shown)
        fprintf(stderr, "  and %" PRIu64 " more; the field diagnosis of session records names them\n",
                summary->sessions_wrong - shown);
}

/* At the end, where they are not lost above a thousand other lines; of one input all has just been said. */
static void put_failures(const struct upshot *upshot)
{
    const struct failures *failures = upshot->failures;
    const struct tcplog_summary *summary = upshot->summary;
    uint64_t inputs = summary->files + summary->files_passed_over + upshot->unchanged;
    if (failures->count == 0 || (failures->count == 1 && inputs < 2))
        return;
    put_count("tcplog: ", failures->count, "input", "inputs");
    fputs(" did not go well, the worst first:\n", stderr);
    uint64_t shown = failures->count < FAILURES_MOST ? failures->count : FAILURES_MOST;
    for (uint64_t i = 0; i < shown; i++) {
        const struct failure *failure = &failures->worst[i];
        fputs("  ", stderr);
        put_path(failure->path);
        put_member(failure->finding.member);
        if (failure->finding.line)
            fprintf(stderr, ":%" PRIu64, failure->finding.line);
        fprintf(stderr, ": %s [%s]\n", failure->finding.text, failure->finding.id);
    }
    if (failures->count > shown)
        fprintf(stderr, "  and %" PRIu64 " more, which --report FILE names\n", failures->count - shown);
}

static void put_met(const struct tcplog_summary *summary)
{
    if (summary->sessions_met == 0)
        return;
    put_count("  met before     ", summary->sessions_met, "session", "sessions");
    fputs(", the first in ", stderr);
    put_clean(summary->met_file);
    if (summary->met_line)
        fprintf(stderr, ":%" PRIu64, summary->met_line);
    fputs("\n", stderr);
}

/* tcplog: 2 files, 2 sessions, 10 exchanges -> 10 records in all.jsonl
 *   failures       1 command refused, 2 unanswered
 *   slowest reply  9 ms to PASS, 16-pop-client-bad-password/TCP0001.MD:6
 *   lines          45 read = 45 in sessions + 0 in files refused */
void report_summary(const struct upshot *upshot)
{
    const struct tcplog_summary *summary = upshot->summary;
    put_causes(summary);
    put_failures(upshot);
    put_count("tcplog: ", summary->files, "file", "files");
    put_count(", ", summary->sessions, "session", "sessions");
    put_count(", ", summary->exchanges, "exchange", "exchanges");
    put_count(" -> ", summary->records, "record", "records");
    fputs(" in ", stderr);
    put_clean(upshot->output);
    put_count("\n  failures       ", summary->failures, "command refused", "commands refused");
    put_count(", ", summary->unanswered, "unanswered\n", "unanswered\n");
    put_slowest(summary);
    put_count("  lines          ", summary->lines, "read", "read");
    put_count(" = ", summary->lines_recorded, "in sessions", "in sessions");
    if (summary->lines_unparsed)
        put_count(" (", summary->lines_unparsed, "not understood, kept)", "not understood, kept)");
    put_count(" + ", summary->lines_diagnosed, "in files refused\n", "in files refused\n");
    put_passed_over(summary->files_passed_over, upshot->others);
    if (upshot->unchanged)
        put_count("  unchanged      ", upshot->unchanged, "input, whose export is there already\n",
                  "inputs, whose exports are there already\n");
    put_met(summary);
    if (summary->problems)
        put_count("  problems       ", summary->problems, "reported above\n", "reported above\n");
}

void report_nothing(const struct upshot *upshot)
{
    const struct tcplog_summary *summary = upshot->summary;
    uint64_t others = summary->files_passed_over + upshot->others;
    char among[64] = "No session log was found.";
    if (summary->lines + upshot->unchanged + upshot->failures->count > 0)
        return;
    if (others)
        snprintf(among, sizeof(among), "There is no session log among %" PRIu64 " file%s.", others,
                 others == 1 ? "" : "s");
    report_problem(
        NULL, &(struct tcplog_problem){ .id = "nothing-converted",
                                        .text = summary->files ? "All that was read is empty." : among });
}

void report_given_up(const char *output)
{
    fputs("tcplog: ", stderr);
    put_clean(output);
    fputs(": given up, because of what is reported above\n", stderr);
}

void report_watched(const char *folder, uint64_t exports, const char *output)
{
    fputs("tcplog: ", stderr);
    put_clean(folder);
    put_count(": no longer watched; ", exports, "export was", "exports were");
    fputs(" written to ", stderr);
    put_clean(output);
    fputs("\n", stderr);
}

void report_unknown_code(const char *word)
{
    fputs("tcplog: ", stderr);
    put_clean(word);
    fputs(" is in no table\n", stderr);
}

void report_version(void)
{
    puts("tcplog " TCPLOG_VERSION);
}

bool report_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    /* a reader that went away knows */
    if (errno != EPIPE)
        fprintf(stderr, "tcplog: standard output: %s\n", strerror(errno));
    return false;
}
