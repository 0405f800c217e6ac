/* The field list for people: a Markdown table of a kind, or of all kinds. Everything in it comes from the field
 * table and the sets of names; prose about the format lives in docs/. */
#include "schema/schema.h"

#include "model/columns.h"

static const char *const types[] = {
    [TYPE_TEXT] = "text", [TYPE_NAME] = "name", [TYPE_NUMBER] = "number", [TYPE_FLAG] = "flag",
    [TYPE_LIST] = "list", [TYPE_TIME] = "time", [TYPE_BYTES] = "base64",
};

static void add(struct buf *out, const char *text)
{
    tcplog_buf_add(out, str_of(text));
}

/* A bar would end the cell. */
static void add_cell(struct buf *out, const char *text)
{
    add(out, " | ");
    for (; *text; text++) {
        if (*text == '|')
            add(out, "\\");
        tcplog_buf_add(out, (struct str){ text, 1 });
    }
}

/* The set that closes a name, behind its type. */
static void add_names(struct buf *out, const char *set)
{
    struct names names = names_of(set);
    for (int i = names.first; i < names.end; i++) {
        add(out, i == names.first ? ": `" : " `");
        tcplog_buf_add(out, tcplog_name_texts[i]);
        add(out, "`");
    }
}

/* Bold means never missing: one column instead of a second table. */
static void add_kinds(struct buf *out, enum field_id id)
{
    const char *before = " | ";
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        if (!column_in(id, (enum kind)kind))
            continue;
        const char *mark = column_always(id, (enum kind)kind) ? "**" : "";
        add(out, before);
        add(out, mark);
        add(out, tcplog_kind_names[kind]);
        add(out, mark);
        before = ", ";
    }
}

/* One line of the table; names of a closed set stand in the type's cell. */
static void add_row(struct buf *out, enum field_id id)
{
    const struct field *field = &tcplog_fields[id];
    add(out, "| `");
    add(out, field->name);
    add(out, "`");
    add_cell(out, types[field->type]);
    add_names(out, field->names);
    add_kinds(out, id);
    add_cell(out, field->unit);
    add_cell(out, field->meaning);
    add(out, " | `");
    add(out, field->ecs);
    add(out, "` |\n");
}

static void add_head(struct buf *out, enum kind kind)
{
    add(out, "# Fields of ");
    add(out, kind == KIND_COUNT ? "tcplog" : tcplog_kind_names[kind]);
    add(out,
        " records, schema " TCPLOG_SCHEMA_VERSION "\n\n"
        "A kind in bold always carries the field; elsewhere a missing field means unknown or not applicable.\n"
        "CSV columns and JSON keys of a kind stand in this order.\n\n"
        "| field | type | kinds | unit | meaning | ECS path |\n"
        "|---|---|---|---|---|---|\n");
}

void markdown_write(struct buf *out, enum kind kind)
{
    add_head(out, kind);
    for (int id = 0; id < FIELD_count; id++)
        if (kind == KIND_COUNT || column_in((enum field_id)id, kind))
            add_row(out, (enum field_id)id);
}
