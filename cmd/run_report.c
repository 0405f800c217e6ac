/* Values by jansson; what holds them together by hand, for it is never in memory as a whole. */
#include "run_report.h"

#include "places.h"
#include "sink/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { COMPACT = JSON_COMPACT | JSON_ENSURE_ASCII | JSON_ENCODE_ANY };

/* A file's name may be any bytes: where they are no UTF-8, those that are no ASCII are question marks. */
static json_t *text(const char *value)
{
    json_t *made = json_string(value);
    if (made)
        return made;
    char *plain = strdup(value);
    for (char *p = plain; p && *p; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    made = plain ? json_string(plain) : NULL;
    free(plain);
    return made;
}

static void set_number(json_t *object, const char *name, uint64_t number)
{
    json_object_set_new(object, name, json_integer((json_int_t)number));
}

static void set_text(json_t *object, const char *name, const char *value)
{
    if (value && value[0])
        json_object_set_new(object, name, text(value));
}

static void set_counts(json_t *object, const struct tcplog_summary *summary)
{
    const struct {
        const char *name;
        uint64_t number;
    } counts[] = { { "bytes", summary->bytes },
                   { "lines", summary->lines },
                   { "sessions", summary->sessions },
                   { "exchanges", summary->exchanges },
                   { "failures", summary->failures },
                   { "unanswered", summary->unanswered },
                   { "records", summary->records },
                   { "problems", summary->problems },
                   { "busy_ms", summary->busy_ns / 1000000 } };
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
        set_number(object, counts[i].name, counts[i].number);
}

static void put(struct run_report *report, json_t *value)
{
    if (json_dumpf(value, report->file, COMPACT) != 0)
        errno = errno ? errno : ENOMEM;
    json_decref(value);
}

/* "version=0.1.0 kinds=line,session" → an object. */
static json_t *words(const char *options)
{
    json_t *object = json_object();
    char name[32], value[512];
    int n;
    while (sscanf(options, "%31[^=]=%511[^ ]%n", name, value, &n) == 2) {
        set_text(object, name, value);
        options += n + (options[n] == ' ');
    }
    return object;
}

static json_t *now(void)
{
    char stamp[32];
    time_t seconds = time(NULL);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return json_string(stamp);
}

#define BEGINNING "{\"options\":"

static FILE *open_temporary(struct run_report *report)
{
    int fd = temporary_open(report->path, &report->temporary);
    return fd >= 0 ? fdopen(fd, "w") : NULL;
}

static bool is_report(const char *path)
{
    char head[sizeof(BEGINNING)] = "";
    FILE *file = fopen(path, "re");
    bool same =
        file && fread(head, 1, strlen(BEGINNING), file) == strlen(BEGINNING) && strcmp(head, BEGINNING) == 0;
    if (file)
        fclose(file);
    return same;
}

/* In place, through the descriptor that is there already: another one would begin at the front again, and some things, such
 * as a socket, cannot be opened a second time. */
static FILE *open_descriptor(int fd)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return own >= 0 ? fdopen(own, "w") : NULL;
}

/* The file that a symbolic link leads to is replaced, not the link. */
static FILE *open_beside(struct run_report *report, const struct stat *about, bool force)
{
    bool leads_nowhere = about && S_ISLNK(about->st_mode);
    char *real = about && !leads_nowhere ? realpath(report->path, NULL) : strdup(report->path);
    free(report->path);
    report->path = real;
    if (!real)
        return NULL;
    report->forced = about && !is_report(real);
    if (report->forced) {
        report->device = about->st_dev;
        report->inode = about->st_ino;
    }
    if (report->forced && !force && about->st_size > 0) {
        errno = EEXIST;
        return NULL;
    }
    return open_temporary(report);
}

static FILE *open_file(struct run_report *report, bool force)
{
    struct stat about;
    const char *path = report->path;
    int fd = place_is_unnamed(path) ? STDOUT_FILENO : place_descriptor(path);
    if (fd >= 0)
        return open_descriptor(fd);
    bool exists = stat(path, &about) == 0;
    if (exists && !S_ISREG(about.st_mode))
        return fopen(path, "we");
    return open_beside(report, exists || lstat(path, &about) == 0 ? &about : NULL, force);
}

/* The file that is to make room, which was there before the run. */
static bool is_forced(const struct run_report *report, const char *path)
{
    struct stat about;
    return report->forced && stat(path, &about) == 0 && about.st_dev == report->device &&
           about.st_ino == report->inode;
}

/* What is there now may be what the run has written, or read. */
static bool may_appear(const struct run_report *report)
{
    struct stat about;
    if (stat(report->path, &about) != 0 || is_report(report->path))
        return true;
    errno = EEXIST;
    return is_forced(report, report->path) && !report->is_input;
}

static void forget(struct run_report *report)
{
    free(report->temporary);
    free(report->path);
    *report = (struct run_report){ 0 };
}

void run_report_drop(struct run_report *report)
{
    int error = errno;
    if (report->file)
        fclose(report->file);
    if (report->temporary)
        unlink(report->temporary);
    forget(report);
    errno = error;
}

bool run_report_open(struct run_report *report, const char *path, const char *options, bool force)
{
    *report = (struct run_report){ .path = strdup(path) };
    report->file = report->path ? open_file(report, force) : NULL;
    if (!report->file) {
        run_report_drop(report);
        return false;
    }
    fputs(BEGINNING, report->file);
    put(report, words(options));
    fputs(",\"began\":", report->file);
    put(report, now());
    fputs(",\"inputs\":[", report->file);
    return true;
}

static json_t *diagnostics(const struct findings *findings)
{
    json_t *list = json_array();
    for (uint64_t i = 0; i < findings->count && i < FINDINGS_MOST; i++) {
        const struct finding *finding = &findings->each[i];
        json_t *each = json_object();
        set_text(each, "id", finding->id);
        set_text(each, "member", finding->member);
        if (finding->line)
            set_number(each, "line", finding->line);
        if (finding->more)
            set_number(each, "more", finding->more);
        set_text(each, "text", finding->text);
        json_array_append_new(list, each);
    }
    return list;
}

void run_report_input(struct run_report *report, const struct run_report_input *input)
{
    if (!report->file)
        return;
    report->is_input |= is_forced(report, input->path);
    json_t *object = json_object();
    set_text(object, "path", input->path);
    set_text(object, "export", input->export);
    set_text(object, "status", input->status);
    set_text(object, "hash", input->hash);
    if (input->summary)
        set_counts(object, input->summary);
    if (input->findings && input->findings->count)
        json_object_set_new(object, "diagnostics", diagnostics(input->findings));
    fputs(report->any ? ",\n" : "\n", report->file);
    report->any = true;
    put(report, object);
}

static bool appear(struct run_report *report)
{
    bool named = report->temporary != NULL;
    bool good =
        !ferror(report->file) && fflush(report->file) == 0 && (!named || fsync(fileno(report->file)) == 0);
    int error = errno;
    if (fclose(report->file) != 0 && good) {
        good = false;
        error = errno;
    }
    report->file = NULL;
    errno = error;
    return good && (!named || (may_appear(report) && rename(report->temporary, report->path) == 0));
}

bool run_report_close(struct run_report *report, const struct tcplog_summary *summary, uint64_t unchanged,
                      uint64_t failed, int exit_code)
{
    if (!report->file)
        return true;
    json_t *sums = json_object();
    set_number(sums, "files", summary->files);
    set_number(sums, "refused", summary->files_refused);
    set_number(sums, "passed_over", summary->files_passed_over);
    set_number(sums, "unchanged", unchanged);
    set_number(sums, "failed", failed);
    set_counts(sums, summary);
    fputs("\n],\"ended\":", report->file);
    put(report, now());
    fputs(",\"summary\":", report->file);
    put(report, sums);
    fprintf(report->file, ",\"exit\":%d}\n", exit_code);
    bool good = appear(report);
    if (good)
        forget(report);
    else
        run_report_drop(report);
    return good;
}
