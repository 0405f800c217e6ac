/* A record: the values of one line, exchange, message or session, by field. Its fields are the rows of
 * schemas/fields.def. All text is valid UTF-8 without NUL, secrets already masked; views die when the next record
 * is asked for. */
#ifndef TCPLOG_RECORD_H
#define TCPLOG_RECORD_H

#include "str.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TCPLOG_SCHEMA_VERSION "1.0"

/* the sets of names.def, each an enum of its own: KIND_line, ROLE_client, … */
#define NAME(set, id, text) NAMES_##set##_##id,
enum tcplog_name {
#include "names.def"
    NAMES_count,
};
#undef NAME

/* the fields in the order of the table, which is that of columns and keys */
#define FIELD(name, ...) FIELD_##name,
enum field_id {
#include "fields.def"
    FIELD_count,
};
#undef FIELD

/* The nouns that a record can be of; KIND_COUNT stands for none, or for all. */
enum kind { KIND_LINE, KIND_EXCHANGE, KIND_MESSAGE, KIND_SESSION, KIND_COUNT };
/* What a value is: `type` and `life` of fields.def, whose head says what each means. */
enum field_type { TYPE_TEXT, TYPE_NAME, TYPE_NUMBER, TYPE_FLAG, TYPE_LIST, TYPE_TIME, TYPE_BYTES };
enum field_life { LIFE_SESSION, LIFE_TURN, LIFE_VERB, LIFE_REPLY, LIFE_EVENT, LIFE_COUNT };

/* One row of schemas/fields.def. `kinds` and `always` are bit sets of 1 << kind; `names` is "" or a set of names.def. */
struct field {
    const char *name;
    enum field_type type;
    enum field_life life;
    unsigned kinds, always;
    const char *names, *pattern, *unit, *ecs, *meaning;
};

/* Texts of a field that has several; the items live as long as the record's texts. */
struct list {
    const struct str *items;
    size_t count;
};

union value {
    struct str text;  /* TEXT, NAME, TIME, BYTES (raw bytes: the writer encodes them) */
    int64_t number;   /* NUMBER; FLAG: 0 or 1 */
    struct list list; /* LIST */
};

struct record {
    enum kind kind;
    /* bit id % 64 of word id / 64: the field has a value */
    uint64_t present[(FIELD_count + 63) / 64];
    /* For each life: stands for the values of the fields of that life, and for which of them are there. With one maker
     * equal generations mean equal values; all but that of a session come back with them. 0: no other record's. */
    uint64_t generation[LIFE_COUNT];
    union value values[FIELD_count];
};

/* The table, FIELD_count rows; and the names: tcplog_name_set(i) is the set, tcplog_name_texts[i] the word. */
extern const struct field tcplog_fields[];
extern const char *const tcplog_kind_names[];
extern const struct str tcplog_name_texts[];
const char *tcplog_name_set(enum tcplog_name name);

/* Whether the field has a value. Missing means unknown or not applicable, never zero or empty. */
static inline bool record_has(const struct record *record, enum field_id id)
{
    return record->present[id / 64] >> (id % 64) & 1;
}

/* Takes a value away; the place keeps what was in it. */
static inline void record_clear(struct record *record, enum field_id id)
{
    record->present[id / 64] &= ~((uint64_t)1 << (id % 64));
}

/* Marks the field as there; the place to put its value. */
static inline union value *record_set(struct record *record, enum field_id id)
{
    record->present[id / 64] |= (uint64_t)1 << (id % 64);
    return &record->values[id];
}

/* Sets a text, which is not copied. */
static inline void record_text(struct record *record, enum field_id id, struct str text)
{
    record_set(record, id)->text = text;
}

static inline void record_number(struct record *record, enum field_id id, int64_t number)
{
    record_set(record, id)->number = number;
}

static inline void record_name(struct record *record, enum field_id id, enum tcplog_name name)
{
    record_set(record, id)->text = tcplog_name_texts[name];
}

#ifdef __cplusplus
}
#endif

#endif
