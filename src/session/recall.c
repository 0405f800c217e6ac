/* The journey of lines up to chronology_learn, and no further. */
#include "session/recall.h"

#include "dialect/recognise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct recall {
    const struct trade *trade;
    struct lines lines;
    struct batch batch;
    struct prelude prelude;
    struct session_facts facts;
    struct chronology chronology;
    struct witnesses older;
    struct arena kept;
    bool open; /* a session is */
};

static struct recall *make(void)
{
    struct recall *recall = calloc(1, sizeof(*recall));
    if (!recall)
        return NULL;
    if (lines_make(&recall->lines) && batch_make(&recall->batch) && arena_make(&recall->kept, BATCH_BYTES))
        return recall;
    recall_free(recall);
    return NULL;
}

void recall_free(struct recall *recall)
{
    if (!recall)
        return;
    arena_free(&recall->kept);
    batch_free(&recall->batch);
    lines_free(&recall->lines);
    free(recall);
}

static void end_session(struct recall *recall)
{
    if (recall->open)
        witnesses_part(&recall->older, &recall->chronology);
    recall->open = false;
}

static void begin_session(struct recall *recall, const struct log_name *name)
{
    const struct batch *batch = &recall->batch;
    struct session_facts *facts = &recall->facts;
    end_session(recall);
    arena_rewind(&recall->kept);
    *facts =
        (struct session_facts){ .line = batch->first_line, .offset = batch_offset(batch, &batch->events[0]) };
    prelude_read(&recall->prelude, facts, batch, recall->trade, name, &recall->kept, NULL);
    chronology_begin(&recall->chronology, recall->prelude.day, facts->one_clock);
    witnesses_meet(&recall->older, facts, &batch->events[0], &recall->chronology);
    recall->open = true;
}

static void learn(struct recall *recall, const struct log_name *name)
{
    struct batch *batch = &recall->batch;
    batch_open(batch);
    while (batch_fill(batch, &recall->lines)) {
        if (batch->starts)
            begin_session(recall, name);
        /* of what tells nothing nothing need be known but that it was there */
        if (recall->older.self.speaks)
            chronology_learn(&recall->chronology, batch->events, batch->count);
    }
    end_session(recall);
}

/* From the middle of a log on, to the next line that opens a session; false: there is none. */
static bool find_opening(struct lines *lines)
{
    struct stamp_memory memory = { .text = "00:00:00" };
    struct line line;
    struct event event = { 0 };
    bool partial = true;
    while (lines_refill(lines))
        while (lines_next(lines, &line)) {
            grammar_event(&event, &line, &memory);
            if (!partial && !line.cut && event.class == NAMES_class_opening) {
                lines_unread(lines, &line);
                return true;
            }
            partial = false;
            if (line.cut)
                break;
        }
    return false;
}

/* Whether an input begins like a log, so that it was, or will be, converted. */
static bool is_log(struct recall *recall, int fd, const struct log_name *name)
{
    struct source source;
    source_open_part(&source, fd, 0, UINT64_MAX);
    lines_open(&recall->lines, source);
    return lines_refill(&recall->lines) &&
           content_is_log(recognise(lines_ready(&recall->lines)), name->known);
}

static bool read_all(int fd, char *to, size_t n, uint64_t at)
{
    while (n > 0) {
        ssize_t got = pread(fd, to, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        at += (uint64_t)got;
        n -= (size_t)got;
    }
    return true;
}

/* Fills the end of the block with what stands before `to`, from its end on, until as many lines are there that open a session
 * as sessions are heard: whoever begins with an opening needs nothing before it. Number `from` is the first that is
 * read. Answers where the first of these lines begins, or, if there are fewer, all that there is; NULL: it cannot be read. */
static const char *read_back(struct lines *lines, int fd, uint64_t from, uint64_t to, bool *enough)
{
    enum { STEP = 32 * 1024 };
    char *end = lines->block + LINES_BLOCK, *p = end;
    const char *lf;
    struct event event;
    size_t openings = 0, n;
    memset(p, 0, LINES_PAD);
    for (; to > from; to -= n) {
        n = to - from < STEP ? (size_t)(to - from) : STEP;
        if (n > (size_t)(p - lines->block) || !read_all(fd, p - n, n, to - n))
            return NULL;
        for (lf = p; (lf = memrchr(p - n, '\n', (size_t)(lf - (p - n)))) != NULL;) {
            openings += grammar_opens(lf + 1, (size_t)(end - lf) - 1, &event);
            *enough = openings == WITNESSES;
            if (*enough)
                return lf + 1;
        }
        p -= n;
    }
    return p;
}

/* From number `from` on: the latest of it are enough, if there are as many as are heard. */
static void read_file(struct recall *recall, const struct past_file *file, int fd, uint64_t from)
{
    struct log_name name;
    struct source source;
    struct lines *lines = &recall->lines;
    log_name_read(file->name, &name);
    if (file->whole && !is_log(recall, fd, &name))
        return;
    /* the byte before tells whether a line begins */
    uint64_t before = from > 0 ? from - 1 : 0;
    bool enough = false;
    const char *read = read_back(lines, fd, before, file->size, &enough);
    if (!read)
        return;
    source_open_part(&source, fd, file->size, file->whole ? UINT64_MAX : file->size);
    lines_open(lines, source);
    lines->at = (size_t)(read - lines->block);
    lines->end = LINES_BLOCK;
    lines->exhausted = !file->whole;
    lines->offset = file->size - LINES_BLOCK; /* may wrap, as sums with it do again */
    lines->number = before > 0 || enough;     /* not the first of the file */
    recall->older.origin.start = file->start;
    if (from == 0 || enough || find_opening(lines))
        learn(recall, &name);
}

static struct recall *begin(struct recall **made, const struct trade *trade)
{
    if (!*made)
        *made = make();
    if (*made)
        (*made)->trade = trade;
    return *made;
}

bool recall_hear(struct recall **made, struct source source, const char *path, const struct trade *trade,
                 struct witnesses *witnesses)
{
    struct log_name name;
    struct recall *recall = begin(made, trade);
    if (!recall)
        return false;
    log_name_read(path, &name);
    lines_open(&recall->lines, source);
    recall->older = *witnesses;
    if (lines_refill(&recall->lines) && content_is_log(recognise(lines_ready(&recall->lines)), name.known))
        learn(recall, &name);
    lines_close(&recall->lines);
    *witnesses = recall->older;
    return true;
}

bool recall_read(struct recall **made, const struct past *past, const struct trade *trade,
                 struct witnesses *witnesses)
{
    uint64_t from = past->end > WITNESS_REACH ? past->end - WITNESS_REACH : 0;
    struct recall *recall = begin(made, trade);
    if (!recall)
        return false;
    recall->older = (struct witnesses){ .origin.run = witnesses->origin.run };
    for (size_t i = 0; i < past->count; i++) {
        const struct past_file *file = &past->files[i];
        int fd = file->start + file->size > from ? open(file->path, O_RDONLY | O_CLOEXEC) : -1;
        if (fd < 0)
            continue;
        read_file(recall, file, fd, file->start < from ? from - file->start : 0);
        close(fd);
    }
    witnesses_recall(witnesses, &recall->older);
    return true;
}
