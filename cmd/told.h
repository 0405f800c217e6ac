/* What a watch has told of its inputs. Each look finds the same once more, and a log that goes on shows all that it showed
 * before: it is told once, as long as the file only grows. */
#ifndef CMD_TOLD_H
#define CMD_TOLD_H

#include "tcplog.h"

struct told {
    void *tree; /* of tsearch(3), by path */
    size_t count;
};

/* Notes it, and answers whether it was not told already. */
bool told_is_news(struct told *told, const struct tcplog_problem *problem);
/* Nothing is wrong there any more: what is next time will be news. */
void told_forget(struct told *told, const char *path);
void told_free(struct told *told);

#endif
