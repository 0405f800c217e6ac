/* The published documents against the field table: every field of a kind is in every form, in order, with what the
 * table says of it; and the forms agree with each other. Foreign validators are tests/schema/third_party.py's. */
#include "model/columns.h"
#include "tcplog/schema.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static json_t *document(const char *form, enum kind kind)
{
    char *text = tcplog_schema(form, kind);
    assert_non_null(text);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    free(text);
    return root;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool array_holds(const json_t *array, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item) if (strcmp(json_string_value(item), text) == 0) return true;
    return false;
}

static void table_is_whole(void **state)
{
    (void)state;
    for (int id = 0; id < FIELD_count; id++) {
        const struct field *field = &tcplog_fields[id];
        assert_true(field->name[0] && field->meaning[0] && field->ecs[0]);
        assert_int_not_equal(field->kinds, 0);
        assert_int_equal(field->always & ~field->kinds, 0);
        assert_string_not_equal(field->names, "none");
        struct names names = names_of(field->names);
        assert_int_equal(field->names[0] != '\0', names.end > names.first);
        assert_int_equal(column_find(str_of(field->name), FIELD_kind), id);
    }
}

/* A document cannot hold a value and an object in one place, nor two values. */
static void paths_part(void **state)
{
    (void)state;
    for (int a = 0; a < FIELD_count; a++)
        for (int b = 0; b < FIELD_count; b++) {
            const char *path = tcplog_fields[a].ecs, *other = tcplog_fields[b].ecs;
            size_t n = strlen(path);
            if (a != b && strncmp(path, other, n) == 0 && (other[n] == '.' || other[n] == '\0'))
                fail_msg("%s and %s", path, other);
        }
}

static void names_stand_together(void **state)
{
    (void)state;
    struct names names = names_of("eol");
    assert_int_equal(names.end - names.first, 3);
    assert_true(str_equal(tcplog_name_texts[NAMES_eol_crlf], STR("crlf")));
    assert_string_equal(tcplog_name_set(NAMES_eol_crlf), "eol");
    for (int i = 0; i < NAMES_count; i++) {
        names = names_of(tcplog_name_set((enum tcplog_name)i));
        assert_true(i >= names.first && i < names.end);
        assert_string_equal(tcplog_name_set((enum tcplog_name)names.first),
                            tcplog_name_set((enum tcplog_name)(names.end - 1)));
    }
}

static void columns_are_found(void **state)
{
    (void)state;
    assert_int_equal(column_find(STR("no_such"), FIELD_time), FIELD_count);
    assert_int_equal(column_find(STR("kin"), FIELD_kind), FIELD_count);
    assert_int_equal(column_find(STR("kind\0x"), FIELD_kind), FIELD_count);
    assert_int_equal(column_find(STR("kind"), FIELD_redacted), FIELD_kind);
    assert_int_equal(column_minimum(FIELD_line), 1);
    assert_int_equal(column_minimum(FIELD_offset), 0);
}

/* Every rule of a row that JSON Schema has a word for. */
static void property_follows(const json_t *property, enum field_id id, size_t column)
{
    const struct field *field = &tcplog_fields[id];
    assert_non_null(property);
    assert_string_equal(text_of(property, "description"), field->meaning);
    assert_string_equal(text_of(property, "x-ecs"), field->ecs);
    assert_string_equal(text_of(property, "x-unit"), field->unit);
    assert_int_equal(json_integer_value(json_object_get(property, "x-column")), column);
    /* a time without an offset is legal here, but not as a date-time */
    assert_null(json_object_get(property, "format"));
    if (json_object_get(property, "const"))
        return;
    /* texts have no pattern but that they hold no NUL */
    assert_string_equal(text_of(property, "pattern"),
                        field->type == TYPE_TEXT ? "^[^\\u0000]*$" : field->pattern);
    struct names names = names_of(field->names);
    assert_int_equal(json_array_size(json_object_get(property, "enum")), names.end - names.first);
    assert_int_equal(json_object_get(property, "minimum") != NULL, field->type == TYPE_NUMBER);
    assert_int_equal(json_integer_value(json_object_get(property, "maximum")),
                     field->type == TYPE_NUMBER ? INT64_MAX : 0);
}

static void json_schema_follows_table(void **state)
{
    (void)state;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        json_t *schema = document("json-schema", (enum kind)kind);
        json_t *properties = json_object_get(schema, "properties"),
               *required = json_object_get(schema, "required");
        enum field_id columns[FIELD_count];
        size_t count = columns_of((enum kind)kind, columns);
        assert_int_equal(json_object_size(properties), count);
        for (size_t i = 0; i < count; i++) {
            const char *name = tcplog_fields[columns[i]].name;
            property_follows(json_object_get(properties, name), columns[i], i + 1);
            assert_int_equal(array_holds(required, name), column_always(columns[i], (enum kind)kind));
        }
        assert_true(json_is_false(json_object_get(schema, "unevaluatedProperties")));
        assert_string_equal(text_of(json_object_get(properties, "kind"), "const"), tcplog_kind_names[kind]);
        json_decref(schema);
    }
}

static void identifiers_carry_the_version(void **state)
{
    (void)state;
    json_t *schema = document("json-schema", KIND_EXCHANGE);
    const char *id = text_of(schema, "$id");
    assert_string_equal(id, "https://tcplog.example/schema/" TCPLOG_SCHEMA_VERSION "/exchange.schema.json");
    assert_string_equal(text_of(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
    json_decref(schema);
}

static void bundle_holds_every_kind(void **state)
{
    (void)state;
    json_t *bundle = document("json-schema", KIND_COUNT);
    json_t *choices = json_object_get(bundle, "oneOf"), *definitions = json_object_get(bundle, "$defs");
    assert_int_equal(json_array_size(choices), KIND_COUNT);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        json_t *alone = document("json-schema", (enum kind)kind);
        json_t *inside = json_object_get(definitions, tcplog_kind_names[kind]);
        assert_true(json_equal(alone, inside));
        const char *reference = text_of(json_array_get(choices, (size_t)kind), "$ref");
        assert_string_equal(reference, text_of(alone, "$id"));
        json_decref(alone);
    }
    json_decref(bundle);
}

static void table_schema_follows_table(void **state)
{
    (void)state;
    json_t *package = document("table-schema", KIND_COUNT);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        json_t *schema = document("table-schema", (enum kind)kind),
               *fields = json_object_get(schema, "fields");
        enum field_id columns[FIELD_count];
        size_t count = columns_of((enum kind)kind, columns);
        assert_int_equal(json_array_size(fields), count);
        for (size_t i = 0; i < count; i++)
            assert_string_equal(text_of(json_array_get(fields, i), "name"), tcplog_fields[columns[i]].name);
        assert_string_equal(text_of(schema, "fieldsMatch"), "exact");
        json_t *resource = json_array_get(json_object_get(package, "resources"), (size_t)kind);
        assert_true(json_equal(schema, json_object_get(resource, "schema")));
        /* as the manual calls the export: sessions.csv */
        char path[32];
        snprintf(path, sizeof(path), "%ss.csv", tcplog_kind_names[kind]);
        assert_string_equal(text_of(resource, "path"), path);
        json_decref(schema);
    }
    json_decref(package);
}

/* An empty text stands as "" in a CSV, and a Table Schema takes that for missing. */
static void texts_are_not_required_in_tables(void **state)
{
    (void)state;
    json_t *schema = document("table-schema", KIND_LINE);
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(schema, "fields"), i, field)
    {
        bool required = json_object_get(json_object_get(field, "constraints"), "required") != NULL;
        enum field_id id = column_find(str_of(text_of(field, "name")), FIELD_kind);
        assert_int_equal(required, column_always(id, KIND_LINE) && tcplog_fields[id].type != TYPE_TEXT);
    }
    json_decref(schema);
}

static void csv_header_is_the_columns(void **state)
{
    (void)state;
    char *all = tcplog_schema("csv", KIND_COUNT), *rest = all;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        char *one = tcplog_schema("csv", (enum kind)kind);
        size_t n = strlen(one);
        assert_memory_equal(rest, one, n);
        rest += n;
        assert_int_equal(one[n - 1], '\n');
        assert_memory_equal(one, "kind,schema,session_id,id,", 26);
        free(one);
    }
    assert_int_equal(*rest, '\0');
    free(all);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part))) {
        count++;
        text++;
    }
    return count;
}

static void markdown_has_a_row_a_field(void **state)
{
    (void)state;
    char *text = tcplog_schema("markdown", KIND_COUNT);
    assert_int_equal(count_of(text, "\n| `"), FIELD_count);
    assert_non_null(strstr(text, "\n| `rtt_ms` | number | exchange | ms | "));
    free(text);
    enum field_id columns[FIELD_count];
    text = tcplog_schema("markdown", KIND_SESSION);
    assert_int_equal(count_of(text, "\n| `"), columns_of(KIND_SESSION, columns));
    free(text);
}

static void forms_are_listed(void **state)
{
    (void)state;
    for (size_t i = 0; tcplog_schema_forms[i]; i++) {
        char *text = tcplog_schema(tcplog_schema_forms[i], KIND_LINE);
        assert_non_null(text);
        free(text);
    }
    assert_null(tcplog_schema("yaml", KIND_LINE));
    assert_null(tcplog_schema("csv", (enum kind)(KIND_COUNT + 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_whole),
        cmocka_unit_test(paths_part),
        cmocka_unit_test(names_stand_together),
        cmocka_unit_test(columns_are_found),
        cmocka_unit_test(json_schema_follows_table),
        cmocka_unit_test(identifiers_carry_the_version),
        cmocka_unit_test(bundle_holds_every_kind),
        cmocka_unit_test(table_schema_follows_table),
        cmocka_unit_test(texts_are_not_required_in_tables),
        cmocka_unit_test(csv_header_is_the_columns),
        cmocka_unit_test(markdown_has_a_row_a_field),
        cmocka_unit_test(forms_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
