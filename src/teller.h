/* Who tells the caller what came of the inputs, in their order: problems, outcomes, the sums of all. It owns what is known
 * of the input whose turn it is, of which there may be several pieces. */
#ifndef TELLER_H
#define TELLER_H

#include "ledger.h"
#include "sieve.h"

/* An input, and what its records say where they come from. */
struct named_input {
    struct tcplog_input input;
    const char *name;
};

struct teller {
    const struct tcplog_options *options;
    struct sieve *sieve;         /* knows what was met before */
    struct tcplog_summary total; /* of all inputs so far */
    struct part part;            /* of the input under way */
    bool begun;                  /* there is one */
    bool over;                   /* an outcome was the last one: nothing more is told */
    enum tcplog_status ended;    /* OK, or what it ended the run with */
};

/* What is told of a finding, but for where. */
const struct tcplog_problem *teller_finding(enum finding finding);
void teller_open(struct teller *teller, const struct tcplog_options *options, struct sieve *sieve);
/* The export of the input under way is there, and right. */
void teller_exported(struct teller *teller);
/* The input under way could not be read beyond this line; told once. */
void teller_broke(struct teller *teller, const char *name, uint64_t line);
/* Tells what stands in the ledger; `inputs` are those that it tells of, from the first on. `output`: what is wrong with
 * where their records went, if anything is. */
void teller_tell(struct teller *teller, struct ledger *ledger, const struct named_input *inputs,
                 enum tcplog_status output);

#endif
