/* Why a login was refused, where code and words leave a choice: the tests that rows of diagnosis_logins.def name. */
#include "enrich/diagnosis.h"

#include "enrich/signs.h"

/* FORMAT 5.3, no. 3: CRAM-MD5 is what Mercury takes where it is offered, whether it works or not. */
uint64_t refused_cram_md5(const struct session_facts *session, const struct exchange *exchange)
{
    bool asked = signs_in("cram-md5", session->mechanism);
    bool choice = session_offers(session, "auth|sasl", "cram-md5") &&
                  session_offers(session, "auth|sasl", "login|plain");
    return line_if(asked && choice, exchange->line_end);
}

/* With a dot in front of the host, a name fits whole labels only: "pop.live.com", but not "mail.olive.com". */
static bool is_large_provider(struct str server)
{
    enum { HOST_LONGEST = 255 };
    static const char names[] =
        ".gmail.com|.googlemail.com|.google.com|.outlook.com|.office365.com|.hotmail.com|.live.com|.yahoo.|.aol.com|"
        ".icloud.com|.me.com|.fastmail.com|.messagingengine.com";
    char host[1 + HOST_LONGEST] = ".";
    size_t n = server.n < HOST_LONGEST ? server.n : HOST_LONGEST;
    if (n)
        memcpy(host + 1, server.p, n);
    return signs_in(names, (struct str){ host, 1 + n });
}

/* "534 5.7.9 Application-specific password required", and what a provider says where it wants to be asked for one. */
static bool names_other_password(const struct exchange *exchange)
{
    static const char words[] = "app password|application password|application-specific|application specific|"
                                "app-specific|[webalert]|web login required|web browser|authorization code|"
                                "passwort f\xc3\xbcr e-mail-programme|passwort fuer e-mail-programme";
    return signs_in(words, exchange->text);
}

/* Who logs in with a token has no password that could be wrong, or of the wrong kind. */
uint64_t refused_token(const struct session_facts *session, const struct exchange *exchange)
{
    bool token = signs_in("xoauth2|oauthbearer", session->mechanism);
    bool for_now = exchange->status == NAMES_status_transient_failure;
    return line_if(token && !for_now, exchange->line_end);
}

/* Providers that take no ordinary password of a mail program, by the name of the host or by what they say (FORMAT
 * 5.3, no. 2). No password is of the wrong kind for now only. */
uint64_t wants_app_password(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] =
        "gsmtp|support.google|oauth|basic authentication|less secure|outlook.com|5.7.139|"
        "username and password not accepted|invalid credentials (failure)";
    bool for_now = exchange->status == NAMES_status_transient_failure;
    bool provider = is_large_provider(session->server) || signs_in(words, exchange->text);
    return line_if(!for_now && (provider || names_other_password(exchange)), exchange->line_end);
}

/* What closes an account, but "authentication not enabled" and "basic authentication is disabled": that is for all. Nor is
 * an address of the network an account, or a token. */
uint64_t closes_account(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] =
        "basic authentication|authentication not enabled|authentication is not enabled|"
        "ip address|ip-adresse|your ip |token";
    (void)session;
    return line_if(!signs_in(words, exchange->text), exchange->line_end);
}

/* "421 4.7.0 Too many authentication failures" */
static bool counts_attempts(const struct exchange *exchange)
{
    return signs_in("too many|login attempts", exchange->text);
}

/* Where logins of this very session are what failed too often, it is told of the first of them why. */
uint64_t locks_out(const struct session_facts *session, const struct exchange *exchange)
{
    /* this one was heard, too */
    bool own = session->traces.heard[__builtin_ctz(AT_LOGIN)] > 1;
    return line_if(!(own && counts_attempts(exchange)), exchange->line_end);
}

/* Attempts are counted with a code of a passing fault, too, but that fault is not the server's. */
uint64_t is_at_fault(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    return line_if(!counts_attempts(exchange), exchange->line_end);
}

/* 534 is said of the password, too. */
uint64_t refuses_method(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    return line_if(!names_other_password(exchange), exchange->line_end);
}

/* By code or by words. A reply with hardly a word is told of those as well: it is what servers most often mean. */
static bool blames_name_or_password(const struct exchange *exchange)
{
    enum { TELLS_NOTHING = 12 };
    static const struct str codes[] = { { "AUTH", 4 },
                                        { "AUTHENTICATIONFAILED", 20 },
                                        { "AUTHORIZATIONFAILED", 19 } };
    static const char words[] =
        "passwor|credential|user|login|logon|log on|authenti|authoriz|account|incorrect|"
        "kennwort|benutzer|anmeld|mot de passe|identifiant";
    bool coded = str_equal(exchange->code, STR("535")) || str_ends(exchange->enhanced, STR(".7.8"));
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        coded = coded || str_equal(exchange->enhanced, codes[i]);
    return coded || exchange->text.n < TELLS_NOTHING || signs_in(words, exchange->text);
}

/* Who says BYE instead of a reply closes for whatever reason (RFC 9051 7.1.5), unless it says that it is the login. */
uint64_t refuses_who_it_is(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] = "authenti|password|credential|invalid|login incorrect|login fail";
    (void)session;
    bool farewell = str_equal(exchange->code, STR("BYE"));
    return line_if(!farewell || signs_in(words, exchange->text), exchange->line_end);
}

/* Neither of the two. */
uint64_t has_other_reason(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    bool farewell = str_equal(exchange->code, STR("BYE"));
    return line_if(!farewell && !blames_name_or_password(exchange), exchange->line_end);
}
