/* The schema that records follow, as the documents in which it is published. */
#ifndef TCPLOG_SCHEMA_H
#define TCPLOG_SCHEMA_H

#include "record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Prints a published form of the schema: json-schema, csv, table-schema, markdown. kind KIND_COUNT: all kinds.
 * The text is the caller's to free; NULL: no such form, or no memory. */
char *tcplog_schema(const char *form, enum kind kind);
/* Its forms, NULL-terminated. */
extern const char *const tcplog_schema_forms[];

#ifdef __cplusplus
}
#endif

#endif
