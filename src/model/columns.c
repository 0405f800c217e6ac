/* Derives the columns of a kind, the ranges of the sets of names and the limits of numbers from the field table.
 * It keeps nothing: results go into the caller's memory, so that there is no state to initialise or to share. */
#include "model/columns.h"

size_t columns_of(enum kind kind, enum field_id columns[FIELD_count])
{
    size_t count = 0;
    for (int id = 0; id < FIELD_count; id++)
        if (column_in((enum field_id)id, kind))
            columns[count++] = (enum field_id)id;
    return count;
}

struct names names_of(const char *set)
{
    struct names names = { 0, 0 };
    for (int i = 0; i < NAMES_count; i++) {
        if (strcmp(tcplog_name_set((enum tcplog_name)i), set) != 0)
            continue;
        if (names.end == 0)
            names.first = i;
        names.end = i + 1;
    }
    return names;
}

int64_t column_minimum(enum field_id id)
{
    switch (id) {
    case FIELD_sequence:
    case FIELD_line:
    case FIELD_line_end:
    case FIELD_exchange:
    case FIELD_reply_line:
    case FIELD_reply_lines:
    case FIELD_steps:
    case FIELD_lines:
    case FIELD_number:
    case FIELD_diagnosis_line: return 1;
    default: return 0;
    }
}

enum field_id column_find(struct str name, enum field_id hint)
{
    for (int i = 0; i < FIELD_count; i++) {
        int id = ((int)hint + i) % FIELD_count;
        if (str_equal(str_of(tcplog_fields[id].name), name))
            return (enum field_id)id;
    }
    return FIELD_count;
}
