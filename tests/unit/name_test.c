/* What the names of log files say, and which names say nothing. */
#include "source/name.h"
#include "views.h"

#define NO NAMES_protocol_unknown

static const struct {
    const char *path;
    enum tcplog_name application, role, protocol;
} known[] = {
    { "TCP0000.WPM", NAMES_application_pegasus, NAMES_role_client, NO },
    { "/var/x/TCP000A.MS", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_smtp },
    { "tcpffff.mp", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_pop3 },
    { "./Tcp12aB.Mi", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_imap },
    { "TCP0000.MD", NAMES_application_mercury, NAMES_role_client, NAMES_protocol_pop3 },
    { "TCP0000.MC", NAMES_application_mercury, NAMES_role_client, NAMES_protocol_smtp },
    { "TCP0000.ME", NAMES_application_mercury, NAMES_role_client, NAMES_protocol_smtp },
    { "TCP0000.MB", NAMES_application_mercury, NAMES_role_server, NO },
    { "TCP0000.MH", NAMES_application_mercury, NAMES_role_server, NO },
    { "TCP-140806-2141-0.smtp", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_smtp },
    { "TCP-140806-2141-12.POP", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_pop3 },
    { "tcp-140806-2141-0.imap", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_imap },
    { "TCP0000.pop", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_pop3 },
};

static void names_of_logs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        struct log_name name;
        log_name_read(known[i].path, &name);
        if (!name.known)
            fail_msg("%s is not known", known[i].path);
        assert_true(name.has_role);
        assert_int_equal(name.application, known[i].application);
        assert_int_equal(name.role, known[i].role);
        assert_int_equal(name.protocol, known[i].protocol);
        assert_int_equal(name.has_protocol, known[i].protocol != NO);
    }
}

static void names_of_other_files(void **state)
{
    (void)state;
    static const char *const strange[] = {
        "",
        "TCP",
        "TCP.MS",
        "TCP0000",
        "TCP000.MS",
        "TCP00000.MS",
        "TCP000G.MS",
        "XTCP0000.MS",
        "TCP0000.MSX",
        "TCP0000.MS/",
        "TCP0000.MS/x",
        "TCP0000.txt",
        "TCP-140806-2141-0.MS",
        "TCP-140806-2141-.smtp",
        "TCP-140806-2141.smtp",
        "TCP-140806-214-0.smtp",
        "TCP-14086-2141-0.smtp",
        "TCP-140230-2141-0.smtp",
        "TCP-141306-2141-0.smtp",
        "TCP-140806-2141-0x.smtp",
        "TCP-140806-2141-0.smtp.gz",
        "TCP0000.MS.jsonl",
        "mercurys.log",
        "TCP-140806-2460-0.smtp",
        "TCP-140806-2400-0.smtp",
        "TCP 140806-2141-0.smtp",
        "TCP-140806_2141-0.smtp",
    };
    for (size_t i = 0; i < COUNT(strange); i++) {
        struct log_name name;
        log_name_read(strange[i], &name);
        if (name.known || name.has_protocol || name.has_role || name.day != DAY_NONE)
            fail_msg("%s is taken for a log", strange[i]);
    }
}

static void dates_in_names(void **state)
{
    (void)state;
    struct log_name name;
    log_name_read("logs/TCP-140806-2141-0.smtp", &name);
    assert_int_equal(name.day, calendar_day(2014, 8, 6));
    assert_int_equal(name.minute, 21 * 60 + 41);
    log_name_read("TCP-991231-0000-7.pop", &name);
    assert_int_equal(name.day, calendar_day(1999, 12, 31));
    assert_int_equal(name.minute, 0);
    log_name_read("TCP-891231-2359-7.pop", &name);
    assert_int_equal(name.day, calendar_day(2089, 12, 31));
    log_name_read("TCP0000.MS", &name);
    assert_int_equal(name.day, DAY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_logs),
        cmocka_unit_test(names_of_other_files),
        cmocka_unit_test(dates_in_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
