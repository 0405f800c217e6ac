/* Which file a session goes to, and writing behind the committed length. Taking out is partition_forget.c's. */
#include "partition.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { BUFFERED_MOST = 8 << 20, COMMIT_INPUTS = 64, KEY_MOST = 100 };

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

bool partition_knows(const struct partition *partition, const char *name)
{
    bool found;
    place_of(partition, name, &found);
    return found;
}

/* NULL: no memory. */
static struct partition_file *file_named(struct partition *partition, const char *name)
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
    struct str rest = str_from(line, strlen(JOURNAL_LENGTH)), key = journal_line_key(rest);
    if (key.n == 0 || key.n > NAME_MAX || memchr(key.p, '/', key.n))
        return true;
    memcpy(name, key.p, key.n);
    name[key.n] = '\0';
    struct partition_file *file = file_named(partition, name);
    if (file)
        file->length = strtoull(key.p + key.n + 1, NULL, 10);
    return file != NULL;
}

static bool waits_to_be_forgotten(void *context, const struct journal_line *line)
{
    bool *any = context;
    *any |= line->turn == 0 && line->records > 0;
    return true;
}

/* What stands behind the length was not committed. A file may be shorter only if a run was ended while it took records
 * out. */
static bool check_file(const struct partition *partition, struct partition_file *file, bool may_be_shorter)
{
    char path[PATH_MAX];
    struct stat about;
    if (!partition_path(partition, file->name, path) || lstat(path, &about) != 0)
        return false;
    bool shorter = (uint64_t)about.st_size < file->length;
    errno = ENOENT;
    if (!S_ISREG(about.st_mode) || (shorter && !may_be_shorter))
        return false;
    if (shorter)
        file->length = (uint64_t)about.st_size;
    return (uint64_t)about.st_size == file->length || truncate(path, (off_t)file->length) == 0;
}

/* What was begun since the last commit is nobody's. */
static void remove_fresh(struct partition *partition)
{
    char path[PATH_MAX], name[NAME_MAX + 1];
    const struct journal_view fresh = { partition->journal->fresh.p, partition->journal->fresh.n };
    struct str line;
    for (uint64_t at = 0; journal_next(&fresh, &at, &line);) {
        if (line.n == 0 || line.n > NAME_MAX || memchr(line.p, '/', line.n))
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)line.n, line.p);
        if (!partition_knows(partition, name) && partition_path(partition, name, path))
            unlink(path);
    }
}

bool partition_open(struct partition *partition)
{
    const struct journal_view lengths = { partition->journal->lengths.p, partition->journal->lengths.n };
    struct str line;
    bool may_be_shorter = false, good = true;
    for (uint64_t at = 0; good && journal_next(&lengths, &at, &line);)
        good = take_length(partition, line);
    journal_each(partition->journal, waits_to_be_forgotten, &may_be_shorter);
    for (size_t i = 0; good && i < partition->count; i++)
        good = check_file(partition, &partition->files[i], may_be_shorter);
    if (good)
        remove_fresh(partition);
    return good;
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

/* A file that is not in the journal is announced there, so that it is known for what it is whatever happens next. */
static int open_behind(struct partition *partition, struct partition_file *file)
{
    char path[PATH_MAX], mark[NAME_MAX + 16];
    bool is_new = !file->opened && file->length == 0;
    int n = snprintf(mark, sizeof(mark), JOURNAL_NEW "%s\n", file->name);
    if (!partition_path(partition, file->name, path) ||
        (is_new && !journal_commit(partition->journal, (struct str){ mark, (size_t)n })))
        return -1;
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return -1;
    if (file->opened || ftruncate(fd, (off_t)file->length) == 0) {
        file->opened = true;
        return fd;
    }
    close(fd);
    return -1;
}

static bool write_all(int fd, struct str text)
{
    while (text.n) {
        ssize_t done = write(fd, text.p, text.n);
        if (done < 0 && errno != EINTR)
            return false;
        text = str_from(text, done > 0 ? (size_t)done : 0);
    }
    return true;
}

/* A member of its own, so that a file that is cut at a commit is a whole one. */
static bool write_member(int fd, struct str text, int level)
{
    const char mode[] = { 'a', 'b', (char)(level ? '0' + level : '\0'), '\0' };
    int own = dup(fd);
    gzFile to = own >= 0 ? gzdopen(own, mode) : NULL;
    if (!to) {
        if (own >= 0)
            close(own);
        return false;
    }
    bool good = gzwrite(to, text.p, (unsigned)text.n) == (int)text.n;
    return (gzclose(to) == Z_OK) & good;
}

/* What was to be written is lost, so nothing of it may be said to be done. */
bool partition_fail(struct partition *partition)
{
    if (partition->error == 0)
        partition->error = errno ? errno : EIO;
    errno = partition->error;
    return false;
}

static bool flush_file(struct partition *partition, struct partition_file *file)
{
    if (file->text.n == 0)
        return true;
    int fd = open_behind(partition, file);
    if (fd < 0)
        return partition_fail(partition);
    bool good = partition->gzip ? write_member(fd, buf_str(&file->text), partition->level)
                                : write_all(fd, buf_str(&file->text));
    int error = errno;
    close(fd);
    errno = error;
    file->text.n = 0;
    file->touched = true;
    return good || partition_fail(partition);
}

static bool flush(struct partition *partition)
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
        char path[PATH_MAX], line[NAME_MAX + 64];
        struct stat about;
        if (!file->touched && !all)
            continue;
        if (!partition_path(partition, file->name, path) || stat(path, &about) != 0)
            return false;
        file->length = (uint64_t)about.st_size;
        file->touched = false;
        snprintf(line, sizeof(line), JOURNAL_LENGTH "%s\t%llu\n", file->name,
                 (unsigned long long)file->length);
        tcplog_buf_add(to, str_of(line));
    }
    return true;
}

bool partition_commit(struct partition *partition)
{
    struct buf block = { 0 };
    if (partition->error)
        return partition_fail(partition);
    bool good = flush(partition) && partition_lengths(partition, &block, false);
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

/* --- dividing --- */

/* The value of a key that all records have in their own spelling: in a line of JSON, an unescaped quote in front of the
 * name can only begin a key. */
static struct str value_of(struct str line, const char *key)
{
    const char *at = memmem(line.p, line.n, key, strlen(key));
    if (!at)
        return (struct str){ 0 };
    struct str rest = str_from(line, (size_t)(at - line.p) + strlen(key));
    const char *end = memchr(rest.p, '"', rest.n);
    return str_upto(rest, end ? (size_t)(end - rest.p) : 0);
}

static const struct kind_of_key {
    const char *key, *otherwise;
    size_t most;
} keys[] = { [PARTITION_DAY] = { "\"time\":\"", "undated", 10 },
             [PARTITION_MONTH] = { "\"time\":\"", "undated", 7 },
             [PARTITION_SERVER] = { "\"server\":\"", "unknown", KEY_MOST },
             [PARTITION_PROTOCOL] = { "\"protocol\":\"", "unknown", KEY_MOST } };

/* Letters, digits and what stands in names of hosts; no name is hidden, or a path. */
static void name_file(const struct partition *partition, struct str line, char name[NAME_MAX + 1])
{
    const struct kind_of_key *kind = &keys[partition->by];
    struct str value = value_of(line, kind->key);
    size_t n = value.n < kind->most ? value.n : kind->most;
    for (size_t i = 0; i < n; i++) {
        char c = value.p[i];
        bool letter =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || (c == '.' && i > 0);
        bool capital = c >= 'A' && c <= 'Z';
        name[i] = letter ? c : capital ? (char)(c - 'A' + 'a') : '_';
    }
    name[n] = '\0';
    const char *key = n ? name : kind->otherwise;
    char whole[NAME_MAX + 1];
    snprintf(whole, sizeof(whole), "%.*s%s", KEY_MOST, key, partition->suffix);
    memcpy(name, whole, sizeof(whole));
}

static void note_part(char parts[JOURNAL_PARTS], const char *name)
{
    size_t n = strlen(parts), more = strlen(name);
    const char *found = strstr(parts, name);
    if (strcmp(parts, "*") == 0 ||
        (found && (found == parts || found[-1] == ',') && (found[more] == ',' || !found[more])))
        return;
    if (n + more + 2 > JOURNAL_PARTS) {
        memcpy(parts, "*", 2);
        return;
    }
    if (n)
        parts[n++] = ',';
    memcpy(parts + n, name, more + 1);
}

static bool add_line(struct partition *partition, struct str line, const char *name)
{
    struct partition_file *file = file_named(partition, name);
    if (!file)
        return false;
    tcplog_buf_add(&file->text, line);
    partition->buffered += line.n;
    return file->text.status == TCPLOG_OK && (partition->buffered < BUFFERED_MOST || flush(partition));
}

bool partition_add(struct partition *partition, const char *export, char parts[JOURNAL_PARTS])
{
    char session[64] = "", name[NAME_MAX + 1] = "", *text = NULL;
    size_t room = 0;
    ssize_t n;
    FILE *file = fopen(export, "re");
    bool good = file != NULL;
    parts[0] = '\0';
    while (good && (n = getline(&text, &room, file)) > 0) {
        struct str line = { text, (size_t)n }, id = value_of(line, "\"session_id\":\"");
        if (id.n >= sizeof(session) || strncmp(session, id.p ? id.p : "", id.n) != 0 || session[id.n] ||
            !name[0]) {
            name_file(partition, line, name);
            note_part(parts, name);
            snprintf(session, sizeof(session), "%.*s", (int)id.n, id.p ? id.p : "");
        }
        good = add_line(partition, line, name);
    }
    if (file && ferror(file))
        good = false;
    int error = errno;
    free(text);
    if (file)
        fclose(file);
    errno = error;
    return good || partition_fail(partition);
}
