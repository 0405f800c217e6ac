/* readdir(3) into a block that doubles; then the numbers are sorted, not the names moved. */
#include "names.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_TEXT = 4096, FIRST_PLACES = 128 };

static bool grow(void **block, size_t *room, size_t first, size_t each)
{
    size_t more = *room ? *room * 2 : first;
    void *bigger = realloc(*block, more * each);
    if (!bigger)
        return false;
    *block = bigger;
    *room = more;
    return true;
}

static bool add(struct names *names, const struct dirent *entry)
{
    size_t n = strlen(entry->d_name) + 2;
    void *text = names->text, *starts = names->starts;
    bool fits = true;
    if (names->n > UINT32_MAX) {
        errno = EOVERFLOW;
        return false;
    }
    if (names->room - names->n < n)
        fits = grow(&text, &names->room, FIRST_TEXT, 1);
    if (fits && names->places == names->count)
        fits = grow(&starts, &names->places, FIRST_PLACES, sizeof(*names->starts));
    names->text = text;
    names->starts = starts;
    if (!fits)
        return false;
    names->starts[names->count++] = (uint32_t)names->n;
    names->text[names->n] = (char)entry->d_type;
    memcpy(names->text + names->n + 1, entry->d_name, n - 1);
    names->n += n;
    return true;
}

static bool is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool add_all(struct names *names, DIR *folder)
{
    const struct dirent *entry;
    errno = 0;
    while ((entry = readdir(folder)) != NULL) {
        if (is_entry(entry) && !add(names, entry))
            return false;
        errno = 0;
    }
    return errno == 0;
}

/* Not strcoll(3): that would ask the locale. */
static int by_name(const void *a, const void *b, void *text)
{
    const char *names = text;
    return strcmp(names + *(const uint32_t *)a + 1, names + *(const uint32_t *)b + 1);
}

bool names_read(struct names *names, const char *folder)
{
    *names = (struct names){ 0 };
    DIR *open = opendir(folder);
    if (!open)
        return false;
    bool whole = add_all(names, open);
    int error = errno;
    closedir(open);
    if (whole && names->count)
        qsort_r(names->starts, names->count, sizeof(*names->starts), by_name, names->text);
    if (!whole)
        names_free(names);
    errno = error;
    return whole;
}

void names_free(struct names *names)
{
    free(names->text);
    free(names->starts);
    *names = (struct names){ 0 };
}
