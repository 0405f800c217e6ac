/* Reply codes: how they are found in a text, and which row of the tables answers for them. */
#include "protocol/codes.h"
#include "registry.h"
#include "views.h"

static void enhanced_codes_in_texts(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        char class;
        struct str code;
    } rows[] = {
        { STR("2.1.5 ok"), '2', STR("2.1.5") },
        { STR("5.7.606"), '5', STR("5.7.606") },
        { STR("4.999.999 x"), '4', STR("4.999.999") },
        { STR("2.1.5"), '5', STR("") },
        { STR("3.1.5"), '3', STR("") },
        { STR("2.1"), '2', STR("") },
        { STR("2.1.5x"), '2', STR("") },
        { STR("2.1.5.1"), '2', STR("") },
        { STR("2.1.1234"), '2', STR("") },
        { STR("2..15"), '2', STR("") },
        { STR("2.1. 5"), '2', STR("") },
        { STR("22.1.5"), '2', STR("") },
        { STR(" 2.1.5"), '2', STR("") },
        { STR(""), '2', STR("") },
        { STR("2.1.5\t"), '2', STR("") },
        { STR("2.12.5 x"), '2', STR("2.12.5") },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str text = exactly(rows[i].text);
        assert_str(codes_enhanced(text, rows[i].class), rows[i].code);
        free((char *)text.p);
    }
}

static void bracketed_codes_in_texts(void **state)
{
    (void)state;
    static const struct {
        struct str text, code;
    } rows[] = {
        { STR("[IN-USE] x"), STR("IN-USE") },
        { STR("[SYS/TEMP]"), STR("SYS/TEMP") },
        { STR("[UTF8]"), STR("UTF8") },
        { STR("[in-use] x"), STR("") },
        { STR("[IN USE]"), STR("") },
        { STR("[IN-USE"), STR("") },
        { STR("IN-USE]"), STR("") },
        { STR(" [IN-USE]"), STR("") },
        { STR("[]"), STR("") },
        { STR("["), STR("") },
        { STR(""), STR("") },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct str text = exactly(rows[i].text);
        assert_str(codes_bracketed(text), rows[i].code);
        free((char *)text.p);
    }
}

/* A row is known by code and context as they stand in the tables. */
static void same_row(const struct reply *row, const char *code, const char *context, const char *what)
{
    if (!code) {
        if (row)
            fail_msg("%s means '%s'", what, row->meaning.p);
        return;
    }
    if (!row || strcmp(row->code.p, code) != 0 || strcmp(row->context.p, context) != 0)
        fail_msg("%s: row %s %s", what, row ? row->code.p : "none", row ? row->context.p : "");
}

struct look_up {
    const char *code, *enhanced, *verb, *row, *context;
};

static void look_up_all(const struct reply *(*look)(struct str, struct str, struct str),
                        const struct look_up *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        same_row(look(str_of(rows[i].code), str_of(rows[i].enhanced), str_of(rows[i].verb)), rows[i].row,
                 rows[i].context, rows[i].code);
}

static void codes_of_smtp(void **state)
{
    (void)state;
    static const struct look_up rows[] = {
        { "220", "", "GREETING", "220", "GREETING" },
        { "220", "", "STARTTLS", "220", "STARTTLS" },
        { "220", "", "NOOP", "220", "" },
        { "250", "", "DATA", "250", "DATA" },
        { "250", "", "", "250", "" },
        { "211", "", "HELP", "211", "" },
        /* codes that nobody lists have the meaning of their class */
        { "299", "", "NOOP", "2", "" },
        { "399", "", "", "3", "" },
        { "431", "", "MAIL", "4", "" },
        { "599", "", "RCPT", "5", "" },
        { "199", "", "", NULL, "" },
        { "600", "", "", NULL, "" },
        { "", "", "", NULL, "" },
        { "2", "", "", "2", "" },
        { "25", "", "", "2", "" },
        { "2500", "", "", "2", "" },
        /* of a failure the enhanced code says more, of a success the verb */
        { "550", "5.1.1", "RCPT", "1.1", "" },
        { "450", "4.2.2", "RCPT", "2.2", "" },
        { "535", "5.7.8", "AUTH", "7.8", "" },
        { "250", "2.1.5", "RCPT", "250", "RCPT" },
        { "550", "5.0.0", "MAIL", "550", "MAIL" },
        { "550", "5.1.10", "RCPT", "1.10", "" },
        /* but not one that only names the matter, where the basic code stands for one cause */
        { "454", "4.7.0", "STARTTLS", "454", "STARTTLS" },
        { "421", "4.7.0", "GREETING", "421", "GREETING" },
        { "450", "4.2.0", "RCPT", "450", "RCPT" },
        { "451", "4.7.1", "RCPT", "451", "RCPT" },
        { "503", "5.5.1", "DATA", "503", "DATA" },
        { "554", "5.5.1", "DATA", "554", "DATA" },
        { "500", "5.5.1", "XFOO", "500", "" },
        { "530", "5.7.0", "MAIL", "530", "MAIL" },
        { "530", "5.7.57", "MAIL", "530", "MAIL" },
        { "535", "5.7.3", "AUTH", "535", "AUTH" },
        { "534", "5.7.9", "AUTH", "7.9", "" },
        { "554", "5.7.1", "RCPT", "7.1", "" },
        { "552", "5.7.0", "DATA", "7.0", "" },
        { "550", "5.1.0", "RCPT", "1.0", "" },
        { "503", "5.7.0", "EHLO", "7.0", "" },
        { "550", "5.5.1", "RCPT", "5.1", "" },
        { "554", "5.6.0", "DATA", "6.0", "" },
        { "450", "4.1.1", "RCPT", "450", "RCPT" },
        { "550", "5.4.1", "RCPT", "550", "RCPT" },
        { "450", "4.4.1", "RCPT", "4.1", "" },
        { "559", "5.7.0", "DATA", "7.0", "" },
        /* details that nobody registered have the meaning of their subject */
        { "550", "5.7.606", "MAIL", "7", "" },
        { "450", "4.1.99", "RCPT", "1", "" },
        { "550", "5.0.7", "MAIL", "550", "MAIL" },
        { "550", "5.9.1", "MAIL", "550", "MAIL" },
        { "550", "5.12.1", "MAIL", "550", "MAIL" },
        { "550", "5.", "MAIL", "550", "MAIL" },
    };
    look_up_all(codes_smtp, rows, COUNT(rows));
}

static void codes_of_pop3(void **state)
{
    (void)state;
    static const struct look_up rows[] = {
        { "+OK", "", "GREETING", "+OK", "GREETING" },
        { "+OK", "", "XTND", "+OK", "" },
        { "-ERR", "", "RETR", "-ERR", "RETR" },
        { "-ERR", "", "XTND", "-ERR", "" },
        { "-ERR", "IN-USE", "PASS", "[IN-USE]", "" },
        { "-ERR", "AUTH", "PASS", "[AUTH]", "" },
        { "-ERR", "NO-SUCH-CODE", "PASS", "-ERR", "PASS" },
        { "-ERR", "A-CODE-THAT-IS-LONGER-THAN-ANY-ROW", "PASS", "-ERR", "PASS" },
        { "+", "", "AUTH", "+", "AUTH" },
        { "+", "", "", "+", "" },
        { "*", "", "", NULL, "" },
        { "", "", "", NULL, "" },
    };
    look_up_all(codes_pop3, rows, COUNT(rows));
}

/* Every row can be found by what stands in it: the tables are sorted as the look-up needs it. */
static void every_row_is_found(void **state)
{
    (void)state;
#define REPLY(code, context, meaning, reference, action) { code, context, meaning, reference },
    static const struct {
        const char *code, *context, *meaning, *reference;
    } smtp[] = {
#include "protocol/smtp_replies.def"
    },
      pop3[] = {
#include "protocol/pop3_replies.def"
      };
#undef REPLY
    static const struct str none = { "", 0 };
    for (size_t i = 0; i < COUNT(smtp); i++) {
        assert_true(smtp[i].meaning[0] && smtp[i].reference[0]);
        same_row(codes_smtp(str_of(smtp[i].code), none, str_of(smtp[i].context)), smtp[i].code,
                 smtp[i].context, smtp[i].code);
    }
    for (size_t i = 0; i < COUNT(pop3); i++) {
        assert_true(pop3[i].meaning[0] && pop3[i].reference[0]);
        same_row(codes_pop3(str_of(pop3[i].code), none, str_of(pop3[i].context)), pop3[i].code,
                 pop3[i].context, pop3[i].code);
    }
}

static void every_registered_detail_is_found(void **state)
{
    (void)state;
#define ENHANCED(code, meaning, reference, action) code,
    static const char *const codes[] = {
#include "protocol/enhanced_codes.def"
    };
#undef ENHANCED
    for (size_t i = 0; i < COUNT(codes); i++) {
        char text[16] = "5.";
        if (strcmp(codes[i], "0.0") == 0 || !strchr(codes[i], '.'))
            continue;
        memcpy(text + 2, codes[i], strlen(codes[i]) + 1);
        assert_str(codes_enhanced(str_of(text), '5'), str_of(text));
        /* a code that no row has cannot say more */
        same_row(codes_smtp(STR("559"), str_of(text), STR("RCPT")), codes[i], "", text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enhanced_codes_in_texts), cmocka_unit_test(bracketed_codes_in_texts),
        cmocka_unit_test(codes_of_smtp),           cmocka_unit_test(codes_of_pop3),
        cmocka_unit_test(every_row_is_found),      cmocka_unit_test(every_registered_detail_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
