/* Type, name, pattern and range of a value against its row in the field table. It owns the compiled patterns; it
 * knows neither JSON text nor CSV quoting, only the values that came out of them. */
#include "readback/value.h"

#include "base/decimal.h"
#include "base/utf8.h"

#include <errno.h>
#include <locale.h>

/* What a type must be found as, and the fault if it is not. */
static const struct {
    enum shape shape;
    enum fault fault;
} types[] = {
    [TYPE_TEXT] = { SHAPE_TEXT, FAULT_NOT_TEXT },       [TYPE_NAME] = { SHAPE_TEXT, FAULT_NOT_TEXT },
    [TYPE_TIME] = { SHAPE_TEXT, FAULT_NOT_TEXT },       [TYPE_BYTES] = { SHAPE_TEXT, FAULT_NOT_TEXT },
    [TYPE_NUMBER] = { SHAPE_NUMBER, FAULT_NOT_NUMBER }, [TYPE_FLAG] = { SHAPE_FLAG, FAULT_NOT_FLAG },
    [TYPE_LIST] = { SHAPE_LIST, FAULT_NOT_LIST },
};

/* Once a run: compiling costs as much as matching hundreds of records. */
static bool compile(struct rules *rules)
{
    for (int id = 0; id < FIELD_count; id++) {
        const struct field *field = &tcplog_fields[id];
        rules->names[id] = names_of(field->names);
        if (field->pattern[0] == '\0')
            continue;
        if (regcomp(&rules->patterns[id], field->pattern, REG_EXTENDED | REG_NOSUB) != 0)
            return false;
        rules->compiled[id] = true;
    }
    return true;
}

bool rules_open(struct rules *rules)
{
    /* ranges such as [a-z] are sorted by the locale of whoever calls us; ours are ASCII */
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return false;
    locale_t theirs = uselocale(plain);
    bool done = compile(rules);
    uselocale(theirs);
    freelocale(plain);
    return done;
}

void rules_close(struct rules *rules)
{
    for (int id = 0; id < FIELD_count; id++)
        if (rules->compiled[id])
            regfree(&rules->patterns[id]);
}

/* Whether a list has no other items than texts. */
static bool texts_only(const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) if (!json_is_string(item)) return false;
    return true;
}

/* Of a real that is none: 1.0. What is below all that an integer can be is below all that a field allows. */
static struct found found_real(double real)
{
    static const double beyond = 9223372036854775808.0; /* 2^63 */
    struct found found = { SHAPE_NUMBER, { NULL, 0 }, INT64_MIN };
    if (real >= beyond)
        found.shape = SHAPE_HUGE;
    else if (real >= -beyond)
        found.number = (int64_t)real;
    if (found.number != INT64_MIN && (double)found.number != real)
        found.shape = SHAPE_OTHER;
    return found;
}

struct found found_json(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return (struct found){ SHAPE_TEXT, { json_string_value(value), json_string_length(value) }, 0 };
    case JSON_INTEGER: return (struct found){ SHAPE_NUMBER, { NULL, 0 }, json_integer_value(value) };
    case JSON_REAL: return found_real(json_real_value(value));
    case JSON_TRUE:
    case JSON_FALSE: return (struct found){ SHAPE_FLAG, { NULL, 0 }, json_is_true(value) };
    case JSON_ARRAY: return (struct found){ texts_only(value) ? SHAPE_LIST : SHAPE_OTHER, { NULL, 0 }, 0 };
    default: return (struct found){ SHAPE_OTHER, { NULL, 0 }, 0 };
    }
}

/* The number below zero, where there is one more; what is below them all is the least. */
static int64_t read_negative(struct str digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits.n; i++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digits.p[i] - '0', &number))
            return INT64_MIN;
    return number;
}

/* Digits with nothing before or behind them but a minus; no leading zeros, which JSON does not know either. */
static struct found found_number(struct str cell)
{
    bool minus = cell.n > 0 && cell.p[0] == '-';
    struct str digits = str_from(cell, minus);
    bool good = digits.n > 0 && (digits.p[0] != '0' || digits.n == 1);
    for (size_t i = 0; i < digits.n; i++)
        good &= is_digit(digits.p[i]);
    if (!good)
        return (struct found){ SHAPE_OTHER, cell, 0 };
    int64_t number = read_negative(digits);
    bool huge = !minus && __builtin_sub_overflow(0, number, &number);
    return (struct found){ huge ? SHAPE_HUGE : SHAPE_NUMBER, cell, number };
}

/* A list stands in its cell as JSON text, so it is found as JSON finds it. */
static struct found found_list(struct str cell)
{
    bool starved;
    json_error_t error;
    json_t *list = json_read(cell, JSON_REJECT_DUPLICATES, &error, &starved);
    struct found found =
        list ? found_json(list) : (struct found){ starved ? SHAPE_UNKNOWN : SHAPE_OTHER, cell, 0 };
    json_decref(list);
    return found;
}

struct found found_cell(enum field_id id, struct str cell)
{
    switch (tcplog_fields[id].type) {
    case TYPE_NUMBER: return found_number(cell);
    case TYPE_FLAG:
        if (str_equal(cell, STR("true")) || str_equal(cell, STR("false")))
            return (struct found){ SHAPE_FLAG, cell, cell.n == 4 };
        return (struct found){ SHAPE_OTHER, cell, 0 };
    case TYPE_LIST: return found_list(cell);
    default: return (struct found){ SHAPE_TEXT, cell, 0 };
    }
}

/* A walk, because the sets are short: the longest has eleven names. */
static bool is_named(struct names names, struct str text)
{
    for (int i = names.first; i < names.end; i++)
        if (str_equal(tcplog_name_texts[i], text))
            return true;
    return false;
}

static void pattern_check(const regex_t *pattern, struct problems *problems, const char *name,
                          struct str text)
{
    errno = 0;
    if (regexec(pattern, text.p, 0, NULL, 0) == 0)
        return;
    /* glibc says that it does not match, whatever the reason */
    if (errno == ENOMEM)
        problems->starved = true;
    else
        problem(problems, FAULT_PATTERN, name);
}

/* UTF-8, then the set of names, then the pattern: the first that fails is reported. */
static void text_check(const struct rules *rules, struct problems *problems, enum field_id id,
                       struct str text)
{
    struct names names = rules->names[id];
    const char *name = tcplog_fields[id].name;
    /* first, because regexec stops at a NUL */
    if (!utf8_valid(text))
        problem(problems, FAULT_UTF8, name);
    else if (names.end > 0 && !is_named(names, text))
        problem(problems, FAULT_NAME, name);
    else if (rules->compiled[id])
        pattern_check(&rules->patterns[id], problems, name, text);
}

/* One report a value: what is of the wrong type is not also held against the pattern. */
void value_check(const struct rules *rules, struct problems *problems, enum field_id id, struct found found)
{
    enum field_type type = tcplog_fields[id].type;
    if (found.shape == SHAPE_UNKNOWN)
        problems->starved = true;
    else if (found.shape == SHAPE_HUGE && type == TYPE_NUMBER)
        problem(problems, FAULT_HUGE, tcplog_fields[id].name);
    else if (found.shape != types[type].shape)
        problem(problems, types[type].fault, tcplog_fields[id].name);
    else if (found.shape == SHAPE_TEXT)
        text_check(rules, problems, id, found.text);
    else if (found.shape == SHAPE_NUMBER && found.number < column_minimum(id))
        problem(problems, FAULT_NUMBER, tcplog_fields[id].name);
    else if (id == FIELD_lines)
        problems->session_lines += (uint64_t)found.number;
}

/* In the order of the table, as the schema lists what is required. */
void presence_check(const struct presence *presence, struct problems *problems, enum kind kind)
{
    problems->kinds[kind]++;
    for (int id = 0; id < FIELD_count; id++)
        if (column_always((enum field_id)id, kind) && !presence->has[id])
            problem(problems, FAULT_FIELD_MISSING, tcplog_fields[id].name);
}

json_t *json_read(struct str text, size_t flags, json_error_t *error, bool *starved)
{
    /* which jansson takes for a blank behind a number or a word */
    if (memchr(text.p, '\0', text.n)) {
        *error = (json_error_t){ .text = "NUL" };
        *starved = false;
        return NULL;
    }
    errno = 0;
    json_t *value = json_loadb(text.p, text.n, flags, error);
    /* of a value it had no memory for it says nothing at all */
    *starved = !value && (errno == ENOMEM || error->text[0] == '\0' ||
                          json_error_code(error) == json_error_out_of_memory);
    return value;
}

enum kind kind_named(const char *name)
{
    int kind = 0;
    while (kind < KIND_COUNT && strcmp(tcplog_kind_names[kind], name) != 0)
        kind++;
    return (enum kind)kind;
}
