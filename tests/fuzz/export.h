/* What can be said of any export by those who had no part in writing it: jansson, libcsv and the schema. */
#ifndef FUZZ_EXPORT_H
#define FUZZ_EXPORT_H

#include "input.h"
#include "tcplog/record.h"

struct tally {
    uint64_t records[KIND_COUNT];
    uint64_t session_lines; /* that the session records speak of */
};

/* A path under which bytes can be read, until the next call. */
const char *export_path(struct str bytes);

/* JSON Lines of the records made of log. `open`: nothing was masked; `bodies`: line records may hold the secret. */
struct tally export_check_jsonl(struct str export, struct str log, bool open, bool bodies);
/* The rows of a table, its header not counted. */
uint64_t export_check_csv(struct str export);
/* By src/readback, as `tcplog validate` does it. */
void export_check_schema(struct str export, uint64_t records);

#endif
