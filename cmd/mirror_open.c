/* Opening a folder of exports: whose it is, and what a run that was killed has left in it; and closing it. */
#include "mirror.h"

#include "report.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

/* Where exports are made that are to be divided. */
#define HIDDEN ".inputs/"

enum tcplog_status mirror_complain(enum tcplog_status status, const char *id, const char *file,
                                   const char *text)
{
    report_problem(NULL, &(struct tcplog_problem){ .id = id, .file = file, .text = text });
    return status;
}

enum tcplog_status mirror_journal_failed(const struct mirror *mirror)
{
    int error = errno;
    char path[PATH_MAX + sizeof(JOURNAL_NAME)];
    snprintf(path, sizeof(path), "%s" JOURNAL_NAME, mirror->folder);
    if (mirror->quiet)
        return TCPLOG_UNWRITABLE;
    return mirror_complain(TCPLOG_UNWRITABLE, "journal-failed", path, strerror(error));
}

static enum tcplog_status key_failed(const struct mirror *mirror)
{
    int error = errno;
    char path[PATH_MAX + sizeof(SEAL_NAME)];
    snprintf(path, sizeof(path), "%s" SEAL_NAME, mirror->folder);
    return mirror_complain(TCPLOG_UNWRITABLE, "output-failed", path, strerror(error));
}

/* The words in which two descriptions differ: "kinds=exchange, now kinds=session". */
static void tell_difference(char *to, size_t room, const char *before, const char *now, const char *remedy)
{
    while (*before && *now) {
        size_t a = strcspn(before, " "), b = strcspn(now, " ");
        if (a != b || memcmp(before, now, a) != 0) {
            snprintf(to, room, "Its exports were made with %.*s, now it is %.*s: %s makes all anew.", (int)a,
                     before, (int)b, now, remedy);
            return;
        }
        before += a + (before[a] == ' ');
        now += b + (now[b] == ' ');
    }
    snprintf(to, room, "Its exports were made with other options: %s makes all anew.", remedy);
}

static enum tcplog_status refuse(struct mirror *mirror, enum journal_answer answer, const char *before,
                                 const char *now)
{
    const char *folder = mirror->folder;
    const char *remedy =
        mirror->watched ? "'tcplog convert --force -o DIR/', with the options that are wanted," : "--force";
    char text[1024];
    switch (answer) {
    case JOURNAL_BUSY:
        return mirror_complain(TCPLOG_UNWRITABLE, "folder-in-use", folder,
                               "Another run is writing to this folder.");
    case JOURNAL_FOREIGN:
        return mirror_complain(TCPLOG_USAGE, "journal-foreign", folder,
                               "The file " JOURNAL_NAME
                               " in it is no journal of tcplog: move it away, or name "
                               "another folder.");
    case JOURNAL_NOT_EMPTY:
        snprintf(
            text, sizeof(text),
            "The folder holds other things than exports of tcplog; %s writes to it all the same, and over "
            "files that are called as exports are.",
            remedy);
        return mirror_complain(TCPLOG_USAGE, "folder-not-empty", folder, text);
    case JOURNAL_OTHERWISE:
        tell_difference(text, sizeof(text), before ? before : "", now, remedy);
        return mirror_complain(TCPLOG_USAGE, "other-options", folder, text);
    default: return mirror_journal_failed(mirror);
    }
}

static bool owns(void *context, const char *export)
{
    struct mirror *mirror = context;
    struct journal_line line;
    return journal_find(&mirror->journal, export, &line, NULL);
}

struct sweep {
    struct mirror *mirror;
    char folder[PATH_MAX]; /* the one that was swept last */
    bool any;
};

/* A folder in which a conversion was begun and not ended. */
static bool sweep_one(void *context, const struct journal_line *line)
{
    struct sweep *sweep = context;
    const char *slash = strrchr(line->export, '/');
    size_t n = slash ? (size_t)(slash - line->export) : 0;
    bool same = sweep->any && strlen(sweep->folder) == n && memcmp(sweep->folder, line->export, n) == 0;
    if (line->turn > 0 || same)
        return true;
    memcpy(sweep->folder, line->export, n);
    sweep->folder[n] = '\0';
    sweep->any = true;
    export_tree_sweep(&sweep->mirror->tree, line->export, owns, sweep->mirror);
    return true;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about, (void)type, (void)place;
    return remove(path);
}

enum { HIDDEN_PATH = PATH_MAX + 16 };

/* The folder in which exports are made that are to be divided. */
static const char *hidden_of(const struct mirror *mirror, char path[HIDDEN_PATH])
{
    snprintf(path, HIDDEN_PATH, "%s" HIDDEN, mirror->folder);
    return path;
}

/* What is left there when a run ends, or was when it was killed, is of no use. */
static void remove_hidden(const struct mirror *mirror)
{
    char hidden[HIDDEN_PATH];
    nftw(hidden_of(mirror, hidden), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool open_partition(struct mirror *mirror, const struct tcplog *log, bool gzip)
{
    struct export_tree *tree = &mirror->tree;
    struct partition *partition = &mirror->partition;
    char real[PATH_MAX], hidden[HIDDEN_PATH];
    memcpy(real, tree->real, sizeof(real));
    remove_hidden(mirror);
    const char *suffix = tcplog_suffix(log);
    partition->log = log;
    partition->folder = mirror->folder;
    partition->journal = &mirror->journal;
    snprintf(partition->suffix, sizeof(partition->suffix), "%s%s", suffix, gzip ? ".gz" : "");
    bool untidy = partition->journal->untidy, good = partition_open(partition);
    if (good && untidy)
        export_tree_sweep(tree, "", partition_owns, partition);
    good = good && export_tree_open(tree, hidden_of(mirror, hidden), suffix, false);
    /* inputs may lie anywhere in the folder itself */
    memcpy(tree->real, real, sizeof(real));
    return good;
}

/* What former runs left in the partitions, with --verify; they are made anew only together. */
static bool partitions_read_back(const struct mirror *mirror, char path[PATH_MAX])
{
    const struct partition *partition = &mirror->partition;
    for (size_t i = 0; i < partition->count; i++) {
        const struct partition_file *file = &partition->files[i];
        if (file->growth.length > 0 && (!partition_path(partition, file->name, path) ||
                                        tcplog_validate(path, NULL, NULL, NULL) != TCPLOG_OK))
            return false;
    }
    return true;
}

static enum tcplog_status open_all(struct mirror *mirror, const char *output, const struct tcplog *log,
                                   const struct tcplog_options *options, const char *now)
{
    char *before = NULL, path[PATH_MAX];
    bool divided = mirror->partition.by != PARTITION_NONE;
    struct export_tree *tree = &mirror->tree;
    if (!export_tree_open(tree, output, tcplog_suffix(log), options->gzip))
        return mirror_complain(TCPLOG_UNWRITABLE, "output-failed", output, strerror(errno));
    memcpy(mirror->folder, tree->folder, sizeof(mirror->folder));
    enum journal_answer answer =
        journal_open(&mirror->journal, mirror->folder, now, options->force, divided, &before);
    if (answer != JOURNAL_OPEN) {
        enum tcplog_status refused = refuse(mirror, answer, before, now);
        free(before);
        return refused;
    }
    if (divided && !open_partition(mirror, log, options->gzip))
        return errno == ENOENT
                   ? mirror_complain(TCPLOG_USAGE, "partition-gone", mirror->folder,
                                     "A partition is gone, or has lost records: --force makes all anew.")
                   : mirror_complain(TCPLOG_UNWRITABLE, "output-failed", mirror->folder, strerror(errno));
    if (divided && options->verify && !partitions_read_back(mirror, path))
        return mirror_complain(TCPLOG_INVALID, "partition-wrong", path,
                               "The partition does not read back as it was written: --force makes all anew.");
    if (!seal_open(&mirror->seal, mirror->folder))
        return key_failed(mirror);
    if (!divided)
        journal_each(&mirror->journal, sweep_one, &(struct sweep){ .mirror = mirror });
    return TCPLOG_OK;
}

enum tcplog_status mirror_open(struct mirror *mirror, const char *output, const struct tcplog *log,
                               const struct tcplog_options *options, enum partition_by by)
{
    static const char *const words[] = { "-", "day", "month", "server", "protocol" };
    char *options_now = tcplog_describe(log), *now = NULL;
    pthread_mutex_init(&mirror->lock, NULL);
    mirror->journal.fd = -1;
    mirror->verify = options->verify;
    mirror->partition.by = by;
    enum tcplog_status status = TCPLOG_MEMORY;
    if (options_now && asprintf(&now, "%s partition=%s", options_now, words[by]) >= 0)
        status = open_all(mirror, output, log, options, now);
    else
        mirror_complain(status, "out-of-memory", output, "Out of memory.");
    free(options_now);
    free(now);
    return status;
}

enum tcplog_status mirror_settle(struct mirror *mirror)
{
    bool divided = mirror->partition.by != PARTITION_NONE;
    return !divided || partition_commit(&mirror->partition) ? TCPLOG_OK : mirror_journal_failed(mirror);
}

enum tcplog_status mirror_close(struct mirror *mirror, bool clean)
{
    bool divided = mirror->partition.by != PARTITION_NONE && mirror->journal.fd >= 0;
    bool good = mirror->journal.fd < 0 || journal_close(&mirror->journal, clean);
    enum tcplog_status status = good ? TCPLOG_OK : mirror_journal_failed(mirror);
    if (divided)
        remove_hidden(mirror);
    partition_close(&mirror->partition);
    pthread_mutex_destroy(&mirror->lock);
    return status;
}
