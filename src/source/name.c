/* The file names of Pegasus Mail and Mercury/32, any case: TCPxxxx.WPM, TCP-YYMMDD-HHMM-N.pop, TCPxxxx.MS … */
#include "source/name.h"

#include "base/ascii.h"
#include "base/decimal.h"

static const struct suffix {
    const char *text;
    enum tcplog_name application, role, protocol;
    bool dated; /* TCP-YYMMDD-HHMM-N, not TCPxxxx */
} suffixes[] = {
    { "pop", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_pop3, true },
    { "smtp", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_smtp, true },
    { "imap", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_imap, true },
    { "wpm", NAMES_application_pegasus, NAMES_role_client, NAMES_protocol_unknown, false },
    { "ms", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_smtp, false },
    { "mp", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_pop3, false },
    { "mi", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_imap, false },
    { "md", NAMES_application_mercury, NAMES_role_client, NAMES_protocol_pop3, false },
    { "mc", NAMES_application_mercury, NAMES_role_client, NAMES_protocol_smtp, false },
    { "me", NAMES_application_mercury, NAMES_role_client, NAMES_protocol_smtp, false },
    { "mb", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_unknown, false },
    { "mh", NAMES_application_mercury, NAMES_role_server, NAMES_protocol_unknown, false },
};

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool counted_shape(struct str rest)
{
    return rest.n == 4 && is_hex(rest.p[0]) && is_hex(rest.p[1]) && is_hex(rest.p[2]) && is_hex(rest.p[3]);
}

/* "-YYMMDD-HHMM-N"; two-digit years from 90 belong to the last century: Pegasus is of 1990. */
static bool dated_shape(struct str rest, int32_t *day, int32_t *minute)
{
    uint32_t date, time, count;
    if (rest.n < 14 || rest.p[0] != '-' || decimal_read((struct str){ rest.p + 1, 6 }, &date) != 6 ||
        rest.p[7] != '-' || decimal_read((struct str){ rest.p + 8, 4 }, &time) != 4 || rest.p[12] != '-' ||
        decimal_read(str_from(rest, 13), &count) != rest.n - 13)
        return false;
    uint32_t year = date / 10000 + (date / 10000 >= 90 ? 1900 : 2000), month = date / 100 % 100,
             of_month = date % 100;
    if (!calendar_valid(year, month, of_month) || time / 100 > 23 || time % 100 > 59)
        return false;
    *minute = (int32_t)(time / 100 * 60 + time % 100);
    *day = calendar_day((int)year, month, of_month);
    return true;
}

static void take(struct log_name *name, const struct suffix *suffix, int32_t day, int32_t minute)
{
    *name = (struct log_name){ .known = true,
                               .has_protocol = suffix->protocol != NAMES_protocol_unknown,
                               .has_role = true,
                               .protocol = suffix->protocol,
                               .role = suffix->role,
                               .application = suffix->application,
                               .day = day,
                               .minute = minute };
}

void log_name_read(const char *path, struct log_name *name)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
    *name = (struct log_name){ .day = DAY_NONE };
    if (!dot || dot < base + 3 || !ascii_starts(str_of(base), STR("tcp")))
        return;
    struct str middle = { base + 3, (size_t)(dot - base) - 3 };
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        int32_t day = DAY_NONE, minute = 0;
        if (ascii_same(str_of(dot + 1), str_of(suffixes[i].text)) &&
            (counted_shape(middle) || (suffixes[i].dated && dated_shape(middle, &day, &minute))))
            take(name, &suffixes[i], day, minute);
    }
}
