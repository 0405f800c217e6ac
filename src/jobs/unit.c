/* Texts are copied, for the caller's may be gone by the time when they are needed. */
#include "jobs/unit.h"

#include <stdlib.h>

static struct unit *blank(void)
{
    struct unit *unit = calloc(1, sizeof(*unit));
    if (!unit)
        return NULL;
    unit->last = &unit->first;
    unit->piece.last = true;
    return unit;
}

struct unit *unit_make(void)
{
    struct unit *unit = blank();
    if (!unit)
        return NULL;
    unit->inputs = malloc(UNIT_INPUTS * sizeof(*unit->inputs));
    unit->origins = malloc(UNIT_INPUTS * sizeof(*unit->origins));
    if (unit->inputs && unit->origins)
        return unit;
    unit_free(unit);
    return NULL;
}

static void free_input(struct named_input *input)
{
    free((char *)input->input.path);
    free((char *)input->input.exported_to);
    free((char *)input->name);
}

static void free_texts(struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        free_input(&unit->inputs[i]);
    for (size_t i = 0; i < unit->remembered; i++) {
        free((char *)unit->past.files[i].path);
        free((char *)unit->past.files[i].name);
    }
    free(unit->inputs);
    free(unit->origins);
}

void block_free(struct block *block)
{
    tcplog_buf_free(&block->buf);
    tcplog_buf_free(&block->entries);
    tcplog_buf_free(&block->marks);
    free(block);
}

void unit_free(struct unit *unit)
{
    while (unit->first) {
        struct block *block = unit->first;
        unit->first = block->next;
        block_free(block);
    }
    if (!unit->whole)
        free_texts(unit);
    if (unit->cut && !unit->whole)
        cut_close(unit->cut);
    ledger_free(&unit->ledger);
    free(unit);
}

/* As unit_add; what cannot be kept leaves nothing behind. */
static bool keep_input(struct named_input *kept, const struct named_input *input)
{
    *kept = *input;
    kept->input.path = strdup(input->input.path);
    kept->name = strdup(input->name);
    kept->input.exported_to = input->input.exported_to ? strdup(input->input.exported_to) : NULL;
    if (kept->input.path && kept->name && (kept->input.exported_to || !input->input.exported_to))
        return true;
    free_input(kept);
    return false;
}

/* The views become copies. */
static bool remember(struct unit *unit)
{
    bool kept = true;
    unit->remembered = unit->past.count;
    for (size_t i = 0; i < unit->remembered; i++) {
        struct past_file *file = &unit->past.files[i];
        file->path = strdup(file->path);
        file->name = strdup(file->name);
        kept &= file->path && file->name;
    }
    return kept;
}

bool unit_add(struct unit *unit, const struct named_input *input, struct origin origin, uint64_t size,
              const struct runs *runs)
{
    if (unit->count == 0) {
        runs_past(runs, origin, &unit->past);
        if (!remember(unit))
            return false;
    }
    if (!keep_input(&unit->inputs[unit->count], input))
        return false;
    unit->origins[unit->count++] = origin;
    unit->bytes += size;
    return true;
}

bool unit_is_full(const struct unit *unit, uint64_t more)
{
    return unit->count == UNIT_INPUTS || (unit->count > 0 && unit->bytes + more > UNIT_BYTES);
}

static struct unit *piece_of(struct unit *whole)
{
    struct unit *unit = blank();
    if (!unit)
        return NULL;
    unit->whole = whole;
    unit->count = whole->count;
    unit->inputs = whole->inputs;
    unit->origins = whole->origins;
    unit->past = whole->past;
    unit->cut = whole->cut;
    return unit;
}

/* What is before the piece in its own file. */
static void add_past(struct unit *unit)
{
    const struct named_input *input = &unit->inputs[0];
    const struct past_file before = { .path = input->input.path,
                                      .name = input->name,
                                      .start = unit->origins[0].start,
                                      .size = unit->piece.from };
    unit->past.end = before.start + before.size;
    if (before.size)
        unit->past.files[unit->past.count++] = before;
}

struct unit *unit_cut(struct unit *whole)
{
    uint64_t chunk = whole->cut->taken++;
    struct unit *unit = chunk + 1 < whole->cut->count ? piece_of(whole) : NULL;
    if (unit)
        unit->piece.last = false;
    else
        unit = whole;
    unit->uncut = false;
    unit->chunk = chunk;
    return unit;
}

void unit_find(struct unit *piece, char *block)
{
    cut_find(piece->cut, piece->chunk, &piece->piece, block);
    add_past(piece);
}

void unit_keep_whole(struct unit *whole)
{
    cut_close(whole->cut);
    whole->cut = NULL;
    whole->uncut = false;
}

struct task unit_task(const struct unit *unit, size_t i)
{
    return (struct task){ .input = &unit->inputs[i],
                          .origin = unit->origins[i],
                          .piece = unit->piece,
                          .is_piece = unit->cut != NULL,
                          .hash = unit->cut && unit->piece.last ? unit->cut->hash : NULL,
                          .past = &unit->past };
}
