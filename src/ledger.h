/* What came of inputs, and of pieces of them, written down in their order until it is their turn to be told. It owns
 * copies of all texts. */
#ifndef LEDGER_H
#define LEDGER_H

#include "base/fingerprint.h"
#include "tcplog/buf.h"
#include "tcplog/input.h"

/* What a file may show again and again is told once, at its end: how often, and where first. */
enum finding {
    FINDING_UNPARSED,
    FINDING_TOO_LONG,
    FINDING_PENDING,
    FINDING_BROKEN,
    FINDING_CUT,
    FINDING_MAILS,
    FINDING_NAMES,
    FINDING_KEPT,
    FINDING_COUNT
};
struct found {
    uint64_t count, line;
};

/* What came of an input, or of a piece of it. */
struct part {
    enum tcplog_status status;
    bool last;                         /* the input ends with it */
    bool exported, broken;             /* what an outcome tells of the input … */
    char hash[FINGERPRINT_DIGITS + 1]; /* … likewise */
    struct found found[FINDING_COUNT];
    struct tcplog_summary summary;
};

struct ledger {
    struct buf buf;
    size_t at; /* what is read next */
};

struct ledger_entry {
    bool is_problem;
    struct tcplog_problem problem; /* views into the ledger */
    struct part part;
};

void ledger_problem(struct ledger *ledger, const struct tcplog_problem *problem);
void ledger_part(struct ledger *ledger, const struct part *part);
/* The next entry; false: there are no more, and the ledger is empty again. */
bool ledger_next(struct ledger *ledger, struct ledger_entry *entry);
void ledger_free(struct ledger *ledger);

#endif
