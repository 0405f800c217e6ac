/* What can be wrong with an export: the list of faults, each with its stable id and its sentence, and the one way by
 * which they are reported. Sentences are fixed: no text of the file is quoted, however long or secret it is. */
#ifndef READBACK_PROBLEM_H
#define READBACK_PROBLEM_H

#include "tcplog/problem.h"
#include "tcplog/record.h"
#include "tcplog/str.h"

#define FAULTS(FAULT)                                                                                    \
    FAULT(UNREADABLE, "unreadable", NULL) /* the system says why */                                      \
    FAULT(MEMORY, "out-of-memory", "Out of memory: the file was not read to its end.")                   \
    FAULT(GZIP, "truncated-gzip",                                                                        \
          "The gzip data end too early or are damaged; what could be read was used.")                    \
    FAULT(TRAILING, "trailing-bytes", "Bytes that are not gzip follow the gzip data.")                   \
    FAULT(NO_INDEX, "no-index", "It has no index beside it, so all of it was read.")                     \
    FAULT(STALE_INDEX, "stale-index",                                                                    \
          "Its index is damaged or that of another file, so all of it was read.")                        \
    FAULT(FALSE_INDEX, "false-index",                                                                    \
          "Its index counts other records than there are: the answer may be wrong, and ends here.")      \
    FAULT(SESSION_ID, "bad-query", "An id has 1 to 32 hexadecimal digits.")                              \
    FAULT(RANGE, "bad-query", "The last record that is asked for comes before the first.")               \
    FAULT(TIME, "bad-query", "A time looks like 2014-02-10, or 2014-02-10T21:37:28+01:00.")              \
    FAULT(FORMAT, "unknown-format", "Neither JSON Lines nor CSV with columns of the schema.")            \
    FAULT(TOO_LONG, "line-too-long", "The record is longer than 64 MiB and was not checked.")            \
    FAULT(JSON, "broken-json", "The line is not valid JSON.")                                            \
    FAULT(MARK, "broken-json", "A byte order mark stands before the first line.")                        \
    FAULT(JSON_ROOT, "broken-json", "The line is not a JSON object.")                                    \
    FAULT(NO_RECORD, "broken-json", "The line is JSON, but no record of a kind that the schema has.")    \
    FAULT(JSON_NUL, "broken-json", "A text holds an escaped NUL, which no record may.")                  \
    FAULT(HUGE, "bad-number", "A number is too large for an integer of 64 bits.")                        \
    FAULT(DUPLICATE_KEY, "duplicate-key", "The key stands twice in the object.")                         \
    FAULT(UTF8, "not-utf8", "The text is not valid UTF-8 without NUL.")                                  \
    FAULT(CSV, "broken-csv", "A quote stands where RFC 4180 allows none, or is never closed.")           \
    FAULT(COLUMN_UNKNOWN, "unknown-column", "The schema has no such column in records of this kind.")    \
    FAULT(COLUMN_MISSING, "missing-column", "The header lacks this column.")                             \
    FAULT(COLUMN_TWICE, "duplicate-column", "The column stands twice in the header.")                    \
    FAULT(COLUMN_PLACE, "wrong-column", "The columns are all there but not in the order of the schema.") \
    FAULT(CELLS, "wrong-column", "The row does not have as many cells as the header.")                   \
    FAULT(FIELD_UNKNOWN, "unknown-field", "The schema has no such field in records of this kind.")       \
    FAULT(FIELD_MISSING, "missing-field", "Records of this kind always carry this field.")               \
    FAULT(KIND, "wrong-kind", "The record is not of the kind that the header's columns belong to.")      \
    FAULT(NOT_TEXT, "wrong-type", "The value must be a text.")                                           \
    FAULT(NOT_NUMBER, "wrong-type", "The value must be an integer.")                                     \
    FAULT(NOT_FLAG, "wrong-type", "The value must be true or false.")                                    \
    FAULT(NOT_LIST, "wrong-type", "The value must be a list of texts.")                                  \
    FAULT(NAME, "bad-name", "The value is none of the names that the schema lists.")                     \
    FAULT(PATTERN, "bad-pattern", "The value does not match the pattern of the field.")                  \
    FAULT(NUMBER, "bad-number", "The number is smaller than the field allows.")

#define FAULT_NUMBERED(name, id, text) FAULT_##name,
enum fault { FAULTS(FAULT_NUMBERED) FAULT_count };
#undef FAULT_NUMBERED

/* Where faults go, where in the file we are, and what was read so far: what an export must come to. */
struct problems {
    tcplog_report *report; /* NULL: only count */
    void *context;
    const char *file;
    uint64_t line;
    int error; /* errno of what is UNREADABLE */
    uint64_t count;
    uint64_t kinds[KIND_COUNT]; /* records of each */
    uint64_t session_lines;     /* lines that sessions say they have */
    bool starved;               /* something could not be checked for want of memory: there is no verdict */
};

/* `field` is NULL where no field is at fault. */
void problem(struct problems *problems, enum fault fault, const char *field);
/* For a name that the file made up: reported shortened and without control characters. */
void problem_foreign(struct problems *problems, enum fault fault, struct str name);

#endif
