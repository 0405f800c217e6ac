/* Paths are made by hand: a path that does not fit is no path. */
#include "export_tree.h"

#include "tcplog/cat.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANDOM_LETTERS = 6, TEMPORARY_LETTERS = RANDOM_LETTERS + 2 }; /* ".name.XXXXXX" */

static bool fits(int length)
{
    return length >= 0 && length < PATH_MAX;
}

bool export_tree_is_meant(const char *output)
{
    struct stat about;
    size_t n = output ? strlen(output) : 0;
    return n > 0 && (output[n - 1] == '/' || (stat(output, &about) == 0 && S_ISDIR(about.st_mode)));
}

/* Each part of the path, from the front; those that are there stay. */
static bool make_all(char *path)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST || errno == EISDIR;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

bool export_tree_open(struct export_tree *tree, const char *output, const char *suffix, bool gzip)
{
    struct stat about;
    const char *slash = output[strlen(output) - 1] == '/' ? "" : "/";
    *tree = (struct export_tree){ 0 };
    snprintf(tree->suffix, sizeof(tree->suffix), "%s%s", suffix, gzip ? ".gz" : "");
    if (!fits(snprintf(tree->folder, PATH_MAX, "%s%s", output, slash))) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (stat(tree->folder, &about) != 0 && !make_all(tree->folder))
        return false;
    return realpath(tree->folder, tree->real) != NULL;
}

static bool lies_in(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0' || folder[n - 1] == '/');
}

void export_tree_come(struct export_tree *tree, const char *operand)
{
    tree->operand = operand;
    if (strcmp(operand, "-") == 0 || !realpath(operand, tree->operand_real) ||
        (!lies_in(tree->operand_real, tree->real) && !lies_in(tree->real, tree->operand_real)))
        tree->operand_real[0] = '\0';
}

/* What stands behind the operand, without the slashes between them; "": it is the operand itself. */
static const char *below(const struct export_tree *tree, const char *path)
{
    size_t n = strlen(tree->operand);
    const char *rest = strncmp(path, tree->operand, n) == 0 ? path + n : "";
    return rest + strspn(rest, "/");
}

static bool leads_up(const char *path)
{
    return strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 || strstr(path, "/../");
}

/* The same path without the parts that lead nowhere: "./a//b" and "a/./b" are a/b. False: it does not fit. */
static bool tidy(const char *path, char room[PATH_MAX])
{
    size_t at = 0;
    for (const char *part = path; *part;) {
        size_t n = strcspn(part, "/");
        bool leads = n > 0 && !(n == 1 && part[0] == '.');
        if (leads && at + n + 2 > PATH_MAX)
            return false;
        if (leads && at > 0)
            room[at++] = '/';
        if (leads)
            memcpy(room + at, part, n);
        at += leads ? n : 0;
        part += n + strspn(part + n, "/");
    }
    room[at] = '\0';
    return at > 0;
}

bool export_tree_name(const struct export_tree *tree, const char *path, char export[PATH_MAX])
{
    char room[PATH_MAX];
    const char *name = below(tree, path), *slash;
    if (!*name || leads_up(name))
        name = (slash = strrchr(path, '/')) ? slash + 1 : path;
    if (!tidy(name, room))
        return false;
    name = room;
    const char *base = (slash = strrchr(name, '/')) ? slash + 1 : name;
    return strlen(base) + strlen(tree->suffix) + strlen(TCPLOG_INDEX_SUFFIX) + TEMPORARY_LETTERS <=
               NAME_MAX &&
           fits(snprintf(export, PATH_MAX, "%s%s", name, tree->suffix));
}

const char *export_tree_inside(const struct export_tree *tree, const char *path, char room[PATH_MAX])
{
    const char *rest = below(tree, path);
    if (!tree->operand_real[0] ||
        !fits(snprintf(room, PATH_MAX, "%s%s%s", tree->operand_real, *rest ? "/" : "", rest)) ||
        !lies_in(room, tree->real))
        return NULL;
    const char *inside = room + strlen(tree->real);
    return inside + strspn(inside, "/");
}

bool export_tree_path(const struct export_tree *tree, const char *export, char path[PATH_MAX])
{
    return fits(snprintf(path, PATH_MAX, "%s%s", tree->folder, export));
}

static bool is_folder(const char *path)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return false;
    if (S_ISDIR(about.st_mode))
        return true;
    errno = S_ISLNK(about.st_mode) ? ELOOP : ENOTDIR;
    return false;
}

static bool make_folders(struct export_tree *tree, const char *export)
{
    char path[PATH_MAX];
    const char *last = strrchr(export, '/');
    size_t n = last ? (size_t)(last - export) : 0;
    if (strncmp(tree->made, export, n) == 0 && tree->made[n] == '\0')
        return true;
    for (const char *slash = export; (slash = strchr(slash, '/')) != NULL; slash++) {
        if (!fits(snprintf(path, PATH_MAX, "%s%.*s", tree->folder, (int)(slash - export), export))) {
            errno = ENAMETOOLONG;
            return false;
        }
        if (mkdir(path, 0777) != 0 && (errno != EEXIST || !is_folder(path)))
            return false;
    }
    memcpy(tree->made, export, n);
    tree->made[n] = '\0';
    return true;
}

bool export_tree_prepare(struct export_tree *tree, const char *export)
{
    char path[PATH_MAX];
    struct stat about;
    if (!make_folders(tree, export))
        return false;
    if (!export_tree_path(tree, export, path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (lstat(path, &about) != 0)
        return errno == ENOENT;
    errno = S_ISLNK(about.st_mode) ? ELOOP : S_ISDIR(about.st_mode) ? EISDIR : EEXIST;
    return S_ISREG(about.st_mode);
}

int64_t export_tree_size(const struct export_tree *tree, const char *export)
{
    char path[PATH_MAX];
    struct stat about;
    return export_tree_path(tree, export, path) && lstat(path, &about) == 0 && S_ISREG(about.st_mode)
               ? (int64_t)about.st_size
               : -1;
}

void export_tree_remove(const struct export_tree *tree, const char *export)
{
    char path[PATH_MAX], index[PATH_MAX];
    bool there = export_tree_size(tree, export) >= 0;
    if (!export_tree_path(tree, export, path))
        return;
    /* an index alone would be nobody's */
    if (str_ends(str_of(path), STR(".gz")) && fits(snprintf(index, PATH_MAX, "%s" TCPLOG_INDEX_SUFFIX, path)))
        unlink(index);
    if (there)
        unlink(path);
}

/* ".name.XXXXXX" → name; that of an index → its export */
static bool read_temporary(const char *entry, char name[NAME_MAX + 1])
{
    size_t n = strlen(entry);
    if (n <= TEMPORARY_LETTERS || n > NAME_MAX || entry[0] != '.' || entry[n - RANDOM_LETTERS - 1] != '.')
        return false;
    struct str rest = { entry + 1, n - TEMPORARY_LETTERS };
    if (str_ends(rest, STR(TCPLOG_INDEX_SUFFIX)))
        rest.n -= strlen(TCPLOG_INDEX_SUFFIX);
    snprintf(name, NAME_MAX + 1, "%.*s", (int)rest.n, rest.p);
    return true;
}

void export_tree_sweep(const struct export_tree *tree, const char *export, export_tree_owns *owns,
                       void *context)
{
    char path[PATH_MAX], name[NAME_MAX + 1], owner[PATH_MAX];
    const char *slash = strrchr(export, '/');
    int n = slash ? (int)(slash - export) + 1 : 0;
    if (!fits(snprintf(path, PATH_MAX, "%s%.*s", tree->folder, n, export)))
        return;
    DIR *entries = opendir(path);
    const struct dirent *entry;
    while (entries && (entry = readdir(entries)) != NULL)
        if (read_temporary(entry->d_name, name) &&
            fits(snprintf(owner, PATH_MAX, "%.*s%s", n, export, name)) && owns(context, owner))
            unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries)
        closedir(entries);
}
