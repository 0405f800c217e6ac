/* The folder that exports go to, as names: which export an input has, the folders in between, what a run that was killed
 * left behind. It never goes through a symbolic link below that folder. */
#ifndef CMD_EXPORT_TREE_H
#define CMD_EXPORT_TREE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct export_tree {
    char folder[PATH_MAX];       /* as it was given, with a slash behind it */
    char real[PATH_MAX];         /* the same without links and dots */
    char suffix[32];             /* what names of exports end with */
    char made[PATH_MAX];         /* the folder below it that was made, or found to be one, last */
    const char *operand;         /* what the inputs now come from */
    char operand_real[PATH_MAX]; /* "": nothing below it can lie in this folder */
};

/* Whether an output's name means a folder. */
bool export_tree_is_meant(const char *output);
/* Makes the folder if it is not there. False: errno says why. */
bool export_tree_open(struct export_tree *tree, const char *output, const char *suffix, bool gzip);
/* The inputs that follow are of this operand. */
void export_tree_come(struct export_tree *tree, const char *operand);
/* The export of an input, below the folder; false: its name is too long. */
bool export_tree_name(const struct export_tree *tree, const char *path, char export[PATH_MAX]);
/* Where in the folder the input itself lies; NULL: elsewhere. */
const char *export_tree_inside(const struct export_tree *tree, const char *path, char room[PATH_MAX]);
/* The path of an export; false: too long. */
bool export_tree_path(const struct export_tree *tree, const char *export, char path[PATH_MAX]);
/* The way to an export: folders are made, and nothing but a plain file may stand where it will. False: errno says why. */
bool export_tree_prepare(struct export_tree *tree, const char *export);
/* Bytes of an export; -1: there is none. */
int64_t export_tree_size(const struct export_tree *tree, const char *export);
void export_tree_remove(const struct export_tree *tree, const char *export);
/* Removes the file that an export was being written to (".name.XXXXXX" beside it) when the program was killed. */
typedef bool export_tree_owns(void *context, const char *export);
void export_tree_sweep(const struct export_tree *tree, const char *export, export_tree_owns *owns,
                       void *context);

#endif
