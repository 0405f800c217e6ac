/* The journal is asked under a lock; files are looked at, and hashed where it comes to that, without. */
#include "mirror.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool find(struct mirror *mirror, const char *export, struct journal_line *line, bool *met)
{
    struct journal_slot *slot;
    pthread_mutex_lock(&mirror->lock);
    bool found = journal_find(&mirror->journal, export, line, &slot);
    *met = slot && slot->met;
    if (slot)
        slot->met = true;
    pthread_mutex_unlock(&mirror->lock);
    return found;
}

static bool same_content(const struct mirror *mirror, const struct tcplog_input *input,
                         const struct journal_line *line)
{
    char hash[JOURNAL_HASH], sealed[JOURNAL_HASH];
    if (!tcplog_fingerprint(input, hash))
        return false;
    seal_hash(&mirror->seal, hash, sealed);
    return strcmp(sealed, line->hash) == 0;
}

static enum mirror_choice give_up(struct mirror *mirror, enum tcplog_status failed)
{
    mirror->failed = failed;
    return MIRROR_OVER;
}

/* The input is what it was. */
static bool is_same(const struct mirror *mirror, const struct tcplog_input *input,
                    const struct journal_line *line, const struct journal_line *now)
{
    return line->since > 0 && now->size >= 0 && strcmp(line->source, now->source) == 0 &&
           line->size == now->size &&
           (line->mtime == now->mtime || (line->hash[0] && same_content(mirror, input, line)));
}

static bool reads_back(const struct mirror *mirror, const struct journal_line *line)
{
    char path[PATH_MAX];
    uint64_t records = 0;
    return export_tree_path(&mirror->tree, line->export, path) &&
           tcplog_validate(path, NULL, NULL, &records) == TCPLOG_OK && records == line->records;
}

/* Its export is what it would be now, and there. What is no log has none; where it is named, that must be told again. */
static bool is_done(const struct mirror *mirror, const struct tcplog_input *input,
                    const struct journal_line *line)
{
    if (line->turn == 0 || !line->hash[0])
        return line->turn > 0 && !input->named;
    bool there = mirror->partition.by != PARTITION_NONE ||
                 export_tree_size(&mirror->tree, line->export) == (int64_t)line->bytes;
    return there && neighbours_agree(&mirror->neighbours, line->source, line->turn) &&
           (!mirror->verify || mirror->partition.by != PARTITION_NONE || reads_back(mirror, line));
}

/* Where only the time of the file is another one, the next run shall not have to hash it again. */
static enum mirror_choice leave(struct mirror *mirror, struct journal_line *line,
                                const struct journal_line *now)
{
    bool good = true;
    if (line->mtime != now->mtime) {
        line->mtime = now->mtime;
        pthread_mutex_lock(&mirror->lock);
        good = journal_end(&mirror->journal, line);
        pthread_mutex_unlock(&mirror->lock);
    }
    neighbours_note(&mirror->neighbours, now->source, line->size, line->since);
    mirror->line = *line;
    return good ? MIRROR_UNCHANGED : give_up(mirror, mirror_journal_failed(mirror));
}

static enum mirror_choice begin(struct mirror *mirror, const struct journal_line *now)
{
    struct journal_line line;
    bool met;
    if (!export_tree_prepare(&mirror->tree, now->export)) {
        int error = errno;
        snprintf(mirror->why, sizeof(mirror->why), "Its export has no place: %s.", strerror(error));
        return MIRROR_FAILED;
    }
    neighbours_note(&mirror->neighbours, now->source, now->size, now->since);
    pthread_mutex_lock(&mirror->lock);
    bool good = journal_begin(&mirror->journal, now);
    pthread_mutex_unlock(&mirror->lock);
    if (!good)
        return give_up(mirror, mirror_journal_failed(mirror));
    find(mirror, now->export, &line, &met);
    return MIRROR_CONVERT;
}

/* Only a plain file can be known again: size -1 stands for all else. */
static void look_at(const struct tcplog_input *input, struct journal_line *now)
{
    struct stat about;
    now->size = -1;
    if (strcmp(input->path, "-") == 0 || stat(input->path, &about) != 0 || !S_ISREG(about.st_mode))
        return;
    bool part = input->bytes && (off_t)input->bytes < about.st_size;
    now->size = part ? (off_t)input->bytes : about.st_size;
    now->mtime = (int64_t)about.st_mtim.tv_sec * 1000000000 + about.st_mtim.tv_nsec;
}

enum tcplog_status mirror_again(struct mirror *mirror)
{
    pthread_mutex_lock(&mirror->lock);
    bool good = journal_tidy(&mirror->journal);
    journal_index_unmeet(&mirror->journal.index);
    pthread_mutex_unlock(&mirror->lock);
    mirror->neighbours = (struct neighbours){ 0 };
    /* folders of exports may have gone meanwhile */
    mirror->tree.made[0] = '\0';
    return good ? TCPLOG_OK : mirror_journal_failed(mirror);
}

bool mirror_stands(const struct mirror *mirror)
{
    struct stat about;
    return fstat(mirror->journal.fd, &about) == 0 && about.st_nlink > 0;
}

void mirror_come(struct mirror *mirror, const char *operand)
{
    export_tree_come(&mirror->tree, operand);
}

/* What tcplog has written itself, and what is hidden beside it. */
static bool is_own(struct mirror *mirror, const char *inside)
{
    struct journal_line line;
    const char *slash = strrchr(inside, '/');
    pthread_mutex_lock(&mirror->lock);
    bool own = (slash ? slash + 1 : inside)[0] == '.' || strcmp(inside, JOURNAL_NAME) == 0 ||
               partition_knows(&mirror->partition, inside) ||
               journal_find(&mirror->journal, inside, &line, NULL);
    pthread_mutex_unlock(&mirror->lock);
    return own;
}

/* Records tell the name that the input went by, which is another one now: so they are found by the old one, or never. */
static bool forget_name(struct mirror *mirror, struct journal_line *line, const char *name)
{
    if (mirror->partition.by == PARTITION_NONE || line->records == 0 || strcmp(line->source, name) == 0)
        return true;
    pthread_mutex_lock(&mirror->lock);
    bool good = partition_forget(&mirror->partition, line);
    pthread_mutex_unlock(&mirror->lock);
    line->records = 0;
    line->parts[0] = '\0';
    return good;
}

enum mirror_choice mirror_take(struct mirror *mirror, const struct tcplog_input *input, const char *name,
                               char export[PATH_MAX])
{
    struct journal_line line, now = { 0 };
    char room[PATH_MAX];
    bool met;
    const char *inside = input->named ? NULL : export_tree_inside(&mirror->tree, name, room);
    if (inside && is_own(mirror, inside))
        return MIRROR_IGNORE;
    if (strlen(name) >= sizeof(now.source) || !export_tree_name(&mirror->tree, name, now.export)) {
        snprintf(mirror->why, sizeof(mirror->why), "The name of its export would be too long.");
        return MIRROR_FAILED;
    }
    memcpy(now.source, name, strlen(name) + 1);
    memcpy(export, now.export, PATH_MAX);
    look_at(input, &now);
    bool known = find(mirror, now.export, &line, &met);
    if (met) {
        mirror->line = line;
        return strcmp(line.source, now.source) == 0 ? MIRROR_IGNORE : MIRROR_CLASH;
    }
    bool same = known && is_same(mirror, input, &line, &now);
    if (same && is_done(mirror, input, &line))
        return leave(mirror, &line, &now);
    /* what it gave before, and where that is */
    if (known && !forget_name(mirror, &line, now.source))
        return give_up(mirror, mirror_journal_failed(mirror));
    if (known) {
        now.records = line.records;
        memcpy(now.parts, line.parts, sizeof(now.parts));
    }
    /* where it is done once more, those behind it have nothing new to learn */
    if (same) {
        now.since = line.since;
        memcpy(now.hash, line.hash, sizeof(now.hash));
    }
    return begin(mirror, &now);
}

void mirror_tell_clash(struct mirror *mirror, const char *name, const char *export)
{
    char path[PATH_MAX], text[2 * PATH_MAX + 64];
    export_tree_path(&mirror->tree, export, path);
    snprintf(text, sizeof(text), "Both %s and %s would go there.", mirror->line.source, name);
    mirror->failed = mirror_complain(TCPLOG_USAGE, "same-export", path, text);
}

/* --- what came of it --- */

/* The hash of what was converted, sealed; false: it cannot be told any more. */
static bool hash_of(const struct mirror *mirror, const struct tcplog_outcome *outcome,
                    char sealed[JOURNAL_HASH])
{
    char hash[JOURNAL_HASH] = "";
    if (outcome->exported && outcome->hash[0])
        snprintf(hash, sizeof(hash), "%s", outcome->hash);
    else if (outcome->exported && !tcplog_fingerprint(outcome->input, hash))
        return false;
    seal_hash(&mirror->seal, hash, sealed);
    return true;
}

/* The export goes where it belongs. */
static bool divide(struct mirror *mirror, const struct tcplog_outcome *outcome, struct journal_line *line)
{
    struct partition *partition = &mirror->partition;
    line->parts[0] = '\0';
    if (!outcome->exported)
        return true;
    bool good = partition_add(partition, outcome->input->exported_to, line->parts);
    int error = errno;
    export_tree_remove(&mirror->tree, line->export);
    errno = error;
    return good;
}

/* An input that is no log now may have been one before. */
static bool end(struct mirror *mirror, const struct tcplog_outcome *outcome, struct journal_line *line)
{
    const struct tcplog_summary *summary = outcome->summary;
    char sealed[JOURNAL_HASH];
    bool divided = mirror->partition.by != PARTITION_NONE;
    if (divided && line->records > 0 && !partition_forget(&mirror->partition, line))
        return false;
    if (!outcome->exported)
        export_tree_remove(&mirror->tree, line->export);
    /* one that was refused is refused in each run */
    if ((!outcome->exported && outcome->status == TCPLOG_DAMAGED) || !hash_of(mirror, outcome, sealed))
        return true;
    if (strcmp(sealed, line->hash) != 0)
        line->since = 0;
    memcpy(line->hash, sealed, sizeof(sealed));
    line->lines = summary->lines;
    line->records = summary->records;
    line->sessions = summary->sessions;
    line->problems = summary->problems;
    line->bytes = outcome->exported ? (uint64_t)export_tree_size(&mirror->tree, line->export) : 0;
    if (divided)
        return divide(mirror, outcome, line) && partition_done(&mirror->partition, line);
    return journal_end(&mirror->journal, line);
}

enum tcplog_status mirror_finish(struct mirror *mirror, const struct tcplog_outcome *outcome,
                                 char hash[JOURNAL_HASH])
{
    struct journal_line line = { 0 };
    const char *export = outcome->input->exported_to + strlen(mirror->tree.folder);
    hash[0] = '\0';
    if ((outcome->status != TCPLOG_OK && outcome->status != TCPLOG_DAMAGED) || outcome->broken)
        return TCPLOG_OK;
    pthread_mutex_lock(&mirror->lock);
    bool good = !journal_find(&mirror->journal, export, &line, NULL) || end(mirror, outcome, &line);
    enum tcplog_status status = good ? TCPLOG_OK : mirror_journal_failed(mirror);
    pthread_mutex_unlock(&mirror->lock);
    memcpy(hash, line.hash, sizeof(line.hash));
    return status;
}

enum tcplog_status mirror_drop(struct mirror *mirror, const char *path)
{
    struct journal_line line;
    char export[PATH_MAX];
    if (!export_tree_name(&mirror->tree, path, export))
        return TCPLOG_OK;
    pthread_mutex_lock(&mirror->lock);
    bool good = true;
    /* an input that went before it could be read has an export still, though it is begun only */
    if (journal_find(&mirror->journal, export, &line, NULL) &&
        (line.hash[0] || export_tree_size(&mirror->tree, export) >= 0)) {
        export_tree_remove(&mirror->tree, export);
        line.hash[0] = '\0';
        /* should it come back as it was, it is to be done again */
        line.size = -1;
        good = journal_end(&mirror->journal, &line);
    }
    pthread_mutex_unlock(&mirror->lock);
    return good ? TCPLOG_OK : mirror_journal_failed(mirror);
}

enum tcplog_status mirror_outdate(struct mirror *mirror, const char *path)
{
    struct journal_line line;
    char export[PATH_MAX];
    if (!export_tree_name(&mirror->tree, path, export))
        return TCPLOG_OK;
    pthread_mutex_lock(&mirror->lock);
    bool there = journal_find(&mirror->journal, export, &line, NULL) && line.turn > 0 && line.hash[0];
    /* it holds what it held, so that those behind it are none the wiser */
    bool good = !there || journal_begin(&mirror->journal, &line);
    pthread_mutex_unlock(&mirror->lock);
    return good ? TCPLOG_OK : mirror_journal_failed(mirror);
}

uint64_t mirror_holds(struct mirror *mirror, const char *path, uint64_t least)
{
    struct journal_line line, now = { 0 };
    struct tcplog_input input = { .path = path };
    if (strlen(path) >= sizeof(now.source) || !export_tree_name(&mirror->tree, path, now.export))
        return 0;
    memcpy(now.source, path, strlen(path) + 1);
    pthread_mutex_lock(&mirror->lock);
    bool known = journal_find(&mirror->journal, now.export, &line, NULL);
    pthread_mutex_unlock(&mirror->lock);
    if (!known || !line.hash[0] || line.size <= 0 || (uint64_t)line.size <= least ||
        export_tree_size(&mirror->tree, now.export) < 0)
        return 0;
    input.bytes = (uint64_t)line.size;
    look_at(&input, &now);
    return is_same(mirror, &input, &line, &now) ? input.bytes : 0;
}
