/* JSON Schema, dialect 2020-12: one closed schema a kind, and a bundle that holds all of them under $defs. The form
 * is for validators that know nothing of us, so all that can be said is said in standard keywords; `x-` keys are
 * notes for people and tools. Checking records by it is readback's. */
#include "schema/schema.h"

#include "model/columns.h"

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
/* The version is in the path: a schema of another version is another document. */
#define HOME "https://tcplog.example/schema/" TCPLOG_SCHEMA_VERSION "/"

/* A time has no "format": date-time demands an offset, which a log may not give. */
static const char *const types[] = {
    [TYPE_TEXT] = "string", [TYPE_NAME] = "string", [TYPE_NUMBER] = "integer", [TYPE_FLAG] = "boolean",
    [TYPE_LIST] = "array",  [TYPE_TIME] = "string", [TYPE_BYTES] = "string",
};

/* An absolute URI without a fragment, as 2020-12 asks; it names the schema and need not lead anywhere. */
static json_t *identifier(const char *name)
{
    return json_sprintf(HOME "%s.schema.json", name);
}

/* No record has a NUL, escaped or not. */
#define ANY_TEXT "^[^\\u0000]*$"

/* What narrows a value beyond its type. The largest number is 2^63 to a tool that knows no integers: of ours none comes
 * near it. */
static void constrain(struct draft *draft, json_t *property, const struct field *field)
{
    draft_text(draft, property, "pattern", field->type == TYPE_TEXT ? ANY_TEXT : field->pattern);
    if (field->names[0] != '\0')
        draft_put(draft, property, "enum", draft_names(draft, field->names));
    if (field->type == TYPE_NUMBER) {
        draft_put(draft, property, "minimum",
                  json_integer(column_minimum((enum field_id)(field - tcplog_fields))));
        draft_put(draft, property, "maximum", json_integer(INT64_MAX));
    }
    if (field->type == TYPE_LIST)
        draft_put(draft, property, "items", json_pack("{s:s,s:s}", "type", "string", "pattern", ANY_TEXT));
    if (field->type == TYPE_BYTES)
        draft_put(draft, property, "contentEncoding", json_string("base64"));
}

/* One field: the meaning first, because people read the document from the top; `column` counts from 1, as
 * spreadsheets and cut(1) do. */
static json_t *property_of(struct draft *draft, enum field_id id, enum kind kind, size_t column)
{
    const struct field *field = &tcplog_fields[id];
    json_t *property = json_object();
    draft_text(draft, property, "description", field->meaning);
    draft_text(draft, property, "type", types[field->type]);
    /* the two fields that say which schema this is hold one value each */
    if (id == FIELD_kind)
        draft_text(draft, property, "const", tcplog_kind_names[kind]);
    else if (id == FIELD_schema)
        draft_text(draft, property, "const", TCPLOG_SCHEMA_VERSION);
    else
        constrain(draft, property, field);
    draft_extras(draft, property, field);
    draft_put(draft, property, "x-column", json_integer((json_int_t)column));
    return property;
}

/* Closed, so that a field that is not in the table cannot slip through; additions need a new minor version. */
static json_t *kind_schema(struct draft *draft, enum kind kind)
{
    json_t *schema = json_object(), *properties = json_object(), *required = json_array();
    enum field_id columns[FIELD_count];
    size_t count = columns_of(kind, columns);
    for (size_t i = 0; i < count; i++) {
        const char *name = tcplog_fields[columns[i]].name;
        draft_put(draft, properties, name, property_of(draft, columns[i], kind, i + 1));
        if (column_always(columns[i], kind))
            draft_push(draft, required, json_string(name));
    }
    draft_text(draft, schema, "$schema", DIALECT);
    draft_put(draft, schema, "$id", identifier(tcplog_kind_names[kind]));
    draft_put(draft, schema, "title", json_sprintf("tcplog %s record", tcplog_kind_names[kind]));
    draft_text(draft, schema, "type", "object");
    draft_put(draft, schema, "properties", properties);
    draft_put(draft, schema, "required", required);
    draft_put(draft, schema, "unevaluatedProperties", json_false());
    return schema;
}

/* The schemas keep their own $id inside the bundle, as the dialect wants it, so references look the same with and
 * without it and nothing is ever fetched. The kinds exclude each other by the const of `kind`. */
static json_t *bundle(struct draft *draft)
{
    json_t *schema = json_object(), *choices = json_array(), *definitions = json_object();
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        const char *name = tcplog_kind_names[kind];
        draft_push(draft, choices, json_pack("{s:o}", "$ref", identifier(name)));
        draft_put(draft, definitions, name, kind_schema(draft, (enum kind)kind));
    }
    draft_text(draft, schema, "$schema", DIALECT);
    draft_put(draft, schema, "$id", identifier("tcplog"));
    draft_text(draft, schema, "title", "tcplog record of any kind");
    draft_text(draft, schema, "type", "object");
    draft_put(draft, schema, "oneOf", choices);
    draft_put(draft, schema, "$defs", definitions);
    return schema;
}

void json_schema_write(struct buf *out, enum kind kind)
{
    struct draft draft = { false };
    draft_write(&draft, out, kind == KIND_COUNT ? bundle(&draft) : kind_schema(&draft, kind));
}
