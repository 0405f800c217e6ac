/* A ring of the latest inputs of the run. */
#include "jobs/runs.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Slices are by themselves: they cannot be read back. */
static uint64_t folder_of(const struct named_input *input)
{
    bool slice = input->input.name != NULL;
    const char *path = slice ? input->name : input->input.path, *slash = strrchr(path, '/');
    return XXH3_64bits_withSeed(path, slash ? (size_t)(slash - path) + 1 : 0, slice);
}

struct origin runs_next(struct runs *runs, const struct named_input *input, uint64_t size)
{
    uint64_t folder = folder_of(input);
    bool alone = size == UINT64_MAX;
    if (alone || runs->alone || runs->run == 0 || folder != runs->folder) {
        runs->run++;
        runs->at = runs->count = 0;
    }
    runs->folder = folder;
    runs->alone = alone;
    struct origin origin = { runs->run, runs->at };
    if (!alone)
        runs->at += size > WITNESS_FILE ? size : WITNESS_FILE;
    return origin;
}

static void forget(struct past_file *file)
{
    free((char *)file->path);
    free((char *)file->name);
    *file = (struct past_file){ 0 };
}

bool runs_keep(struct runs *runs, const char *path, const char *name, uint64_t size)
{
    struct past_file *file = &runs->latest[runs->count++ % WITNESSES];
    forget(file);
    file->path = strdup(path);
    file->name = strdup(name);
    file->start = runs->at - (size > WITNESS_FILE ? size : WITNESS_FILE);
    file->size = size;
    file->whole = true;
    return file->path && file->name;
}

void runs_past(const struct runs *runs, struct origin origin, struct past *past)
{
    uint64_t count = runs->count < WITNESSES ? runs->count : WITNESSES;
    past->count = 0;
    past->end = origin.start;
    for (uint64_t i = count; i > 0; i--) {
        const struct past_file *file = &runs->latest[(runs->count - i) % WITNESSES];
        if (file->start + file->size + WITNESS_REACH > origin.start)
            past->files[past->count++] = *file;
    }
}

void runs_free(struct runs *runs)
{
    for (size_t i = 0; i < WITNESSES; i++)
        forget(&runs->latest[i]);
}
