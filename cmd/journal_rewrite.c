/* The journal in a new file: at the end of a clean run, so that it does not grow for ever, and where all exports are to be
 * made anew. The new file takes the name once it is whole and on the disk, and is locked before it does. */
#include "journal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static bool put(FILE *to, const struct journal_line *line)
{
    char text[JOURNAL_LINE_MOST];
    size_t n = journal_line_write(line, text);
    return fwrite(text, 1, n, to) == n;
}

/* An input that could not be converted is begun anew by each run; but what it gave before may still be somewhere. */
bool journal_put_done(void *file, const struct journal_line *line)
{
    return (line->turn == 0 && line->records == 0) || put(file, line);
}

bool journal_put_begun(void *file, const struct journal_line *line)
{
    struct journal_line begun = *line;
    begun.turn = begun.since = begun.lines = begun.records = begun.sessions = begun.problems = begun.bytes =
        0;
    begun.hash[0] = begun.parts[0] = '\0';
    return put(file, &begun);
}

static int folder_length(const struct journal *journal)
{
    return (int)(strrchr(journal->path, '/') - journal->path) + 1;
}

/* A name is on the disk once its folder is. */
static bool sync_folder(const struct journal *journal)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%.*s", folder_length(journal), journal->path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    /* not every file system lets folders be synced */
    bool done = fsync(fd) == 0 || errno == EINVAL;
    close(fd);
    return done;
}

static bool put_text(FILE *to, struct str text)
{
    return text.n == 0 || fwrite(text.p, 1, text.n, to) == text.n;
}

static bool write_lines(struct journal *journal, journal_visit *visit, int fd)
{
    FILE *to = fdopen(dup(fd), "a");
    if (!to)
        return false;
    bool good = fputs(journal->head, to) >= 0 && journal_each(journal, visit, to) &&
                put_text(to, buf_str(&journal->lengths)) &&
                (!journal->atomic || fputs(JOURNAL_COMMIT, to) >= 0) && fputs(JOURNAL_SAFE, to) >= 0;
    return (fclose(to) == 0) & good && fsync(fd) == 0;
}

static bool replace(struct journal *journal, journal_visit *visit, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return false;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && write_lines(journal, visit, fd) &&
        rename(path, journal->path) == 0) {
        close(journal->fd);
        journal->fd = fd;
        return sync_folder(journal);
    }
    int error = errno;
    close(fd);
    unlink(path);
    errno = error;
    return false;
}

static char *new_path(const struct journal *journal)
{
    char *path = NULL;
    int n = asprintf(&path, "%.*s." JOURNAL_NAME ".new", folder_length(journal), journal->path);
    return n < 0 ? NULL : path;
}

bool journal_rewrite(struct journal *journal, journal_visit *visit)
{
    char *path = new_path(journal);
    bool good = path && replace(journal, visit, path);
    free(path);
    return good;
}

void journal_forget_new(const struct journal *journal)
{
    char *path = new_path(journal);
    if (path)
        unlink(path);
    free(path);
}
