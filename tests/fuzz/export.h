/* What can be said of any export by those who had no part in writing it: jansson, libcsv and the schema. */
#ifndef FUZZ_EXPORT_H
#define FUZZ_EXPORT_H

#include "input.h"
#include "tcplog/record.h"

struct tally {
    uint64_t records[KIND_COUNT];
    /* what the session records speak of, and what the records of mails do */
    uint64_t session_lines, session_sent, session_fetched;
    uint64_t sent, fetched;
};

/* A path under which bytes can be read, until the next call. */
const char *export_path(struct str bytes);

/* What was masked in an export. Behind the line `bodies` line records may hold the secret. */
struct masking {
    bool open, names; /* nothing; names, too */
    uint64_t bodies;
};

/* JSON Lines of the records made of log. */
struct tally export_check_jsonl(struct str export, struct str log, const struct masking *masking);
/* The rows of a table, its header not counted. */
uint64_t export_check_csv(struct str export);
/* A page for people, on which everything can be shown. */
void export_check_page(struct str page);
/* By src/readback, as `tcplog validate` does it. */
void export_check_schema(struct str export, uint64_t records);

#endif
