/* JSON Lines by jansson, one tree a line: whether each line is an object, and whether its keys and values are those
 * of its kind. The values themselves are value.c's. */
#include "readback/jsonl.h"

#include "readback/csv.h"
#include "readback/flat.h"

/* jansson stops right behind a key that comes twice. Only a key of the table is named: any other would be a quote
 * from the file, and its record is reported all the same. */
static const char *key_before(struct str line, int position)
{
    if (position < 2 || (size_t)position > line.n)
        return NULL;
    size_t end = (size_t)position - 1;
    const char *start = memrchr(line.p, '"', end);
    if (!start)
        return NULL;
    start++;
    struct str key = { start, (size_t)(line.p + end - start) };
    enum field_id id = column_find(key, FIELD_kind);
    return id == FIELD_count ? NULL : tcplog_fields[id].name;
}

/* The same of a number that is too large, where jansson stops right behind it or behind what follows it. */
static const char *key_of_number(struct str line, int position)
{
    size_t n = position > 0 && (size_t)position <= line.n ? (size_t)position : 0;
    while (n && strchr("0123456789+-.eE,} \t", line.p[n - 1]))
        n--;
    while (n && strchr(": \t", line.p[n - 1]))
        n--;
    return key_before(line, (int)n);
}

/* jansson says what is wrong as a code and where as a text that quotes the line; only the code is passed on. */
static void broken(struct problems *problems, struct str line, const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        problem(problems, FAULT_DUPLICATE_KEY, key_before(line, error->position));
        break;
    case json_error_invalid_utf8: problem(problems, FAULT_UTF8, NULL); break;
    case json_error_null_character:
    case json_error_null_byte_in_key: problem(problems, FAULT_JSON_NUL, NULL); break;
    case json_error_numeric_overflow:
        problem(problems, FAULT_HUGE, key_of_number(line, error->position));
        break;
    default: problem(problems, FAULT_JSON, NULL);
    }
}

/* KIND_COUNT where the record does not say; what is wrong with `kind` itself is found with the other fields. */
static enum kind kind_of(const json_t *record)
{
    const char *name = json_string_value(json_object_get(record, tcplog_fields[FIELD_kind].name));
    return name ? kind_named(name) : KIND_COUNT;
}

/* Keys in the order of the file, so that reports come in the order in which a person meets the faults. */
static void record_check(json_t *record, const struct rules *rules, struct problems *problems)
{
    struct presence presence = { 0 };
    enum kind kind = kind_of(record);
    enum field_id id = FIELD_kind;
    const char *key;
    json_t *value;
    json_object_foreach(record, key, value)
    {
        enum field_id named = column_find(str_of(key), id);
        if (named == FIELD_count || (kind != KIND_COUNT && !column_in(named, kind))) {
            problem_foreign(problems, FAULT_FIELD_UNKNOWN, str_of(key));
            continue;
        }
        /* the next key is likely the next field */
        id = named;
        presence.has[id] = true;
        value_check(rules, problems, id, found_json(value));
    }
    /* of no kind: nobody knows what else is missing */
    if (kind != KIND_COUNT)
        presence_check(&presence, problems, kind);
    else if (!presence.has[FIELD_kind])
        problem(problems, FAULT_FIELD_MISSING, tcplog_fields[FIELD_kind].name);
}

/* What is surely JSON can be wrong in no other way than that a key comes twice, or that there was no memory. */
static bool is_good(struct str line, const json_error_t *error)
{
    while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
        line.n--;
    return json_error_code(error) != json_error_duplicate_key && flat_is_record(line);
}

/* False: no memory for the tree. */
static bool line_check(struct str line, const struct rules *rules, struct problems *problems)
{
    json_error_t error;
    bool starved;
    json_t *record = json_read(line, JSON_REJECT_DUPLICATES, &error, &starved);
    if (json_is_object(record))
        record_check(record, rules, problems);
    else if (record)
        problem(problems, FAULT_JSON_ROOT, NULL);
    else if (starved || is_good(line, &error))
        return false;
    else
        broken(problems, line, &error);
    json_decref(record);
    return true;
}

bool jsonl_check(struct stream *stream, const struct rules *rules, struct problems *problems,
                 uint64_t *records)
{
    struct str line;
    while (stream_line(stream, &line)) {
        ++*records;
        problems->line = stream->number;
        if (stream->number == 1 && csv_take_mark(&line))
            problem(problems, FAULT_MARK, NULL);
        if (stream->too_long)
            problem(problems, FAULT_TOO_LONG, NULL);
        else if (!line_check(line, rules, problems))
            return false;
    }
    return true;
}
