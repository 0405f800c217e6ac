/* Checks of values by the field table, the same for every format: a reader turns what it found into a `found` and
 * asks. Which places a format has for values (keys, columns) is the reader's. */
#ifndef READBACK_VALUE_H
#define READBACK_VALUE_H

#include "model/columns.h"
#include "readback/problem.h"

#include <jansson.h>
#include <regex.h>

/* Patterns and sets of names, made ready once a run. */
struct rules {
    regex_t patterns[FIELD_count];
    bool compiled[FIELD_count];
    struct names names[FIELD_count];
};

/* *rules is all zero. False: no memory; closing is still due. */
bool rules_open(struct rules *rules);
void rules_close(struct rules *rules);

/* What a value looked like, before it is asked whether the field wants it so. */
enum shape {
    SHAPE_OTHER,
    SHAPE_TEXT,
    SHAPE_NUMBER,
    SHAPE_HUGE, /* an integer that no 64 bits hold */
    SHAPE_FLAG,
    SHAPE_LIST,
    SHAPE_UNKNOWN /* no memory */
};

struct found {
    enum shape shape;
    struct str text; /* SHAPE_TEXT: a NUL stands behind it */
    int64_t number;  /* SHAPE_NUMBER */
};

/* A value as it stands in JSON; a number with a fraction (that of 1.0 is none, says JSON Schema), an object or null is
 * SHAPE_OTHER. */
struct found found_json(const json_t *value);
/* A cell is a text until the field's type says otherwise; a NUL stands behind it. */
struct found found_cell(enum field_id id, struct str cell);

/* Reports whatever is wrong with the value as one of that field. */
void value_check(const struct rules *rules, struct problems *problems, enum field_id id, struct found found);

/* The fields that a record has, to be asked for those it lacks. */
struct presence {
    bool has[FIELD_count];
};
/* Reports each field that records of the kind always have and this one has not. */
void presence_check(const struct presence *presence, struct problems *problems, enum kind kind);

/* json_loadb of jansson, which never takes a NUL; *starved: it failed for want of memory, which jansson itself does not always say. */
json_t *json_read(struct str text, size_t flags, json_error_t *error, bool *starved);

/* The kind of that name, KIND_COUNT if there is none. */
enum kind kind_named(const char *name);

#endif
