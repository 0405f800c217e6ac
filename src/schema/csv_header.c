/* The header of a kind's CSV export: the names of its columns in order, one line a kind. They are words that never
 * need quotes. Reading such a header back is readback/csv.c's. */
#include "schema/schema.h"

#include "model/columns.h"

/* Line feed only, which every reader of CSV takes, and a file kept under version control wants. */
static void header(struct buf *out, enum kind kind)
{
    enum field_id columns[FIELD_count];
    size_t count = columns_of(kind, columns);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            tcplog_buf_add(out, STR(","));
        tcplog_buf_add(out, str_of(tcplog_fields[columns[i]].name));
    }
    tcplog_buf_add(out, STR("\n"));
}

void csv_header_write(struct buf *out, enum kind kind)
{
    for (int each = 0; each < KIND_COUNT; each++)
        if (kind == KIND_COUNT || (int)kind == each)
            header(out, (enum kind)each);
}
