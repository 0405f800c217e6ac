/* Opening the journal: whose it is, what it was made with, and which of its lines can be believed. */
#include "journal.h"

#include "tcplog/cat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "tcplog.journal 1\t"

enum { TRIES = 100, TIDY_TIMES = 3, TIDY_LEAST = 64 << 10 };

/* What an end of the power may have taken counts as begun only. `from`: behind the last "safe". */
static bool doubt(struct journal *journal, const struct journal_view *view, uint64_t from)
{
    char id[JOURNAL_BOOT_ID];
    struct str text;
    struct journal_line line;
    bool doubtful = true, good = true;
    journal_boot_id(id);
    for (uint64_t at = from; good && journal_next(view, &at, &text); from = at) {
        if (str_starts(text, STR(JOURNAL_RUN)))
            doubtful = id[0] == '\0' || !str_equal(str_from(text, strlen(JOURNAL_RUN)), str_of(id));
        struct journal_slot *slot =
            doubtful && !journal_is_mark(text) ? journal_slot_of(journal, journal_line_key(text)) : NULL;
        if (slot && slot->at == from && journal_line_read(text, &line) && line.turn > 0)
            good = journal_begin(journal, &line);
    }
    return good;
}

static bool is_length(struct str text)
{
    return str_starts(text, STR(JOURNAL_LENGTH)) || str_starts(text, STR(JOURNAL_REMADE));
}

struct journal_length journal_length_read(struct str line)
{
    bool remade = str_starts(line, STR(JOURNAL_REMADE));
    struct str rest = str_from(line, strlen(remade ? JOURNAL_REMADE : JOURNAL_LENGTH));
    struct str name = journal_line_key(rest);
    return (struct journal_length){ name, name.n ? strtoull(name.p + name.n + 1, NULL, 10) : 0, remade };
}

static bool is_committed_mark(struct str text)
{
    return str_equal(text, str_upto(STR(JOURNAL_COMMIT), strlen(JOURNAL_COMMIT) - 1)) || is_length(text);
}

static bool take_lines(struct journal *journal, const struct journal_view *view)
{
    uint64_t at = journal->start, safe = at;
    struct str text;
    struct journal_line line;
    for (uint64_t from = at; journal_next(view, &at, &text); from = at) {
        bool is_safe = str_equal(text, str_upto(STR(JOURNAL_SAFE), strlen(JOURNAL_SAFE) - 1));
        bool is_line = !journal_is_mark(text) && journal_line_read(text, &line);
        if (is_safe)
            safe = at;
        /* "run", and what nobody has written */
        journal->untidy |= !is_safe && !is_line && !(journal->atomic && is_committed_mark(text));
        journal->unsafe_lines = is_safe ? 0 : journal->unsafe_lines + is_line;
        if (!is_line)
            continue;
        if (!journal_index_line(journal, journal_line_key(text), from))
            return false;
        if (line.turn > journal->turns)
            journal->turns = line.turn;
    }
    /* a last line without its end */
    if (at < journal->length && ftruncate(journal->fd, (off_t)at) != 0)
        return false;
    journal->length = at;
    return doubt(journal, view, safe);
}

static bool is_whole_mark(struct str text, struct str mark)
{
    return str_equal(text, str_upto(mark, mark.n - 1));
}

/* Where what counts ends: behind the last commit; or behind the last "safe", where the machine was started anew since. */
static uint64_t find_limit(const struct journal *journal, const struct journal_view *view)
{
    uint64_t at = journal->start, limit = at;
    char id[JOURNAL_BOOT_ID];
    struct str text, run = STR(JOURNAL_RUN);
    bool believed = true;
    journal_boot_id(id);
    while (journal_next(view, &at, &text)) {
        if (str_starts(text, run))
            believed = id[0] && str_equal(str_from(text, run.n), str_of(id));
        if (is_whole_mark(text, STR(JOURNAL_SAFE)) || (believed && is_whole_mark(text, STR(JOURNAL_COMMIT))))
            limit = at;
    }
    return limit;
}

static void keep_line(struct buf *to, struct str line)
{
    tcplog_buf_add(to, line);
    tcplog_buf_add(to, STR("\n"));
}

/* A name from a "length" or "new" line, with its index; it stands in this folder, whatever the line says. */
static void remove_named(const struct journal *journal, struct str name)
{
    static const char *const suffixes[] = { "", TCPLOG_INDEX_SUFFIX };
    char path[PATH_MAX];
    int folder = (int)(strrchr(journal->path, '/') - journal->path);
    for (size_t i = 0; name.n > 0 && !memchr(name.p, '/', name.n) && i < 2; i++)
        if (snprintf(path, sizeof(path), "%.*s/%.*s%s", folder, journal->path, (int)name.n, name.p,
                     suffixes[i]) < PATH_MAX)
            unlink(path);
}

static bool has_length(const struct journal *journal, struct str name)
{
    const struct journal_view lengths = { journal->lengths.p, journal->lengths.n };
    struct str line;
    for (uint64_t at = 0; journal_next(&lengths, &at, &line);)
        if (str_equal(journal_length_read(line).name, name))
            return true;
    return false;
}

/* Files that were begun behind what counts are nobody's. They go first, while the journal still names them. */
static void remove_fresh(const struct journal *journal, const struct journal_view *view, uint64_t at)
{
    struct str text, mark = STR(JOURNAL_NEW);
    while (journal_next(view, &at, &text))
        if (str_starts(text, mark) && !has_length(journal, str_from(text, mark.n)))
            remove_named(journal, str_from(text, mark.n));
}

/* What does not count is cut off. */
static bool take_committed(struct journal *journal, struct journal_view *view)
{
    uint64_t limit = find_limit(journal, view), at = journal->start;
    struct str text;
    journal->lengths.n = 0;
    for (uint64_t from = at; from < limit && journal_next(view, &at, &text); from = at)
        if (is_length(text))
            keep_line(&journal->lengths, text);
    if (journal->lengths.status != TCPLOG_OK)
        return false;
    remove_fresh(journal, view, limit);
    bool cut = limit < journal->length;
    journal->untidy |= cut;
    journal->length = limit;
    view->n = (size_t)limit;
    return !cut || ftruncate(journal->fd, (off_t)limit) == 0;
}

static bool load(struct journal *journal)
{
    struct journal_view view;
    journal_index_free(&journal->index);
    journal->turns = journal->unsafe_lines = 0;
    if (!journal_map(journal, &view))
        return false;
    size_t mapped = view.n;
    bool good = (!journal->atomic || take_committed(journal, &view)) && take_lines(journal, &view);
    view.n = mapped;
    journal_unmap(&view);
    journal->tidied = journal->length;
    return good;
}

/* From its file as that is now. */
static bool load_again(struct journal *journal)
{
    journal->untidy = journal->vouched = false;
    journal->start = strlen(journal->head);
    journal->length = (uint64_t)lseek(journal->fd, 0, SEEK_END);
    return load(journal);
}

bool journal_tidy(struct journal *journal)
{
    if (journal->length < TIDY_TIMES * journal->tidied + TIDY_LEAST)
        return true;
    if (journal_make_safe(journal))
        journal_rewrite(journal, journal_put_done);
    return load_again(journal);
}

/* All partitions go; whoever ends this in the middle has to ask for it again. */
static void remove_partitions(const struct journal *journal)
{
    const struct journal_view lengths = { journal->lengths.p, journal->lengths.n };
    struct str line;
    for (uint64_t at = 0; journal_next(&lengths, &at, &line);)
        remove_named(journal, journal_length_read(line).name);
}

/* All that is kept of the lines is which exports are ours. */
static bool forget(struct journal *journal)
{
    if (!load(journal))
        return false;
    remove_partitions(journal);
    journal->lengths.n = 0;
    return journal_rewrite(journal, journal_put_begun) && load_again(journal);
}

/* A head without its end was cut off, before any other line. */
static enum journal_answer begin_new(struct journal *journal)
{
    journal->length = 0;
    journal->start = strlen(journal->head);
    return ftruncate(journal->fd, 0) == 0 && journal_append(journal, str_of(journal->head)) ? JOURNAL_OPEN
                                                                                            : JOURNAL_FAILED;
}

static enum journal_answer take(struct journal *journal, struct str head, bool anew, char **before)
{
    struct str magic = STR(MAGIC);
    bool same = str_equal(head, str_upto(str_of(journal->head), strlen(journal->head) - 1));
    if (!str_starts(head, magic))
        return JOURNAL_FOREIGN;
    if (!same && !anew) {
        *before = strndup(head.p + magic.n, head.n - magic.n);
        return JOURNAL_OTHERWISE;
    }
    journal->start = head.n + 1;
    return (anew ? forget(journal) : load(journal)) ? JOURNAL_OPEN : JOURNAL_FAILED;
}

static enum journal_answer read_head(struct journal *journal, bool anew, char **before)
{
    struct journal_view view;
    struct str head;
    uint64_t at = 0;
    struct str magic = STR(MAGIC);
    journal->length = (uint64_t)lseek(journal->fd, 0, SEEK_END);
    if (!journal_map(journal, &view))
        return JOURNAL_FAILED;
    bool whole = journal_next(&view, &at, &head);
    bool cut = !whole && view.n < PATH_MAX && (view.n < magic.n || memcmp(view.p, magic.p, magic.n) == 0);
    enum journal_answer answer = whole ? take(journal, head, anew, before)
                                 : cut ? begin_new(journal)
                                       : JOURNAL_FOREIGN;
    journal_unmap(&view);
    return answer;
}

/* Whatever else stands in a folder without a journal may be dear to somebody. */
static bool is_empty(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    bool empty = true;
    while (entries && empty && (entry = readdir(entries)) != NULL)
        empty = entry->d_name[0] == '.' || strcmp(entry->d_name, "lost+found") == 0;
    if (entries)
        closedir(entries);
    return empty;
}

/* A run that ended may have given the name to a new file after this one was opened, and before it was locked. */
static int open_locked(const char *path)
{
    for (int tries = 0; tries < TRIES; tries++) {
        struct stat held, there;
        int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
        if (fd < 0)
            return -1;
        bool locked = flock(fd, LOCK_EX | LOCK_NB) == 0;
        int error = errno;
        if (locked && fstat(fd, &held) == 0 && lstat(path, &there) == 0 && held.st_ino == there.st_ino &&
            held.st_dev == there.st_dev)
            return fd;
        close(fd);
        errno = error;
        if (!locked)
            return -1;
    }
    return -1;
}

static enum journal_answer open_in(struct journal *journal, const char *folder, bool anew, char **before)
{
    struct stat about;
    if (lstat(journal->path, &about) != 0 && !anew && !is_empty(folder))
        return JOURNAL_NOT_EMPTY;
    journal->fd = open_locked(journal->path);
    if (journal->fd < 0)
        return errno == EWOULDBLOCK ? JOURNAL_BUSY : JOURNAL_FAILED;
    if (fstat(journal->fd, &about) != 0)
        return JOURNAL_FAILED;
    journal_forget_new(journal);
    return S_ISREG(about.st_mode) ? read_head(journal, anew, before) : JOURNAL_FOREIGN;
}

static void release(struct journal *journal)
{
    int error = errno;
    if (journal->fd >= 0)
        close(journal->fd);
    journal_index_free(&journal->index);
    free(journal->path);
    free(journal->head);
    free(journal->buffer);
    tcplog_buf_free(&journal->lengths);
    *journal = (struct journal){ .fd = -1 };
    errno = error;
}

enum journal_answer journal_open(struct journal *journal, const char *folder, const char *made_with,
                                 bool anew, bool atomic, char **before)
{
    size_t n = strlen(folder);
    const char *slash = n && folder[n - 1] == '/' ? "" : "/";
    *before = NULL;
    *journal = (struct journal){ .fd = -1, .buffer = malloc(JOURNAL_LINE_MOST), .atomic = atomic };
    if (asprintf(&journal->path, "%s%s" JOURNAL_NAME, folder, slash) < 0)
        journal->path = NULL;
    if (asprintf(&journal->head, MAGIC "%s\n", made_with) < 0)
        journal->head = NULL;
    enum journal_answer answer = journal->path && journal->head && journal->buffer
                                     ? open_in(journal, folder, anew, before)
                                     : JOURNAL_FAILED;
    if (answer != JOURNAL_OPEN)
        release(journal);
    return answer;
}

/* Where nothing was written, there is nothing to do. */
bool journal_close(struct journal *journal, bool clean)
{
    bool good = journal_make_safe(journal);
    if (good && clean && journal->untidy)
        good = journal_rewrite(journal, journal_put_done);
    release(journal);
    return good;
}
