/* What passes for a record without a parser: whatever does, jansson takes for one, too; and what the writer makes does. */
#include "readback/flat.h"
#include "views.h"

#include <jansson.h>

#define RECORD(rest) "{\"kind\":\"line\",\"schema\":\"1.0\"" rest "}"

static const char *const good[] = {
    "{\"kind\":\"session\"}",
    RECORD(""),
    RECORD(",\"a\":\"\",\"b\":-12,\"c\":0,\"d\":true,\"e\":false,\"f\":[],\"g\":[\"\"],\"h\":[\"x\",\"y\"]"),
    RECORD(",\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\\\\\",\"n\":123456789012345678"),
    RECORD(
        ",\"a\":\"caf\xc3\xa9 } , {\",\"b\":\"a text that is longer than a block of sixteen bytes, or two of them\""),
};

/* Some of these a parser takes. */
static const char *const other[] = {
    "",
    "{",
    "{}",
    "{21:37:28 << PASS secret}",
    "{\"kind\":\"nonsense\"}",
    "{\"kind\":\"linen\"}",
    "{\"kind\":\"line\"",
    "{\"kind\":\"line\",}",
    "{\"kind\":\"line\" \"broken\"}",
    "{ \"kind\":\"line\"}",
    "{\"schema\":\"1.0\",\"kind\":\"line\"}",
    RECORD("") " ",
    RECORD("") RECORD(""),
    RECORD(",\"a\""),
    RECORD(",\"a\":"),
    RECORD(",\"a\":\"x"),
    RECORD(",\"a\":\"x\\"),
    RECORD(",\"a\":\"x\\\"}"),
    RECORD(",\"a\":\"\\x\""),
    RECORD(",\"a\":\"\\u0000\""),
    RECORD(",\"a\":\"\\u00\""),
    RECORD(",\"a\":\"\\u20ac\""),
    RECORD(",\"a\":\"tab\there\""),
    RECORD(",\"a\":\"latin \xe9\""),
    RECORD(",\"a\":01"),
    RECORD(",\"a\":-"),
    RECORD(",\"a\":1.0"),
    RECORD(",\"a\":1e3"),
    RECORD(",\"a\":1234567890123456789"),
    RECORD(",\"a\":null"),
    RECORD(",\"a\":truex"),
    RECORD(",\"a\":{}"),
    RECORD(",\"a\":[1]"),
    RECORD(",\"a\":[\"x\",]"),
    RECORD(",\"a\":[\"x\""),
    RECORD(",,\"a\":1"),
};

static void records(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        if (!flat_is_record(str_of(good[i])))
            fail_msg("%s", good[i]);
}

static void what_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(other); i++)
        if (flat_is_record(str_of(other[i])))
            fail_msg("%s", other[i]);
}

static bool parses(struct str line)
{
    json_t *record = json_loadb(line.p, line.n, 0, NULL);
    bool found = json_is_string(json_object_get(record, "kind"));
    json_decref(record);
    return found;
}

/* Each byte of each record becomes any other, and each record is cut anywhere. */
static void nothing_that_a_parser_refuses(void **state)
{
    (void)state;
    char line[512];
    for (size_t i = 0; i < COUNT(good); i++) {
        size_t n = strlen(good[i]);
        for (size_t at = 0; at < n; at++) {
            assert_false(flat_is_record((struct str){ good[i], at }));
            for (int byte = 0; byte < 256; byte++) {
                memcpy(line, good[i], n);
                line[at] = (char)byte;
                if (flat_is_record((struct str){ line, n }) && !parses((struct str){ line, n }))
                    fail_msg("%.*s", (int)n, line);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(what_is_none),
        cmocka_unit_test(nothing_that_a_parser_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
