/* Taking the records of an input out: each file that holds some is written anew without them, under a hidden name, and takes
 * the place of the old one when it is whole and the journal knows what length it will have. Whoever is killed in between finds
 * some files without them and some with them, and the input as begun: so it is done again. */
#include "partition.h"

#include "base/utf8.h"
#include "cells.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* So many are replaced at once: the disk has to hold both of each, and each time it has to be waited for. */
enum { REMADE_AT_ONCE = 8 };

struct remade {
    struct partition_file *file;
    struct tcplog_growth growth;
};

struct filter {
    struct partition *partition;
    struct cells cells;
    struct str name;     /* of the input, as cells of CSV have it */
    char *needle;        /* "source_file":"…" */
    char path[PATH_MAX]; /* of the one that is being written anew */
    struct tcplog_growth growth;
    struct buf text;    /* what goes there next */
    bool good, dropped; /* a record was */
    struct remade remade[REMADE_AT_ONCE];
    size_t count; /* of those that wait for their places */
};

static bool is_of_input(const struct filter *filter, struct str record)
{
    if (filter->cells.csv)
        return cells_says(cells_value(&filter->cells, record, 0), filter->name);
    return memmem(record.p, record.n, filter->needle, strlen(filter->needle)) != NULL;
}

static bool leave(struct filter *filter)
{
    bool good = filter->text.status == TCPLOG_OK &&
                partition_append(filter->partition, filter->path, &filter->growth, buf_str(&filter->text));
    filter->text.n = 0;
    return good;
}

static bool take(void *context, struct str text, bool header)
{
    struct filter *filter = context;
    if (header)
        cells_head(&filter->cells, text);
    else if (is_of_input(filter, text))
        filter->dropped = true;
    else
        tcplog_buf_add(&filter->text, text);
    filter->good = filter->text.n < PARTITION_BUFFERED || leave(filter);
    return filter->good;
}

static bool copy_file(struct filter *filter, const char *path)
{
    filter->dropped = false;
    filter->good = true;
    filter->growth = (struct tcplog_growth){ 0 };
    errno = 0;
    bool whole = tcplog_cat(path, &(struct tcplog_query){ 0 }, take, NULL, filter) == TCPLOG_OK;
    return whole && filter->good && leave(filter);
}

static bool find_paths(const struct partition *partition, const char *name, char path[PATH_MAX],
                       char hidden[PATH_MAX])
{
    char hidden_name[NAME_MAX + 8];
    snprintf(hidden_name, sizeof(hidden_name), PARTITION_HIDDEN, name);
    return partition_path(partition, name, path) && partition_path(partition, hidden_name, hidden);
}

/* An index never stands beside a file that is not its own: without one it is made anew by whoever comes next. */
static bool replace(const struct partition *partition, struct remade *remade)
{
    char path[PATH_MAX], hidden[PATH_MAX], index[PATH_MAX], new_index[PATH_MAX];
    bool packed = remade->growth.members > 0;
    if (!find_paths(partition, remade->file->name, path, hidden) ||
        (packed && (snprintf(index, PATH_MAX, "%s" TCPLOG_INDEX_SUFFIX, path) >= PATH_MAX ||
                    snprintf(new_index, PATH_MAX, "%s" TCPLOG_INDEX_SUFFIX, hidden) >= PATH_MAX ||
                    (unlink(index) != 0 && errno != ENOENT))))
        return false;
    remade->file->touched = true;
    remade->file->growth = remade->growth;
    return rename(hidden, path) == 0 && (!packed || rename(new_index, index) == 0);
}

/* Files that are written anew do not just grow: so that a length tells what holds, the journal has both lengths, and the disk
 * has the journal, before the first of them is replaced. */
static bool replace_all(struct filter *filter)
{
    struct journal *journal = filter->partition->journal;
    struct buf block = { 0 };
    for (size_t i = 0; i < filter->count; i++) {
        char line[NAME_MAX + 64];
        snprintf(line, sizeof(line), JOURNAL_REMADE "%s\t%llu\n", filter->remade[i].file->name,
                 (unsigned long long)filter->remade[i].growth.length);
        tcplog_buf_add(&block, str_of(line));
    }
    tcplog_buf_add(&block, STR(JOURNAL_COMMIT));
    bool good =
        block.status == TCPLOG_OK && journal_commit(journal, buf_str(&block)) && journal_make_safe(journal);
    tcplog_buf_free(&block);
    for (size_t i = 0; good && i < filter->count; i++)
        good = replace(filter->partition, &filter->remade[i]);
    if (good)
        filter->count = 0;
    return good;
}

static bool filter_file(struct filter *filter, struct partition_file *file)
{
    char path[PATH_MAX];
    if (!find_paths(filter->partition, file->name, path, filter->path))
        return false;
    bool good = copy_file(filter, path);
    if (good && filter->dropped) {
        filter->remade[filter->count++] = (struct remade){ file, filter->growth };
        return filter->count < REMADE_AT_ONCE || replace_all(filter);
    }
    int error = errno;
    partition_remove(filter->path);
    errno = error;
    return good;
}

static void remove_remade(const struct filter *filter)
{
    char path[PATH_MAX], hidden[PATH_MAX];
    int error = errno;
    for (size_t i = 0; i < filter->count; i++)
        if (find_paths(filter->partition, filter->remade[i].file->name, path, hidden))
            partition_remove(hidden);
    errno = error;
}

static bool is_named(const char *parts, const char *name)
{
    size_t n = strlen(name);
    for (const char *part = parts; *part; part += strcspn(part, ","), part += *part == ',')
        if (strncmp(part, name, n) == 0 && (part[n] == ',' || part[n] == '\0'))
            return true;
    return strcmp(parts, "*") == 0;
}

static bool filter_all(struct partition *partition, const struct journal_line *line)
{
    struct buf decoded = { 0 };
    struct filter filter = { .partition = partition, .name = utf8_decode(str_of(line->source), &decoded) };
    char *name = tcplog_json_name(line->source);
    cells_make(&filter.cells, "source_file", NULL);
    bool good = name && asprintf(&filter.needle, "\"source_file\":%s", name) >= 0;
    for (size_t i = 0; good && i < partition->count; i++)
        if (is_named(line->parts, partition->files[i].name))
            good = filter_file(&filter, &partition->files[i]);
    good = good && (filter.count == 0 || replace_all(&filter));
    remove_remade(&filter);
    free(name);
    free(filter.needle);
    tcplog_buf_free(&filter.text);
    tcplog_buf_free(&decoded);
    return good;
}

/* As begun, with what it gave: `records` says whether that is still to be taken out. */
static bool commit_begun(struct partition *partition, struct journal_line *line, bool lengths)
{
    char text[JOURNAL_LINE_MOST];
    struct buf block = { 0 };
    bool good = !lengths || partition_lengths(partition, &block, false);
    tcplog_buf_add(&block, (struct str){ text, journal_line_write(line, text) });
    tcplog_buf_add(&block, STR(JOURNAL_COMMIT));
    good = good && block.status == TCPLOG_OK && journal_commit(partition->journal, buf_str(&block));
    tcplog_buf_free(&block);
    return good;
}

bool partition_forget(struct partition *partition, const struct journal_line *line)
{
    struct journal *journal = partition->journal;
    struct journal_line begun = *line;
    begun.turn = 0;
    if (!partition_commit(partition) || !commit_begun(partition, &begun, false) ||
        !filter_all(partition, line))
        return partition_fail(partition);
    begun.records = 0;
    begun.parts[0] = '\0';
    return (commit_begun(partition, &begun, true) && journal_make_safe(journal)) || partition_fail(partition);
}
