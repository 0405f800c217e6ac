/* It is bounded twice: of an input with more troubles the first ones are told again, and so is everything where more inputs
 * have any. */
#include "told.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { INPUTS = 1 << 16, TROUBLES = 16 };

struct trouble {
    const char *id; /* the library's, which stays */
    uint64_t member, line;
};

struct told_input {
    char *path;
    struct stat file;
    size_t count;
    struct trouble ring[TROUBLES];
};

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct told_input *)a)->path, ((const struct told_input *)b)->path);
}

static void free_input(void *input)
{
    free(((struct told_input *)input)->path);
    free(input);
}

void told_free(struct told *told)
{
    tdestroy(told->tree, free_input);
    *told = (struct told){ 0 };
}

static struct told_input *find(const struct told *told, const char *path)
{
    const struct told_input key = { .path = (char *)(uintptr_t)path };
    struct told_input *const *node = tfind(&key, &told->tree, by_path);
    return node ? *node : NULL;
}

static struct told_input *add(struct told *told, const char *path)
{
    if (told->count >= INPUTS)
        told_free(told);
    struct told_input *input = calloc(1, sizeof(*input));
    if (input && (input->path = strdup(path)) != NULL && tsearch(input, &told->tree, by_path)) {
        told->count++;
        return input;
    }
    if (input)
        free_input(input);
    return NULL;
}

void told_forget(struct told *told, const char *path)
{
    struct told_input *input = find(told, path);
    if (!input)
        return;
    tdelete(input, &told->tree, by_path);
    free_input(input);
    told->count--;
}

static bool is_same_time(struct timespec one, struct timespec other)
{
    return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

/* It is what it was, or has grown; of a folder what lies in it does not count. */
static bool goes_on(const struct stat *was, const struct stat *is)
{
    if (was->st_dev != is->st_dev || was->st_ino != is->st_ino || was->st_mode != is->st_mode)
        return false;
    return !S_ISREG(is->st_mode) || is->st_size > was->st_size ||
           (is->st_size == was->st_size && is_same_time(is->st_mtim, was->st_mtim) &&
            is_same_time(is->st_ctim, was->st_ctim));
}

static bool note(struct told_input *input, const struct trouble *trouble)
{
    size_t n = input->count < TROUBLES ? input->count : TROUBLES;
    for (size_t i = 0; i < n; i++) {
        struct trouble *old = &input->ring[i];
        if (old->member != trouble->member || strcmp(old->id, trouble->id) != 0)
            continue;
        bool same = old->line == trouble->line;
        old->line = trouble->line;
        return !same;
    }
    input->ring[input->count++ % TROUBLES] = *trouble;
    return true;
}

bool told_is_news(struct told *told, const struct tcplog_problem *problem)
{
    const char *path = problem->file ? problem->file : problem->field;
    struct told_input *input = path ? find(told, path) : NULL;
    struct trouble trouble = { .id = problem->id, .line = problem->line };
    struct stat about;
    if (!input && (!path || !(input = add(told, path))))
        return true;
    if (stat(path, &about) != 0)
        about = (struct stat){ 0 };
    if (!goes_on(&input->file, &about))
        input->count = 0;
    input->file = about;
    if (problem->member)
        trouble.member = XXH3_64bits(problem->member, strlen(problem->member));
    return note(input, &trouble);
}
