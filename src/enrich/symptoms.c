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

static uint64_t line_if(bool so, uint64_t line)
{
    return so ? line : 0;
}

bool session_achieved(const struct session_facts *session)
{
    return session->messages_sent || session->messages_fetched || session->traces.stages_ok & AT_MAILBOX;
}

/* "127.0.0.1:1101"; an IPv6 address has more colons than one. */
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
bool session_waited_out(const struct session_facts *session, const struct moment *since)
{
    enum { DOUBT_MS = 1000 };
    int64_t ms = session->ended.at - since->at;
    return session->timeout && since->stamp != UINT32_MAX && session->ended.stamp != UINT32_MAX &&
           ms + DOUBT_MS >= (int64_t)session->timeout * 1000;
}

uint64_t waited_to_connect(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool timed_out =
        str_starts(session->error, STR("6:")) || session_waited_out(session, &session->connected);
    return line_if(is_connecting(session) && timed_out, session->line_end);
}

uint64_t nothing_was_said(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(said_nothing(session), session->line_end);
}

uint64_t began_tls_unasked(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.handshake;
}

uint64_t got_no_greeting(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    bool silent = session->connected.stamp != UINT32_MAX && session->server_bytes == 0 && !is_server(session);
    uint64_t end = seen->closing ? seen->closing : seen->remark;
    return line_if(silent, session->error_line ? session->error_line : end);
}

uint64_t stops_at_connect(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_connecting(session) && !is_logged_whole(session), session->line_end);
}

uint64_t never_began_tls(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    bool began = session->tls.established || seen->answer > seen->starttls;
    return line_if(!began && is_logged_whole(session), seen->starttls);
}

/* What the server lists behind EHLO, CAPA or CAPABILITY. */
static bool offers(const struct session_facts *session, const char *starts, const char *words)
{
    for (size_t i = 0; i < session->capability_count; i++) {
        struct str offer = session->capabilities[i];
        if (signs_in(starts, str_upto(offer, offer.n < 8 ? offer.n : 8)) && signs_in(words, offer))
            return true;
    }
    return false;
}

/* 503 and 504 in reply to MAIL or RCPT are about the order of commands or the name of the client, unless the text speaks of
 * a login. 530 is about one (RFC 4954 6), or about TLS (RFC 3207 4), which a row before this one has heard. */
uint64_t offered_no_login(const struct session_facts *session, const struct exchange *exchange)
{
    bool greeted = session->traces.stages_ok & AT_HELLO;
    bool login = exchange->verb && exchange->verb->flags & VERB_AUTHENTICATES;
    bool wanted =
        login || str_equal(exchange->code, STR("530")) || signs_in("authent|login|log in", exchange->text);
    return line_if(greeted && wanted && !offers(session, "auth|sasl", "auth|sasl"), exchange->line_end);
}

uint64_t refused_cram_md5(const struct session_facts *session, const struct exchange *exchange)
{
    return line_if(signs_in("cram-md5", session->mechanism) && offers(session, "auth|sasl", "login|plain"),
                   exchange->line_end);
}

uint64_t wants_app_password(const struct session_facts *session, const struct exchange *exchange)
{
    static const char hosts[] =
        "gmail.com|googlemail.com|google.com|outlook.com|office365.com|hotmail.com|live.com|yahoo.|aol.com|icloud.com";
    static const char words[] =
        "app password|application-specific|app-specific|gsmtp|support.google|[webalert]|web login required|web browser|oauth|basic authentication|less secure|outlook.com|5.7.139";
    return line_if(signs_in(hosts, session->server) || signs_in(words, exchange->text), exchange->line_end);
}

/* Many servers keep what they have against the sender until a recipient is named (Postfix by default):
 * "450 4.1.8 <ann@b.example>: Sender address rejected: Domain not found". X.1.7 and X.1.8 are about the sender's address
 * (RFC 3463 3.2). */
uint64_t blames_sender(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] = "sender address rejected|sender verify failed|domain of sender";
    (void)session;
    bool asked = exchange->verb && exchange->verb->flags & VERB_OPENS_MAIL;
    bool code = str_ends(exchange->enhanced, STR(".1.7")) || str_ends(exchange->enhanced, STR(".1.8"));
    return line_if(asked || code || signs_in(words, exchange->text), exchange->line_end);
}

uint64_t lost_the_last_reply(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return session->traces.message_sent;
}

uint64_t broke_in_message(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(is_logged_whole(session), session->traces.message_open);
}

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

/* The error that ended it, if it was one; not what went wrong with a last goodbye. */
static uint64_t breaking_error(const struct session_facts *session)
{
    return line_if(!session_is_past(session, session->error_line), session->error_line);
}

static uint64_t timeout_error(const struct session_facts *session)
{
    bool timeout = str_starts(session->error, STR("8:")) || str_starts(session->error, STR("6:")) ||
                   str_starts(session->error, STR("10:"));
    return line_if(timeout, breaking_error(session));
}

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

/* A session whose last command has no reply was cut by the other side, even with no error line. */
uint64_t lost_connection(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    const struct traces *seen = &session->traces;
    uint64_t error = breaking_error(session);
    if (error || session->goodbyes || !is_logged_whole(session))
        return error;
    return seen->unanswered ? seen->unanswered : line_if(seen->warning > seen->answer, seen->warning);
}

static bool is_open(const struct session_facts *session)
{
    const struct traces *seen = &session->traces;
    return seen->unanswered || seen->goodbye || seen->fetch_open;
}

uint64_t stops_inside(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool last = session->goodbyes == 0 && is_open(session);
    return line_if(last && !is_logged_whole(session), session->line_end);
}

uint64_t lost_the_goodbye(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(session->messages_fetched > 0, session->traces.goodbye);
}

uint64_t left_early(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool greeted = session->greeted.stamp != UINT32_MAX;
    bool done =
        session->goodbyes || session->traces.goodbye || session->login_ok || session_achieved(session);
    return line_if(greeted && !done && is_logged_whole(session), session->traces.closing);
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

uint64_t left_tls_unused(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool exposed = session->messages_sent || session->traces.clear_login;
    return line_if(exposed && !session->tls.established && offers(session, "starttls|stls", "tls|stls"),
                   session->line_end);
}

/* Where there is a cause, that is why. */
uint64_t has_no_farewell(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    return line_if(!session->verdict.cause, session->traces.goodbye);
}

uint64_t has_no_ending(const struct session_facts *session, const struct exchange *exchange)
{
    (void)exchange;
    bool talked = session->traces.answer && session->goodbyes == 0;
    return line_if(talked && !is_open(session) && !is_logged_whole(session), session->line_end);
}

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
