/* tcplog_validate: one export from its first byte to its verdict. It decides what kind of file it is and says what
 * became of the file as a whole; everything inside is the readers'. */
#include "readback/validate.h"
#include "readback/csv.h"
#include "readback/jsonl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* In one piece and not on the stack: some 80 KB. */
struct readback {
    struct stream stream;
    struct rules rules;
    struct problems problems;
    uint64_t records;
};

/* What the way in which the bytes ended says about the file; FAULT_count: nothing. */
static const enum fault endings[] = {
    [STREAM_OPEN] = FAULT_count,        [STREAM_WHOLE] = FAULT_count,       [STREAM_DAMAGED] = FAULT_GZIP,
    [STREAM_TRAILING] = FAULT_TRAILING, [STREAM_FAILED] = FAULT_UNREADABLE,
};

/* The format goes by the first byte behind a byte order mark and empty lines: a header never begins with a brace, and a JSON
 * object with nothing else. */
static enum tcplog_status read_all(struct readback *readback)
{
    struct stream *stream = &readback->stream;
    int first = stream_sniff(stream);
    bool memory = true;
    /* an export of no records at all is an empty file: nothing to find fault with */
    if (first == '{')
        memory = jsonl_check(stream, &readback->rules, &readback->problems, &readback->records);
    else if (first >= 0)
        memory = csv_check(stream, &readback->rules, &readback->problems, &readback->records);

    /* out of memory is no verdict on the file */
    if (!memory || readback->problems.starved || stream->status == TCPLOG_MEMORY)
        return TCPLOG_MEMORY;
    readback->problems.line = stream->number;
    readback->problems.error = stream->error;
    if (endings[stream->end] != FAULT_count)
        problem(&readback->problems, endings[stream->end], NULL);
    if (stream->status != TCPLOG_OK)
        return stream->status;
    return readback->problems.count > 0 ? TCPLOG_INVALID : TCPLOG_OK;
}

static enum tcplog_status validate(struct readback *readback, const char *path)
{
    if (!rules_open(&readback->rules))
        return TCPLOG_MEMORY;
    if (stream_open(&readback->stream, path))
        return read_all(readback);
    readback->problems.error = readback->stream.error;
    if (readback->stream.status == TCPLOG_UNREADABLE)
        problem(&readback->problems, FAULT_UNREADABLE, NULL);
    return readback->stream.status;
}

enum tcplog_status readback_validate(const char *path, tcplog_report *report, void *context,
                                     struct readback_sums *sums)
{
    struct problems told = { .report = report, .context = context, .file = path };
    struct readback *readback = calloc(1, sizeof *readback);
    *sums = (struct readback_sums){ 0 };
    if (!readback) {
        problem(&told, FAULT_MEMORY, NULL);
        return TCPLOG_MEMORY;
    }
    readback->problems = told;
    enum tcplog_status status = validate(readback, path);
    if (status == TCPLOG_MEMORY)
        problem(&told, FAULT_MEMORY, NULL);
    *sums = (struct readback_sums){ .records = readback->records,
                                    .session_lines = readback->problems.session_lines };
    memcpy(sums->kinds, readback->problems.kinds, sizeof sums->kinds);
    stream_close(&readback->stream);
    rules_close(&readback->rules);
    free(readback);
    return status;
}

enum tcplog_status tcplog_validate(const char *path, tcplog_report *report, void *context, uint64_t *records)
{
    struct readback_sums sums;
    enum tcplog_status status = readback_validate(path, report, context, &sums);
    if (records)
        *records = sums.records;
    return status;
}

/* --- what it comes to --- */

/* Of all that is wrong with it. */
struct first_fault {
    bool met;
    char *why;
};

#define WRONG "It does not read back as it was written: "

static void keep_first(void *context, const struct tcplog_problem *problem)
{
    struct first_fault *first = context;
    const char *field = problem->field ? problem->field : "";
    if (first->met)
        return;
    first->met = true;
    int n = snprintf(first->why, TCPLOG_WHY, WRONG);
    if (problem->line)
        n += snprintf(first->why + n, TCPLOG_WHY - (size_t)n, "line %" PRIu64 ", ", problem->line);
    snprintf(first->why + n, TCPLOG_WHY - (size_t)n, "%s%s%s", field, *field ? ": " : "", problem->text);
}

static bool counts(char *why, const char *what, uint64_t found, uint64_t wanted)
{
    if (found == wanted)
        return true;
    snprintf(why, TCPLOG_WHY, WRONG "it has %" PRIu64 " %s, not %" PRIu64 ".", found, what, wanted);
    return false;
}

/* What went into a pipe is not there any more, and reading it would wait for ever. */
static bool stays(const char *path, char *why)
{
    struct stat about;
    if (stat(path, &about) != 0 || S_ISREG(about.st_mode))
        return true;
    snprintf(why, TCPLOG_WHY, "It cannot be read back: it is no regular file.");
    return false;
}

bool tcplog_agrees(const char *path, const struct tcplog_summary *summary, char why[TCPLOG_WHY])
{
    struct readback_sums sums;
    if (!stays(path, why))
        return false;
    struct first_fault first = { .why = why };
    enum tcplog_status status = readback_validate(path, keep_first, &first, &sums);
    uint64_t lines = summary->lines_recorded;
    if (status == TCPLOG_MEMORY)
        snprintf(why, TCPLOG_WHY, "It cannot be read back: out of memory.");
    return status == TCPLOG_OK && counts(why, "records", sums.records, summary->records) &&
           (lines == 0 || sums.kinds[KIND_LINE] == 0 || counts(why, "lines", sums.kinds[KIND_LINE], lines)) &&
           (lines == 0 || sums.kinds[KIND_SESSION] == 0 ||
            counts(why, "lines in its sessions", sums.session_lines, lines));
}
