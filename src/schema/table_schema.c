/* Table Schema of Data Package v2 for the CSV exports: one schema a kind, and a package descriptor with one resource
 * a kind. It can say less than the JSON Schema: it takes a cell's text without its quotes, so "" (empty) and nothing
 * (missing) are the same to it. */
#include "schema/schema.h"

#include "model/columns.h"

#define PROFILES "https://datapackage.org/profiles/2.0/"

/* What a primary key promises is the input's to keep; and what csv-excel has of its own. */
#define CAVEATS                                                                              \
    "The primary key holds where no session was read twice: a copy of it has the same ids. " \
    "--dedupe leaves copies out, but for those that end elsewhere or are very long. "        \
    "In exports of the format csv-excel an apostrophe before a text is no part of it."

/* A list stands in its cell as JSON text; for a time, "datetime" would demand an offset. */
static const char *const types[] = {
    [TYPE_TEXT] = "string", [TYPE_NAME] = "string", [TYPE_NUMBER] = "integer", [TYPE_FLAG] = "boolean",
    [TYPE_LIST] = "array",  [TYPE_TIME] = "string", [TYPE_BYTES] = "string",
};

/* What the form cannot say as a constraint it says in words. */
static json_t *description(const struct field *field, bool always)
{
    if (field->type == TYPE_TEXT && always)
        return json_sprintf(
            "%s Never missing, but it may be empty, which a Table Schema cannot tell from missing: "
            "an empty text is written as two quotes.",
            field->meaning);
    return json_string(field->meaning);
}

/* What a cell must be; an empty object where anything goes. */
static json_t *constraints(struct draft *draft, enum field_id id, enum kind kind)
{
    const struct field *field = &tcplog_fields[id];
    json_t *rules = json_object();
    /* a text that is always there may be empty, and a reader by this schema takes that for missing */
    if (column_always(id, kind) && field->type != TYPE_TEXT)
        draft_put(draft, rules, "required", json_true());
    draft_text(draft, rules, "pattern", field->pattern);
    /* a file holds one kind, not any of the set */
    if (id == FIELD_kind)
        draft_put(draft, rules, "enum", json_pack("[s]", tcplog_kind_names[kind]));
    else if (field->names[0] != '\0')
        draft_put(draft, rules, "enum", draft_names(draft, field->names));
    if (field->type == TYPE_NUMBER)
        draft_put(draft, rules, "minimum", json_integer(column_minimum(id)));
    return rules;
}

static json_t *field_of(struct draft *draft, enum field_id id, enum kind kind)
{
    const struct field *field = &tcplog_fields[id];
    json_t *object = json_object(), *rules = constraints(draft, id, kind);
    draft_text(draft, object, "name", field->name);
    draft_text(draft, object, "type", types[field->type]);
    draft_put(draft, object, "description", description(field, column_always(id, kind)));
    /* by default 1, True, 0 and more would do as well */
    if (field->type == TYPE_FLAG) {
        draft_put(draft, object, "trueValues", json_pack("[s]", "true"));
        draft_put(draft, object, "falseValues", json_pack("[s]", "false"));
    }
    if (json_object_size(rules) > 0)
        draft_put(draft, object, "constraints", rules);
    else
        json_decref(rules);
    draft_extras(draft, object, field);
    return object;
}

/* `exact`: the columns are these, in this order; a file with more is of another version. */
static json_t *kind_schema(struct draft *draft, enum kind kind)
{
    json_t *schema = json_object(), *fields = json_array();
    enum field_id columns[FIELD_count];
    size_t count = columns_of(kind, columns);
    for (size_t i = 0; i < count; i++)
        draft_push(draft, fields, field_of(draft, columns[i], kind));
    draft_text(draft, schema, "$schema", PROFILES "tableschema.json");
    draft_put(draft, schema, "title", json_sprintf("tcplog %s records", tcplog_kind_names[kind]));
    draft_text(draft, schema, "description", CAVEATS);
    draft_text(draft, schema, "version", TCPLOG_SCHEMA_VERSION);
    draft_put(draft, schema, "fields", fields);
    draft_text(draft, schema, "fieldsMatch", "exact");
    draft_put(draft, schema, "primaryKey", json_pack("[s]", tcplog_fields[FIELD_id].name));
    draft_put(draft, schema, "missingValues", json_pack("[s]", ""));
    return schema;
}

/* The path is the name that the examples of the manual give to the export of that kind: sessions.csv. */
static json_t *resource(struct draft *draft, enum kind kind)
{
    json_t *object = json_object();
    draft_text(draft, object, "name", tcplog_kind_names[kind]);
    draft_text(draft, object, "type", "table");
    draft_put(draft, object, "path", json_sprintf("%ss.csv", tcplog_kind_names[kind]));
    draft_text(draft, object, "format", "csv");
    draft_text(draft, object, "mediatype", "text/csv");
    draft_text(draft, object, "encoding", "utf-8");
    draft_put(draft, object, "schema", kind_schema(draft, kind));
    return object;
}

/* A descriptor as datapackage.json holds it, for a folder with one export a kind. */
static json_t *package(struct draft *draft)
{
    json_t *object = json_object(), *resources = json_array();
    for (int kind = 0; kind < KIND_COUNT; kind++)
        draft_push(draft, resources, resource(draft, (enum kind)kind));
    draft_text(draft, object, "$schema", PROFILES "datapackage.json");
    draft_text(draft, object, "name", "tcplog");
    draft_text(draft, object, "title", "Records of mail session logs");
    draft_text(draft, object, "version", TCPLOG_SCHEMA_VERSION);
    draft_put(draft, object, "resources", resources);
    return object;
}

void table_schema_write(struct buf *out, enum kind kind)
{
    struct draft draft = { false };
    draft_write(&draft, out, kind == KIND_COUNT ? package(&draft) : kind_schema(&draft, kind));
}
