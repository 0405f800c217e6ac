/* The field table and the tables of names, expanded from schemas/fields.def and schemas/names.def into constants.
 * It owns what a field is called and what it means; the order of a kind's columns is columns.c's, the look of a
 * value the writers'. */
#include "tcplog/record.h"

/* The words that the rows of fields.def use for their kinds. */
enum { L = 1 << KIND_LINE, X = 1 << KIND_EXCHANGE, M = 1 << KIND_MESSAGE, S = 1 << KIND_SESSION };

/* `none` stands for no set: NO_none shifts the arguments so that "" is picked; for a real set NO_set is an
 * unknown word, which is passed over, and its name is picked. */
#define NO_none _, ""
#define SECOND(first, second, ...) second
#define PICK(...) SECOND(__VA_ARGS__, "")

#define FIELD(field_name, field_type, field_life, in, never_missing, set, regex, measure, path, text) \
    { .name = #field_name,                                                                            \
      .type = TYPE_##field_type,                                                                      \
      .life = LIFE_##field_life,                                                                      \
      .kinds = (in),                                                                                  \
      .always = (never_missing),                                                                      \
      .names = PICK(NO_##set, #set),                                                                  \
      .pattern = regex,                                                                               \
      .unit = measure,                                                                                \
      .ecs = path,                                                                                    \
      .meaning = text },
const struct field tcplog_fields[] = {
#include "fields.def"
};
#undef FIELD

_Static_assert(sizeof tcplog_fields / sizeof tcplog_fields[0] == FIELD_count, "a row a field");

const char *const tcplog_kind_names[] = { "line", "exchange", "message", "session" };

_Static_assert(sizeof tcplog_kind_names / sizeof tcplog_kind_names[0] == KIND_COUNT, "a name a kind");

#define NAME(set, id, text) #set,
static const char *const name_sets[] = {
#include "names.def"
};
#undef NAME

/* Views, not strings: writers ask for the length of a name in every record. */
#define NAME(set, id, text) { "" text, sizeof(text) - 1 },
const struct str tcplog_name_texts[] = {
#include "names.def"
};
#undef NAME

const char *tcplog_name_set(enum tcplog_name name)
{
    return name_sets[name];
}
