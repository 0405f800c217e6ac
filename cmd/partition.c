/* The files, their committed lengths, and writing behind them. Which of them a session goes to is partition_divide.c's, taking
 * out partition_forget.c's. */
#include "partition.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ROOM_KEPT: files that keep the memory that their text stood in. */
enum { COMMIT_INPUTS = 64, ROOM_KEPT = 1000 };

/* --- the files --- */

static size_t place_of(const struct partition *partition, const char *name, bool *found)
{
    size_t low = 0, high = partition->count;
    *found = false;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, partition->files[middle].name);
        *found = order == 0;
        if (order <= 0)
            high = middle;
        else
            low = middle + 1;
    }
    return *found ? high : low;
}

/* An index is known by its file. */
bool partition_knows(const struct partition *partition, const char *name)
{
    char file[PATH_MAX];
    bool found;
    struct str stem = str_of(name), suffix = STR(TCPLOG_INDEX_SUFFIX);
    snprintf(file, sizeof(file), "%.*s", (int)(stem.n - (str_ends(stem, suffix) ? suffix.n : 0)), name);
    place_of(partition, file, &found);
    return found;
}

bool partition_owns(void *partition, const char *name)
{
    char file[PATH_MAX];
    struct str stem = str_of(name), prefix = STR("."), suffix = STR(".new");
    bool hidden = str_starts(stem, prefix) && str_ends(stem, suffix) && stem.n > prefix.n + suffix.n;
    if (hidden)
        stem = str_upto(str_from(stem, prefix.n), stem.n - prefix.n - suffix.n);
    return snprintf(file, sizeof(file), "%.*s", (int)stem.n, stem.p) < (int)sizeof(file) &&
           partition_knows(partition, file);
}

/* NULL: no memory. */
struct partition_file *partition_named(struct partition *partition, const char *name)
{
    bool found;
    size_t at = place_of(partition, name, &found);
    if (found)
        return &partition->files[at];
    if (partition->count == partition->capacity) {
        size_t capacity = partition->capacity ? 2 * partition->capacity : 64;
        struct partition_file *files = realloc(partition->files, capacity * sizeof(*files));
        if (!files)
            return NULL;
        partition->files = files;
        partition->capacity = capacity;
    }
    struct partition_file *file = &partition->files[at];
    memmove(file + 1, file, (partition->count - at) * sizeof(*file));
    *file = (struct partition_file){ .name = strdup(name) };
    partition->count++;
    return file->name ? file : NULL;
}

bool partition_path(const struct partition *partition, const char *name, char path[PATH_MAX])
{
    errno = ENAMETOOLONG;
    return snprintf(path, PATH_MAX, "%s%s", partition->folder, name) < PATH_MAX;
}

/* --- opening --- */

static bool take_length(struct partition *partition, struct str line)
{
    char name[NAME_MAX + 1];
    const struct journal_length said = journal_length_read(line);
    if (said.name.n == 0 || said.name.n > NAME_MAX || memchr(said.name.p, '/', said.name.n))
        return true;
    memcpy(name, said.name.p, said.name.n);
    name[said.name.n] = '\0';
    struct partition_file *file = partition_named(partition, name);
    if (!file)
        return false;
    file->remade = said.remade;
    *(said.remade ? &file->remade_length : &file->growth.length) = said.length;
    return true;
}

bool partition_append(const struct partition *partition, const char *path, struct tcplog_growth *growth,
                      struct str records)
{
    errno = 0;
    switch (tcplog_append(partition->log, path, growth, records)) {
    case TCPLOG_OK: return true;
    case TCPLOG_MEMORY: errno = ENOMEM; return false;
    case TCPLOG_UNWRITABLE: return false;
    /* it is not what was left there */
    default: errno = ENOENT; return false;
    }
}

/* What stands behind the length was not committed. A run that was ended while it took records out has left the file as it
 * was, or as it was to be; which of the two is said with the next commit. */
static bool check_file(const struct partition *partition, struct partition_file *file)
{
    char path[PATH_MAX];
    struct stat about;
    if (!partition_path(partition, file->name, path) || lstat(path, &about) != 0)
        return false;
    if (file->remade && (uint64_t)about.st_size == file->remade_length)
        file->growth.length = file->remade_length;
    file->touched = file->remade;
    errno = ENOENT;
    return S_ISREG(about.st_mode) && (uint64_t)about.st_size >= file->growth.length &&
           partition_append(partition, path, &file->growth, STR(""));
}

void partition_remove(const char *path)
{
    char index[PATH_MAX];
    unlink(path);
    if (snprintf(index, sizeof(index), "%s" TCPLOG_INDEX_SUFFIX, path) < PATH_MAX)
        unlink(index);
}

/* What a run that was ended had been writing anew. */
static void remove_hidden(const struct partition *partition)
{
    char path[PATH_MAX], name[NAME_MAX + 8];
    for (size_t i = 0; i < partition->count; i++)
        if (snprintf(name, sizeof(name), PARTITION_HIDDEN, partition->files[i].name) < (int)sizeof(name) &&
            partition_path(partition, name, path))
            partition_remove(path);
}

bool partition_open(struct partition *partition)
{
    const struct journal_view lengths = { partition->journal->lengths.p, partition->journal->lengths.n };
    struct str line;
    bool good = true;
    for (uint64_t at = 0; good && journal_next(&lengths, &at, &line);)
        good = take_length(partition, line);
    for (size_t i = 0; good && i < partition->count; i++)
        good = check_file(partition, &partition->files[i]);
    if (good && partition->journal->untidy)
        remove_hidden(partition);
    /* before anything goes behind files that were replaced: what a run that is ended leaves there would look committed */
    return good && partition_commit(partition);
}

void partition_close(struct partition *partition)
{
    for (size_t i = 0; i < partition->count; i++) {
        free(partition->files[i].name);
        tcplog_buf_free(&partition->files[i].text);
    }
    free(partition->files);
    tcplog_buf_free(&partition->lines);
    partition->files = NULL;
    partition->count = partition->capacity = 0;
}

/* --- writing --- */

/* What was to be written is lost, so nothing of it may be said to be done. */
bool partition_fail(struct partition *partition)
{
    if (partition->error == 0)
        partition->error = errno ? errno : EIO;
    errno = partition->error;
    return false;
}

/* A file that is not in the journal is announced there, so that it is known for what it is whatever happens next. */
static bool announce(struct partition *partition, struct partition_file *file)
{
    char mark[NAME_MAX + 16];
    bool is_new = !file->opened && file->growth.length == 0;
    int n = snprintf(mark, sizeof(mark), JOURNAL_NEW "%s\n", file->name);
    file->opened = true;
    return !is_new || journal_commit(partition->journal, (struct str){ mark, (size_t)n });
}

static bool flush_file(struct partition *partition, struct partition_file *file)
{
    char path[PATH_MAX];
    if (file->text.n == 0)
        return true;
    file->touched = true;
    bool good = partition_path(partition, file->name, path) && announce(partition, file) &&
                partition_append(partition, path, &file->growth, buf_str(&file->text));
    file->text.n = 0;
    if (partition->count > ROOM_KEPT && file->text.status == TCPLOG_OK)
        tcplog_buf_free(&file->text);
    return good || partition_fail(partition);
}

bool partition_flush(struct partition *partition)
{
    bool good = true;
    for (size_t i = 0; good && i < partition->count; i++)
        good = flush_file(partition, &partition->files[i]);
    partition->buffered = 0;
    return good;
}

bool partition_lengths(struct partition *partition, struct buf *to, bool all)
{
    for (size_t i = 0; i < partition->count; i++) {
        struct partition_file *file = &partition->files[i];
        char line[NAME_MAX + 64];
        if (!file->touched && !all)
            continue;
        file->touched = false;
        snprintf(line, sizeof(line), JOURNAL_LENGTH "%s\t%llu\n", file->name,
                 (unsigned long long)file->growth.length);
        tcplog_buf_add(to, str_of(line));
    }
    return true;
}

bool partition_commit(struct partition *partition)
{
    struct buf block = { 0 };
    if (partition->error)
        return partition_fail(partition);
    bool good = partition_flush(partition) && partition_lengths(partition, &block, false);
    if (good && (block.n || partition->lines.n)) {
        tcplog_buf_add(&block, buf_str(&partition->lines));
        tcplog_buf_add(&block, STR(JOURNAL_COMMIT));
        good = block.status == TCPLOG_OK && journal_commit(partition->journal, buf_str(&block));
    }
    partition->lines.n = partition->inputs = 0;
    tcplog_buf_free(&block);
    partition->journal->lengths.n = 0;
    return good && partition_lengths(partition, &partition->journal->lengths, true);
}

bool partition_done(struct partition *partition, struct journal_line *line)
{
    struct journal *journal = partition->journal;
    line->turn = ++journal->turns;
    if (line->since == 0)
        line->since = line->turn;
    tcplog_buf_add(&partition->lines,
                   (struct str){ journal->buffer, journal_line_write(line, journal->buffer) });
    return ++partition->inputs < COMMIT_INPUTS || partition_commit(partition);
}
