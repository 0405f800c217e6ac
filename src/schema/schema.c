/* The forms in which the schema is published, and what their builders share. What a document says is decided in the
 * form's own file; which fields there are, in schemas/fields.def. */
#include "schema/schema.h"

#include "model/columns.h"
#include "tcplog/schema.h"

#include <stdlib.h>

/* The list of forms. It is expanded twice, because the names are also published on their own. */
#define FORMS(FORM)                          \
    FORM("json-schema", json_schema_write)   \
    FORM("csv", csv_header_write)            \
    FORM("table-schema", table_schema_write) \
    FORM("markdown", markdown_write)

#define FORM_NAME(name, write) name,
const char *const tcplog_schema_forms[] = { FORMS(FORM_NAME) NULL };

#define FORM_WRITE(name, write) write,
static schema_form *const writers[] = { FORMS(FORM_WRITE) };

void draft_put(struct draft *draft, json_t *object, const char *key, json_t *value)
{
    /* value may be NULL, where there was no memory to make it: jansson takes that for a failure, too */
    if (json_object_set_new(object, key, value) != 0)
        draft->failed = true;
}

void draft_push(struct draft *draft, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        draft->failed = true;
}

void draft_text(struct draft *draft, json_t *object, const char *key, const char *text)
{
    if (text[0] != '\0')
        draft_put(draft, object, key, json_string(text));
}

json_t *draft_names(struct draft *draft, const char *set)
{
    json_t *array = json_array();
    struct names names = names_of(set);
    for (int i = names.first; i < names.end; i++) {
        struct str text = tcplog_name_texts[i];
        draft_push(draft, array, json_stringn(text.p, text.n));
    }
    return array;
}

void draft_extras(struct draft *draft, json_t *object, const struct field *field)
{
    draft_text(draft, object, "x-unit", field->unit);
    draft_text(draft, object, "x-ecs", field->ecs);
}

void draft_write(struct draft *draft, struct buf *out, json_t *document)
{
    char *text = draft->failed ? NULL : json_dumps(document, JSON_INDENT(2));
    json_decref(document);
    /* half a schema is worse than none */
    if (!text) {
        out->status = TCPLOG_MEMORY;
        return;
    }
    tcplog_buf_add(out, str_of(text));
    tcplog_buf_add(out, STR("\n"));
    free(text);
}

/* Built anew at each call: it is asked for once a run, and a cache would be state. */
char *tcplog_schema(const char *form, enum kind kind)
{
    size_t i = 0;
    while (tcplog_schema_forms[i] && strcmp(tcplog_schema_forms[i], form) != 0)
        i++;
    if (!tcplog_schema_forms[i] || kind > KIND_COUNT)
        return NULL;

    struct buf out = { 0 };
    writers[i](&out, kind);
    tcplog_buf_add(&out, (struct str){ "", 1 }); /* its terminator */
    if (out.status == TCPLOG_OK)
        return out.p;
    tcplog_buf_free(&out);
    return NULL;
}
