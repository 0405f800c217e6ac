/* Directory walks by fts(3): sorted by name, symbolic links inside are not followed. */
#include "inputs.h"

#include <errno.h>
#include <fts.h>
#include <string.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool walk(FTS *tree, visit_input *visit, void *context)
{
    bool good = true, goes_on = true;
    for (FTSENT *entry; goes_on && (entry = fts_read(tree)) != NULL;) {
        bool file = entry->fts_info == FTS_F || entry->fts_info == FTS_NSOK || entry->fts_info == FTS_DEFAULT;
        if (file || entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS)
            goes_on = visit(context, entry->fts_path, entry->fts_level == 0 || !file);
        good &= entry->fts_info != FTS_ERR;
    }
    return good;
}

bool inputs_visit(char *operand, visit_input *visit, void *context)
{
    char *const operands[] = { operand, NULL };
    if (strcmp(operand, "-") == 0) {
        visit(context, operand, true);
        return true;
    }
    FTS *tree = fts_open(operands, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR | FTS_NOSTAT, by_name);
    if (!tree)
        return false;
    bool good = walk(tree, visit, context);
    int error = errno;
    fts_close(tree);
    errno = error;
    return good;
}
