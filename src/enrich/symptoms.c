/* What the course of a session shows, over and above the replies in it. "Closed normally" is printed for every session
 * that ever connected, so nothing here believes it: the dialogue alone is asked (FORMAT 5.2). */
#include "enrich/symptoms.h"

#include "base/decimal.h"
#include "enrich/signs.h"

static bool is_server(const struct session_facts *session)
{
    return session->has_role && session->role == NAMES_role_server;
}

static bool is_logged_whole(const struct session_facts *session)
{
    return session->ending != NAMES_ending_missing;
}

static bool said_nothing(const struct session_facts *session)
{
    return session->client_bytes == 0 && session->server_bytes == 0;
}

static bool is_connecting(const struct session_facts *session)
{
    return session->connected.stamp != UINT32_MAX && said_nothing(session);
}

bool session_achieved(const struct session_facts *session)
{
    return session->messages_sent || session->messages_fetched || session->traces.stages_ok & AT_MAILBOX;
}

bool session_agreed(const struct session_facts *session)
{
    bool greeted = session->greeted.stamp != UINT32_MAX;
    return session->exchanges - session->failures - session->unanswered > session->goodbyes + greeted;
}

/* "127.0.0.1:1101"; an IPv6 address has more colons than one (FORMAT 5.3, no. 4). */
uint64_t host_has_port(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    struct str host = session->server;
    const char *colon = host.n ? memchr(host.p, ':', host.n) : NULL;
    if (!colon || colon + 1 == host.p + host.n)
        return 0;
    for (const char *at = colon + 1; at < host.p + host.n; at++)
        if (!is_digit(*at))
            return 0;
    return session->line_end;
}

/* The wait has a second of doubt: two clocks are mixed in the stamps (FORMAT 4.1). */
static bool waited(const struct session_facts *session, const struct moment *since, int64_t ms)
{
    enum { DOUBT_MS = 1000 };
    return since->stamp != UINT32_MAX && session->ended.stamp != UINT32_MAX &&
           session->ended.at - since->at + DOUBT_MS >= ms;
}

bool session_waited_out(const struct session_facts *session, const struct moment *since)
{
    return session->timeout && waited(session, since, (int64_t)session->timeout * 1000);
}

/* Nobody answered the attempt to connect: so say error 6 and words of other errors and of remarks (which have no others in
 * this row of the table). Error 15 does not say why (FORMAT 5.3, no. 6): a refusal comes at once, on Windows within some
 * three seconds, for it asks again; but Windows itself gives up after 21, whatever the program's timeout is. */
uint64_t waited_to_connect(const struct session_facts *session, const struct exchange *exchange)
{
    enum { TOO_LONG_MS = 6000 };
    (void)exchange;
    bool told = session->error_line == 0 || str_starts(session->error, STR("6:")) ||
                signs_in("timed out|timeout|10060", session->error);
    bool too_long =
        str_starts(session->error, STR("15:")) && waited(session, &session->connected, TOO_LONG_MS);
    bool timed_out = told || too_long || session_waited_out(session, &session->connected);
    return line_if(is_connecting(session) && !session->tls.established && timed_out, session->line_end);
}

uint64_t nothing_was_said(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(said_nothing(session), session->line_end);
}

uint64_t is_clients_log(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(!is_server(session), session->line_end);
}

/* The line with the first bytes of a TLS handshake where a command should stand (FORMAT 5.3, no. 8, seen from the
 * server). */
uint64_t began_tls_unasked(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.handshake;
}

/* The connection stood and the server said nothing (FORMAT 5.3, no. 7); a server's own log cannot show that of its
 * client. */
uint64_t got_no_greeting(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    bool silent = session->connected.stamp != UINT32_MAX && session->server_bytes == 0 && !is_server(session);
    uint64_t end = seen->closing ? seen->closing : seen->remark;
    return line_if(silent, session->error_line ? session->error_line : end);
}

/* Words of another protocol than the log's, or of none; and the client did nothing but try what that one does not know,
 * and leave. Else it is the name of the file that is wrong. */
uint64_t met_a_stranger(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    bool understood = session_agreed(session) || seen->unanswered || session_achieved(session);
    for (unsigned stage = AT_HELLO; stage < AT_GOODBYE; stage <<= 1)
        understood |= seen->heard[__builtin_ctz(stage)] != 0;
    return line_if(!understood, seen->stranger);
}

/* The log ends behind `Connect to`, without an error (FORMAT 5.3, no. 6). */
uint64_t stops_at_connect(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_connecting(session) && !is_logged_whole(session), session->line_end);
}

/* The server agreed to STARTTLS, and nothing came after that (FORMAT 5.3, no. 12): neither a remark of TLS nor a
 * reply. */
uint64_t never_began_tls(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    bool began = session->tls.established || seen->answer > seen->starttls;
    return line_if(!began && is_logged_whole(session), seen->starttls);
}

/* The end of a message that got no reply: it may have been delivered (FORMAT 5.3, no. 14). */
uint64_t lost_the_last_reply(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.message_sent;
}

uint64_t lost_after_all(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.discarded;
}

/* The last line of a message without an end, in a log that has one (else the log may have been copied too early). */
uint64_t broke_in_message(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_logged_whole(session), session->traces.message_open);
}

/* The same of a message that the server was sending (FORMAT 5.3, no. 15). */
uint64_t broke_in_download(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_logged_whole(session), session->traces.fetch_open);
}

bool session_is_past(const struct session_facts *session, uint64_t line)
{
    const struct traces *seen = &session->traces;
    if (seen->unanswered)
        return false;
    return (seen->goodbye && line > seen->goodbye) || (session->goodbyes && line > seen->answer);
}

bool session_is_in_order(const struct session_facts *session)
{
    const struct traces *seen = &session->traces;
    uint64_t loose = seen->handshake | seen->message_sent | seen->message_open | seen->fetch_open |
                     seen->goodbye | seen->unanswered;
    return session->server_bytes && session->goodbyes && session->error_line == 0 && loose == 0;
}

/* The error that ended it, if it was one; not what went wrong with a last goodbye. */
static uint64_t breaking_error(const struct session_facts *session)
{
    return line_if(!session_is_past(session, session->error_line), session->error_line);
}

/* Errors 6, 8 and 10: of the connection, of reading, of writing (FORMAT 2.5). */
static uint64_t timeout_error(const struct session_facts *session)
{
    bool timeout = str_starts(session->error, STR("8:")) || str_starts(session->error, STR("6:")) ||
                   str_starts(session->error, STR("10:"));
    return line_if(timeout, breaking_error(session));
}

/* The client's time was up, by its error or by the clock: the new library may say so in words that nobody knows
 * yet. */
uint64_t waits_for_server(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    uint64_t error = timeout_error(session);
    return line_if(!is_server(session), error ? error : line_if(seen->outwaited, seen->unanswered));
}

uint64_t waits_for_client(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_server(session), timeout_error(session));
}

/* Mail was taken, none was refused, and no other has been begun since. */
uint64_t has_all_mail(const struct session_facts *session, const struct exchange *exchange)
{
    const struct traces *seen = &session->traces;
    bool refused = seen->heard[__builtin_ctz(AT_SENDER)] + seen->heard[__builtin_ctz(AT_RECIPIENT)] +
                       seen->heard[__builtin_ctz(AT_MESSAGE)] >
                   0;
    bool over = seen->taken > seen->last_ok[__builtin_ctz(AT_SENDER)];
    return line_if(over && !refused, exchange->line_end);
}

/* Greeted, and over before a login, a mail or a goodbye. */
static bool is_gone_early(const struct session_facts *session)
{
    bool greeted = session->greeted.stamp != UINT32_MAX;
    bool done =
        session->goodbyes || session->traces.goodbye || session->login_ok || session_achieved(session);
    return greeted && !done && is_logged_whole(session);
}

/* A session whose last command has no reply was cut by the other side, even with no error line; so was one of a client that
 * came to nothing, as far as its own log can tell. */
uint64_t lost_connection(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    uint64_t error = breaking_error(session);
    if (error || session->goodbyes || !is_logged_whole(session))
        return error;
    bool warned = seen->warning > seen->answer && !session_is_past(session, seen->warning);
    bool gone = !is_server(session) && session->failures == 0 && is_gone_early(session);
    uint64_t end = warned ? seen->warning : line_if(gone, seen->closing);
    return seen->unanswered ? seen->unanswered : end;
}

/* Something was under way that had not come to its end. */
static bool is_open(const struct session_facts *session)
{
    const struct traces *seen = &session->traces;
    return seen->unanswered || seen->goodbye || seen->fetch_open;
}

/* The log breaks off while something is under way. */
uint64_t stops_inside(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool last = session->goodbyes == 0 && is_open(session);
    return line_if(last && !is_logged_whole(session), session->line_end);
}

/* Marks for deletion take effect with the reply to QUIT only (RFC 1939 6): without it the mails may come again. */
uint64_t lost_the_goodbye(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(session->messages_fetched > 0, session->traces.goodbye);
}

/* Greeted, and gone before a login, a mail or a goodbye; only a server's log shows that it was the client. */
uint64_t left_early(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_server(session) && is_gone_early(session), session->traces.closing);
}

uint64_t misses_a_reply(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.unanswered;
}

uint64_t showed_password(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.clear_login;
}

/* TLS was offered, and a mail or a password went out in clear (FORMAT 5.3, no. 11); not by a client that tried. */
uint64_t left_tls_unused(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool exposed = session->messages_sent || session->traces.clear_login;
    bool offered = session->traces.tls_passed_up || session_offers_tls(session);
    bool tried = session->tls.established || session->traces.heard[__builtin_ctz(AT_TLS)];
    return line_if(exposed && offered && !tried, session->line_end);
}

/* Where there is a cause, that is why. */
uint64_t has_no_farewell(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(!session->verdict.cause, session->traces.goodbye);
}

/* The talk came to no goodbye and the log to no end, though nothing was left open. */
uint64_t has_no_ending(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool talked = session->traces.answer && session->goodbyes == 0;
    return line_if(talked && !is_open(session) && !is_logged_whole(session), session->line_end);
}

/* More than half of the timeout: a little more load, and it is a failure. */
uint64_t was_nearly_too_slow(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    int64_t half = (int64_t)session->timeout * 1000 / 2;
    return line_if(half && session->trips.count && session->trips.slowest_ms > half,
                   session->trips.slowest_line);
}

uint64_t has_strange_lines(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(session->lines_unparsed > 0, session->line_end);
}
