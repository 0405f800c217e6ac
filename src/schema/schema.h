/* The published documents, built from the field table: each form appends one text for a kind, or for all kinds
 * where kind is KIND_COUNT, to a buf. A form is one function in a file of its own and one row of schema.c. */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "tcplog/buf.h"
#include "tcplog/record.h"

#include <jansson.h>

typedef void schema_form(struct buf *out, enum kind kind);

/* JSON Schema 2020-12, Table Schema of Data Package v2, the header line of a CSV export, a Markdown table. */
schema_form json_schema_write, table_schema_write, csv_header_write, markdown_write;

/* A jansson document in the making. A member that cannot be made or put (no memory) sticks in `failed`, so that
 * builders say what they want in a row and nobody asks before the end. */
struct draft {
    bool failed;
};

/* Gives value, which the draft takes over even when it fails, to object or array. */
void draft_put(struct draft *draft, json_t *object, const char *key, json_t *value);
void draft_push(struct draft *draft, json_t *array, json_t *value);
/* As draft_put for texts; an empty one is left out. */
void draft_text(struct draft *draft, json_t *object, const char *key, const char *text);
/* The words of a set of names as an array. */
json_t *draft_names(struct draft *draft, const char *set);
/* What both JSON forms say of a field beside its type: its unit and its place in ECS documents. */
void draft_extras(struct draft *draft, json_t *object, const struct field *field);
/* Appends the finished document, indented for people, and lets go of it. */
void draft_write(struct draft *draft, struct buf *out, json_t *document);

#endif
