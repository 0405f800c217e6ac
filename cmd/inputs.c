/* Walks folders. The type of an entry comes with its name: no file is looked at before it is opened. An operand may be a
 * symbolic link; those in a folder are not followed, as with grep -r: what they lead to may be above, or is met under its
 * own name. */
#include "inputs.h"

#include "names.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
    visit_input *visit;
    void *context;
    uint64_t passed_over;
    size_t length;
    /* a folder whose path is longer cannot be read, so a name always fits */
    char path[PATH_MAX + 1 + NAME_MAX + 1];
};

static bool walk_folder(struct walk *walk);

/* Not every file system tells the type with the name. */
static unsigned type_of(const struct walk *walk, unsigned told)
{
    struct stat about;
    if (told != DT_UNKNOWN)
        return told;
    return lstat(walk->path, &about) == 0 ? IFTODT(about.st_mode) : DT_REG;
}

static void add_name(struct walk *walk, const char *name)
{
    size_t n = strlen(name);
    if (walk->length > 0 && walk->path[walk->length - 1] != '/')
        walk->path[walk->length++] = '/';
    memcpy(walk->path + walk->length, name, n + 1);
    walk->length += n;
}

static bool walk_entry(struct walk *walk, const char *name, unsigned type)
{
    size_t length = walk->length;
    bool goes_on = true;
    add_name(walk, name);
    switch (type_of(walk, type)) {
    case DT_REG: goes_on = walk->visit(walk->context, walk->path, false); break;
    case DT_DIR: goes_on = walk_folder(walk); break;
    default: walk->passed_over++;
    }
    walk->length = length;
    walk->path[length] = '\0';
    return goes_on;
}

/* What cannot be read as a folder is left to visit: it is a file, or visit finds out what is wrong with it. */
static bool walk_folder(struct walk *walk)
{
    struct names names;
    if (!names_read(&names, walk->path))
        return walk->visit(walk->context, walk->path, true);
    bool goes_on = true;
    for (size_t i = 0; i < names.count && goes_on; i++)
        goes_on = walk_entry(walk, names_at(&names, i), names_type(&names, i));
    names_free(&names);
    return goes_on;
}

uint64_t inputs_visit(const char *operand, visit_input *visit, void *context)
{
    struct walk walk = { .visit = visit, .context = context };
    if (strcmp(operand, "-") == 0 || strlen(operand) >= PATH_MAX) {
        visit(context, operand, true);
        return 0;
    }
    add_name(&walk, operand);
    walk_folder(&walk);
    return walk.passed_over;
}
