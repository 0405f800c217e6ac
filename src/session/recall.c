/* The journey of lines up to chronology_learn, and no further. */
#include "session/recall.h"

#include "dialect/recognise.h"

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
    char *scratch;
    bool open; /* a session is */
};

static struct recall *make(void)
{
    struct recall *recall = calloc(1, sizeof(*recall));
    if (!recall)
        return NULL;
    recall->scratch = malloc(PRELUDE_SCRATCH);
    if (recall->scratch && lines_make(&recall->lines) && batch_make(&recall->batch) &&
        arena_make(&recall->kept, BATCH_BYTES))
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
    free(recall->scratch);
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
    prelude_read(&recall->prelude, facts, batch, recall->trade, name, &recall->kept, recall->scratch);
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

/* From number `from` on. */
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
    source_open_part(&source, fd, before, file->whole ? UINT64_MAX : file->size);
    lines_open(lines, source);
    lines->offset = before;
    lines->number = before > 0; /* not the first of the file */
    recall->older.origin.start = file->start;
    if (from == 0 || find_opening(lines))
        learn(recall, &name);
}

bool recall_read(struct recall **made, const struct past *past, const struct trade *trade,
                 struct witnesses *witnesses)
{
    uint64_t from = past->end > WITNESS_REACH ? past->end - WITNESS_REACH : 0;
    if (!*made)
        *made = make();
    struct recall *recall = *made;
    if (!recall)
        return false;
    recall->trade = trade;
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
