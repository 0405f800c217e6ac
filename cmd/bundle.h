/* --untar: standard input is a tar, whose files are inputs like those of a folder. */
#ifndef CMD_BUNDLE_H
#define CMD_BUNDLE_H

#include "tcplog/input.h"

struct bundle {
    bool wanted;
    uint64_t lead;        /* so many files come first that are only learned from */
    uint64_t passed_over; /* links, devices and the like */
    bool unreadable, damaged;
};

/* Calls visit for each file of it, in their order, until it answers false; it has to convert the input at once. What is
 * wrong with the tar is told. */
typedef bool visit_slice(void *context, const struct tcplog_input *input);
void bundle_visit(struct bundle *bundle, visit_slice *visit, void *context);

#endif
