/* Nasty values, and records put together of them; see nasty.h. It knows the field table and nothing of writers. */
#include "nasty.h"

#include "model/columns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { LONG_PATH = 5000, PER_TURN = 3, PER_SESSION = 11, VERBS = 5, REPLIES = 7 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char long_path[LONG_PATH], huge_text[NASTY_LONGEST];

static const struct str texts[] = {
    STR("plain"),
    STR(""),
    STR("\""),
    STR("\"\""),
    STR("say \"hi\", twice"),
    STR(","),
    STR("a,b"),
    STR("\r"),
    STR("\n"),
    STR("a\r\nb"),
    STR("ends in CR\r"),
    STR("\nbegins with LF"),
    STR(" leading"),
    STR("trailing "),
    STR("\ttab"),
    STR("tab\t"),
    STR(" "),
    STR("   "),
    STR("\\"),
    STR("\\n is no line feed"),
    STR("C:\\LOGS\\"),
    STR("/"),
    STR("\x01\x02\x1b[31m\x1f"),
    STR("\b\f\v"),
    STR("\x7f"),
    STR("\xEF\xBF\xBD"),
    STR("\xEF\xBB\xBF"
        "after a BOM"),
    STR("gr\xC3\xBC\xC3\x9F"
        "e"),
    STR("\xF0\x9F\x93\xAC four bytes \xF4\x8F\xBF\xBF"),
    STR("\xE2\x80\xA8\xE2\x80\xA9"),
    STR("null"),
    STR("true"),
    STR("42"),
    STR("-ERR"),
    STR("+OK"),
    STR("=1+1"),
    STR("@x"),
    STR("[\"a\"]"),
    STR("{}"),
    STR("***"),
    STR("5.1.1"),
    STR("'quoted'"),
    STR("sixteen bytes ok"),
    STR("sixteen bytes,no"),
    STR("a quote in the second block \" of sixteen bytes"),
    STR("a long line that needs no marks at all to be written"),
    { long_path, LONG_PATH },
    { huge_text, NASTY_LONGEST },
};

static const struct str bytes[] = {
    STR(""),        STR("a"),
    STR("ab"),      STR("abc"),
    STR("\0\0\0"),  STR("\xFF\xFE\x80"),
    STR("\"\r\n,"), { huge_text, NASTY_LONGEST },
};

static const int64_t numbers[] = { 1,
                                   2,
                                   9,
                                   10,
                                   11,
                                   99,
                                   100,
                                   101,
                                   999,
                                   1000,
                                   9999,
                                   10000,
                                   65535,
                                   99999,
                                   100000,
                                   1234567,
                                   4294967295,
                                   4294967296,
                                   999999999999999999 };

static const struct str items[] = { STR("8BITMIME"), STR(""),   STR("a\"b"), STR("x,y"),
                                    STR("\r\n"),     STR("\\"), STR(" "),    STR("\xF0\x9F\x93\xAC") };

/* Fields of a pattern need a value that fits it: what the table cannot make up. */
static const struct sample {
    enum field_id id;
    struct str values[2];
} samples[] = {
    { FIELD_schema, { STR("1.0"), STR("1.0") } },
    { FIELD_session_id,
      { STR("0123456789abcdef0123456789abcdef"), STR("fedcba9876543210fedcba9876543210") } },
    { FIELD_time, { STR("2014-08-06T21:41:43.760"), STR("2014-08-06T21:41:43.760+02:00") } },
    { FIELD_time_zone, { STR("Europe/Amsterdam"), STR("+02:00") } },
    { FIELD_end_time, { STR("2014-08-06T21:41:50.963"), STR("2014-08-06T21:41:50.963Z") } },
    { FIELD_time_logged, { STR("21:41:43.760"), STR("00:00:00.000") } },
    { FIELD_diagnosis, { STR("login-refused"), STR("x") } },
};

void nasty_begin(void)
{
    static const char mix[] = "path, with \"marks\" \\ and \xC3\xA9/";
    for (size_t i = 0; i < LONG_PATH; i++)
        long_path[i] = mix[i % (sizeof(mix) - 1)];
    /* not in the middle of a character */
    long_path[LONG_PATH - 1] = long_path[LONG_PATH - 2] = '!';
    for (size_t i = 0; i < NASTY_LONGEST; i++)
        huge_text[i] = i % 997 ? (char)('a' + i % 26) : "\"\\\n,\r\x01"[i / 997 % 6];
}

/* Which of the choices a field takes in one life of it: mixed, but the same each time. */
static size_t mix(size_t round, size_t id)
{
    uint64_t x = (round + 1) * 0x9E3779B97F4A7C15u ^ (id + 1) * 0xD1B54A32D192ED03u;
    x ^= x >> 29;
    x *= 0xBF58476D1CE4E5B9u;
    return (size_t)(x >> 33);
}

/* Some come again. */
static size_t round_of(size_t i, enum field_life life)
{
    static const size_t per[] = { [LIFE_SESSION] = PER_SESSION, [LIFE_TURN] = PER_TURN, [LIFE_EVENT] = 1 };
    static const size_t of[] = { [LIFE_VERB] = VERBS, [LIFE_REPLY] = REPLIES };
    return life == LIFE_VERB || life == LIFE_REPLY ? i % of[life] : i / per[life];
}

static struct str sample_of(enum field_id id, size_t choice)
{
    for (size_t i = 0; i < COUNT(samples); i++)
        if (samples[i].id == id)
            return samples[i].values[choice % 2];
    fail_msg("no sample for %s", tcplog_fields[id].name);
    return STR("");
}

static struct str name_value(enum field_id id, size_t choice)
{
    struct names names = names_of(tcplog_fields[id].names);
    if (names.end == 0)
        return sample_of(id, choice);
    return tcplog_name_texts[names.first + (int)(choice % (size_t)(names.end - names.first))];
}

static void set_value(struct record *record, enum field_id id, size_t choice)
{
    union value *value = record_set(record, id);
    switch (tcplog_fields[id].type) {
    case TYPE_TEXT: value->text = texts[choice % COUNT(texts)]; break;
    case TYPE_BYTES: value->text = bytes[choice % COUNT(bytes)]; break;
    case TYPE_NUMBER: value->number = numbers[choice % COUNT(numbers)] - (column_minimum(id) == 0); break;
    case TYPE_FLAG: value->number = choice % 2; break;
    case TYPE_LIST: value->list = (struct list){ items + choice % 3, choice / 3 % 6 }; break;
    default: value->text = name_value(id, choice); break;
    }
}

/* These follow from each other, and from i so that no key comes twice. */
static void set_identity(struct made *made, size_t i)
{
    struct record *record = &made->record;
    struct str session = record->values[FIELD_session_id].text;
    snprintf(made->id, sizeof(made->id), "%.*s-%c%zu", (int)session.n, session.p, "lxms"[record->kind],
             i + 1);
    record_text(record, FIELD_kind, str_of(tcplog_kind_names[record->kind]));
    record_text(record, FIELD_id, str_of(made->id));
    record_number(record, FIELD_sequence, (int64_t)i + 1);
}

void nasty_make(struct made *made, enum kind kind, size_t i)
{
    struct record *record = &made->record;
    *made = (struct made){ .record.kind = kind };
    for (int life = 0; life < LIFE_COUNT; life++)
        record->generation[life] = 1 + (size_t)kind + KIND_COUNT * round_of(i, (enum field_life)life);
    for (enum field_id id = 0; id < FIELD_count; id++) {
        size_t choice = mix(round_of(i, tcplog_fields[id].life), id);
        if (id != FIELD_id && column_in(id, kind) && (column_always(id, kind) || choice % 4))
            set_value(record, id, choice / 4);
    }
    set_identity(made, i);
}
