/* Adding to the journal and looking it up. Opening is journal_open.c's, the end of a run journal_rewrite.c's. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SAFE_LINES = 1000, SAFE_BYTES = 256 << 20 };

bool journal_map(const struct journal *journal, struct journal_view *view)
{
    *view = (struct journal_view){ .n = (size_t)journal->length };
    if (view->n == 0)
        return true;
    void *at = mmap(NULL, view->n, PROT_READ, MAP_PRIVATE, journal->fd, 0);
    view->p = at == MAP_FAILED ? NULL : at;
    return view->p != NULL;
}

void journal_unmap(const struct journal_view *view)
{
    if (view->p)
        munmap((void *)(uintptr_t)view->p, view->n);
}

bool journal_next(const struct journal_view *view, uint64_t *at, struct str *line)
{
    const char *p = *at < view->n ? view->p + *at : NULL;
    const char *end = p ? memchr(p, '\n', view->n - (size_t)*at) : NULL;
    if (!end)
        return false;
    *line = (struct str){ p, (size_t)(end - p) };
    *at += line->n + 1;
    return true;
}

bool journal_is_mark(struct str line)
{
    return line.n > 0 && line.p[0] == '\t';
}

void journal_boot_id(char id[JOURNAL_BOOT_ID])
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, id, JOURNAL_BOOT_ID - 1) : -1;
    id[n > 0 ? n : 0] = '\0';
    id[strcspn(id, "\n")] = '\0';
    if (fd >= 0)
        close(fd);
}

/* Where the disk was full in the middle of it, the half is taken back. */
bool journal_append(struct journal *journal, struct str bytes)
{
    ssize_t done;
    do
        done = write(journal->fd, bytes.p, bytes.n);
    while (done < 0 && errno == EINTR);
    if (done == (ssize_t)bytes.n) {
        journal->length += bytes.n;
        return true;
    }
    int error = done < 0 ? errno : ENOSPC;
    if (done > 0 && ftruncate(journal->fd, (off_t)journal->length) != 0)
        error = errno;
    errno = error;
    return false;
}

bool journal_make_safe(struct journal *journal)
{
    if (journal->unsafe_lines == 0)
        return true;
    if (syncfs(journal->fd) != 0)
        return false;
    journal->unsafe_lines = journal->unsafe_bytes = 0;
    journal->vouched = false;
    return journal_append(journal, STR(JOURNAL_SAFE));
}

static uint64_t hash_of(struct str key)
{
    return XXH3_64bits(key.p, key.n);
}

struct journal_slot *journal_slot_of(struct journal *journal, struct str key)
{
    struct journal_slot *slot = NULL;
    uint64_t hash = hash_of(key);
    while ((slot = journal_index_find(&journal->index, hash, slot)) != NULL) {
        char there[2 * PATH_MAX + 1];
        ssize_t n = pread(journal->fd, there, key.n + 1, (off_t)slot->at);
        if (n == (ssize_t)key.n + 1 && there[key.n] == '\t' && memcmp(there, key.p, key.n) == 0)
            return slot;
    }
    return NULL;
}

bool journal_index_line(struct journal *journal, struct str key, uint64_t at)
{
    struct journal_slot *slot = journal_slot_of(journal, key);
    if (slot) {
        slot->at = at;
        return true;
    }
    if (journal_index_add(&journal->index, hash_of(key), at))
        return true;
    errno = ENOMEM;
    return false;
}

/* What follows holds as long as the machine is not started anew, or until the next "safe". */
static bool vouch(struct journal *journal)
{
    char id[JOURNAL_BOOT_ID], line[JOURNAL_BOOT_ID + sizeof(JOURNAL_RUN) + 1];
    if (journal->vouched)
        return true;
    journal_boot_id(id);
    snprintf(line, sizeof(line), JOURNAL_RUN "%s\n", id);
    journal->untidy = true;
    return journal->vouched = journal_append(journal, str_of(line));
}

static bool add(struct journal *journal, const struct journal_line *line)
{
    struct str text = { journal->buffer, journal_line_write(line, journal->buffer) };
    if (!vouch(journal))
        return false;
    uint64_t at = journal->length;
    return journal_append(journal, text) && journal_index_line(journal, journal_line_key(text), at);
}

bool journal_begin(struct journal *journal, const struct journal_line *line)
{
    struct journal_line begun = *line;
    begun.turn = begun.lines = begun.sessions = begun.problems = begun.bytes = 0;
    return add(journal, &begun);
}

bool journal_end(struct journal *journal, struct journal_line *line)
{
    bool first = line->turn == 0;
    if (first)
        line->turn = journal->turns + 1;
    if (line->since == 0)
        line->since = line->turn;
    if (!add(journal, line))
        return false;
    journal->turns += first;
    journal->unsafe_bytes += line->bytes;
    return (++journal->unsafe_lines < SAFE_LINES && journal->unsafe_bytes < SAFE_BYTES) ||
           journal_make_safe(journal);
}

bool journal_commit(struct journal *journal, struct str lines)
{
    struct str text;
    uint64_t at = 0, base = 0;
    bool good = vouch(journal);
    base = journal->length;
    good = good && journal_append(journal, lines);
    const struct journal_view view = { lines.p, lines.n };
    for (uint64_t from = 0; good && journal_next(&view, &at, &text); from = at) {
        bool mark = journal_is_mark(text);
        good = mark || journal_index_line(journal, journal_line_key(text), base + from);
        journal->unsafe_lines += !mark || str_starts(text, STR(JOURNAL_REMADE));
    }
    return good && (journal->unsafe_lines < SAFE_LINES || journal_make_safe(journal));
}

bool journal_find(struct journal *journal, const char *export, struct journal_line *line,
                  struct journal_slot **slot)
{
    struct journal_slot *found = journal_slot_of(journal, journal_line_key_of(export, journal->buffer));
    if (slot)
        *slot = found;
    ssize_t n = found ? pread(journal->fd, journal->buffer, JOURNAL_LINE_MOST, (off_t)found->at) : 0;
    const char *end = n > 0 ? memchr(journal->buffer, '\n', (size_t)n) : NULL;
    return end && journal_line_read((struct str){ journal->buffer, (size_t)(end - journal->buffer) }, line);
}

bool journal_each(struct journal *journal, journal_visit *visit, void *context)
{
    struct journal_view view;
    struct str text;
    struct journal_line line;
    if (!journal_map(journal, &view))
        return false;
    bool goes_on = true;
    for (uint64_t at = journal->start, from = at; goes_on && journal_next(&view, &at, &text); from = at) {
        struct journal_slot *slot =
            journal_is_mark(text) ? NULL : journal_slot_of(journal, journal_line_key(text));
        if (slot && slot->at == from && journal_line_read(text, &line))
            goes_on = visit(context, &line);
    }
    journal_unmap(&view);
    return goes_on;
}
