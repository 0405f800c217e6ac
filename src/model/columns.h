/* What follows from the field table and is asked for in more than one place: the fields of a kind in their order,
 * the names of a set, the least number a field may hold, the field behind a name. */
#ifndef MODEL_COLUMNS_H
#define MODEL_COLUMNS_H

#include "tcplog/record.h"

/* The fields that a kind may carry, in the order of CSV columns and JSON keys; answers how many. */
size_t columns_of(enum kind kind, enum field_id columns[FIELD_count]);

/* The names of a set stand together in names.def: [first, end). Both 0 where there is no such set. */
struct names {
    int first, end;
};
struct names names_of(const char *set);

/* Line numbers and sequences count from 1, all other numbers from 0. */
int64_t column_minimum(enum field_id id);

/* The field of that name, FIELD_count if there is none. Looks at `hint` first and then round the table, because
 * the keys of a record come in the order of the table. */
enum field_id column_find(struct str name, enum field_id hint);

/* Whether records of the kind may have the field; whether they always do. */
static inline bool column_in(enum field_id id, enum kind kind)
{
    return tcplog_fields[id].kinds >> kind & 1;
}

static inline bool column_always(enum field_id id, enum kind kind)
{
    return tcplog_fields[id].always >> kind & 1;
}

#endif
