/* What a reply that refuses is about, where its code and words leave a choice: what was offered before, and what else it
 * says. Logins are for logins.c, how the session went on for symptoms.c. */
#include "enrich/diagnosis.h"

#include "base/ascii.h"
#include "base/scan.h"
#include "enrich/signs.h"

bool session_offers(const struct session_facts *session, const char *starts, const char *words)
{
    for (size_t i = 0; i < session->capability_count; i++) {
        struct str offer = session->capabilities[i];
        if (signs_in(starts, str_upto(offer, offer.n < 8 ? offer.n : 8)) && signs_in(words, offer))
            return true;
    }
    return false;
}

/* Each password that goes out in clear asks: so it looks for two whole words, and at their length first. */
bool session_offers_tls(const struct session_facts *session)
{
    for (size_t i = 0; i < session->capability_count; i++) {
        struct str offer = session->capabilities[i];
        if ((offer.n == 8 && ascii_same(offer, STR("STARTTLS"))) ||
            (offer.n == 4 && ascii_same(offer, STR("STLS"))))
            return true;
    }
    return false;
}

/* 503 and 504 in reply to MAIL or RCPT are about the order of commands or the name of the client, unless the text
 * speaks of a login. 530 is about one (RFC 4954 6), or about TLS (RFC 3207 4), which a row before this one has
 * heard. */
uint64_t offered_no_login(const struct session_facts *session, const struct exchange *exchange)
{
    bool greeted = session->traces.stages_ok & AT_HELLO;
    bool login = exchange->verb && exchange->verb->flags & VERB_AUTHENTICATES;
    bool wanted =
        login || str_equal(exchange->code, STR("530")) || signs_in("authent|login|log in", exchange->text);
    return line_if(greeted && wanted && !session_offers(session, "auth|sasl", "auth|sasl"),
                   exchange->line_end);
}

/* "550 5.7.1 Sender domain not authenticated (DKIM missing)" is not about the client; nor can one that has logged in do more
 * about it. */
uint64_t wants_login(const struct session_facts *session, const struct exchange *exchange)
{
    return line_if(!session->login_ok && !signs_in("dkim|dmarc|spf", exchange->text), exchange->line_end);
}

/* Where a client says its name a transaction begins anew (RFC 5321 4.1.4); CAPA and the like only ask. */
uint64_t is_hello(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    return line_if(exchange->verb && exchange->verb->flags & VERB_RESETS, exchange->line_end);
}

/* The goodbye, with which marks for deletion take effect, or such a mark; not of what is "already deleted". */
uint64_t fails_to_delete(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    bool deletes = exchange->verb && exchange->verb->flags & (VERB_ENDS | VERB_DELETES);
    return line_if(deletes && !signs_in("already", exchange->text), exchange->line_end);
}

/* Whoever renames or copies has not done it because the place is taken. */
uint64_t makes_or_deletes(const struct session_facts *session, const struct exchange *exchange)
{
    static const struct str others[] = { { "RENAME", 6 }, { "COPY", 4 },     { "UID COPY", 8 },
                                         { "MOVE", 4 },   { "UID MOVE", 8 }, { "APPEND", 6 } };
    (void)session;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        if (str_equal(exchange->command, others[i]))
            return 0;
    return exchange->line_end;
}

/* Not so STORE, SEARCH and their like, which are about messages but hand out none. */
uint64_t asked_for_a_message(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    bool asked = exchange->verb && exchange->verb->flags & (VERB_FETCHES | VERB_PEEKS | VERB_HANDS_OUT);
    return line_if(asked, exchange->line_end);
}

/* "UIDL not available", but not "message 3 is not available". */
static bool lacks_command(struct str text)
{
    static const char always[] = "unknown|unrecogni|not recogni|not implemented|unimplemented|unsupported|"
                                 "not supported|not understood|invalid command|bad command|command not";
    return signs_in(always, text) ||
           (signs_in("not available|disabled", text) && !signs_in("message|mailbox|maildrop|tempora", text));
}

/* What servers may do without (RFC 1939 7), where they say that they do not know it; and the question which ways there are to
 * log in. */
uint64_t asked_for_an_option(const struct session_facts *session, const struct exchange *exchange)
{
    const struct verb *verb = exchange->verb;
    (void)session;
    bool option = verb && verb->flags & VERB_OPTIONAL && lacks_command(exchange->text);
    return line_if(option || exchange_asks_for_ways(exchange), exchange->line_end);
}

/* Some servers have no other words for an empty list: "-ERR no messages". */
uint64_t has_more_to_list(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] =
        "no messages|no new messages|no mail in|is empty|empty mailbox|empty maildrop|mailbox empty";
    bool lists = diagnosis_stage(exchange) == AT_MAILBOX && !exchange->has_argument;
    (void)session;
    return line_if(!(lists && signs_in(words, exchange->text)), exchange->line_end);
}

/* Subject and detail of its enhanced code: ".7.1". */
static struct str subject_of(const struct exchange *exchange)
{
    /* none at all may be nowhere */
    return exchange->enhanced.n ? str_from(exchange->enhanced, 1) : exchange->enhanced;
}

/* X.1 is about an address of the mail, X.2 about a mailbox (RFC 3463 3). */
static bool is_about_mailbox(const struct exchange *exchange)
{
    struct str subject = subject_of(exchange);
    return str_starts(subject, STR(".1.")) || str_starts(subject, STR(".2."));
}

/* "250 2.7.0 Ok, discarded, id=1234-01 - INFECTED". Each mail that is sent asks: an enhanced code of another subject than X.7,
 * policy, spares the look. */
bool exchange_discards(const struct exchange *exchange)
{
    struct str subject = subject_of(exchange), text = exchange->text;
    if (subject.n && !str_starts(subject, STR(".7.")))
        return false;
    return scan_find(text.p, text.n, 0, "discarded", 9) < text.n ||
           scan_find(text.p, text.n, 0, "quarantined", 11) < text.n;
}

/* Nobody has logged in, though it was offered. */
static bool invites_login(const struct session_facts *session)
{
    return !session->login_ok && session_offers(session, "auth", "auth");
}

/* What is listed or blocked may be something else than this computer:
 *
 *   550 5.7.26 This mail has been blocked because the sender is unauthenticated.
 *   554 5.7.1 Message contains a URL listed in SURBL
 *   554 5.7.1 Service unavailable; Sender address [ann@b.example] blocked using dbl.example
 *
 * X.7.20 to X.7.27 are about the sender's domain. Where only those who log in may send, Postfix says "Client host rejected: Access
 * denied", too. */
uint64_t blames_address(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] =
        "virus|malware|attachment|the file |spam content|a url|url in|a link|message has been blocked|"
        "sending domain|sender domain|mailfrom domain|your domain|sender address|sender is |"
        "sender has |recipient's|account has|mailbox has|helo command|greylist|graylist";
    struct str subject = subject_of(exchange);
    bool domain = str_starts(subject, STR(".7.2")) && subject.n == 5 && subject.p[4] <= '7';
    if (domain || is_about_mailbox(exchange) || signs_in(words, exchange->text))
        return 0;
    bool closed = signs_in("client host rejected: access denied", exchange->text);
    return line_if(!(closed && invites_login(session)), exchange->line_end);
}

/* X.2.1 is about the recipient's mailbox, which takes no more for now: "450 4.2.1 Recipient's rate limit exceeded". Of a login
 * that comes too soon a row of its own tells. */
uint64_t sends_too_much(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    bool received = str_equal(subject_of(exchange), STR(".2.1"));
    bool sends = diagnosis_stage(exchange) != AT_LOGIN || signs_in("credits exceeded", exchange->text);
    return line_if(sends && !received, exchange->line_end);
}

/* "550 5.1.1 User unknown in relay recipient table", "451 4.3.5 configuration error at the relay" and "451 4.4.1 Relay host
 * unreachable" name one only. */
uint64_t denies_relay(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] = "unreachable|timed out|timeout|busy|user unknown|unknown user";
    (void)session;
    struct str subject = subject_of(exchange);
    bool other =
        is_about_mailbox(exchange) || str_starts(subject, STR(".3.")) || str_starts(subject, STR(".4."));
    return line_if(!other && !signs_in(words, exchange->text), exchange->line_end);
}

/* What was looked at on the way to another verdict:
 *
 *   550 5.7.1 Message rejected as spam (SPF pass, score 9.1) */
uint64_t breaks_policy(const struct session_facts *session, const struct exchange *exchange)
{
    static const char passes[] =
        "spf pass|spf_pass|spf=pass|dkim pass|dkim_valid|dkim=pass|dmarc pass|dmarc=pass";
    (void)session;
    bool coded = str_starts(subject_of(exchange), STR(".7.2"));
    bool passed = signs_in(passes, exchange->text) && !signs_in("fail", exchange->text);
    return line_if(coded || !(passed || signs_in("as spam|spamassassin", exchange->text)),
                   exchange->line_end);
}

/* The same with names of hosts left blank: words that have a dot inside, and a letter behind it. */
static struct str without_hosts(struct str text, char room[static SIGNS_LOOKED_AT])
{
    size_t n = text.n < SIGNS_LOOKED_AT ? text.n : SIGNS_LOOKED_AT;
    bool host = false;
    for (size_t i = 0, word = 0; i < n; i++) {
        char c = ascii_lower(text.p[i]);
        bool ends = c == ' ' || c == '\n';
        if (!host && i > word + 1 && text.p[i - 1] == '.' && c >= 'a' && c <= 'z') {
            memset(room + word, ' ', i - word);
            host = true;
        }
        host = host && !ends;
        room[i] = host ? ' ' : c;
        if (ends)
            word = i + 1;
    }
    return (struct str){ room, n };
}

/* "451 4.7.1 Spam filter unavailable": what failed for now was the look at the content. And a server may be called after what
 * it does: "554 5.6.0 spamfilter.b.example: malformed headers". */
uint64_t condemns_content(const struct session_facts *session, const struct exchange *exchange)
{
    static const char fails[] =
        "fail|unavailable|not available|error|timeout|timed out|busy|overload|unable|cannot|crash";
    static const char scanner_fails[] =
        "scanner fail|scanner crash|scanner error|scan failed|scanning failed|filter fail";
    static const char names[] = "spam|virus|malware|phish";
    static const char others[] =
        "unsolicited|content reject|security issue|banned|attachment|url in message|url listed|surbl";
    char room[SIGNS_LOOKED_AT];
    (void)session;
    bool for_now = exchange->status == NAMES_status_transient_failure;
    bool failed = signs_in(for_now ? fails : scanner_fails, exchange->text);
    bool named = signs_in(names, without_hosts(exchange->text, room));
    return line_if(!failed && (named || signs_in(others, exchange->text)), exchange->line_end);
}

static bool asks_for(const struct exchange *exchange, unsigned flags)
{
    return exchange->verb && exchange->verb->flags & flags;
}

/* 503 is about the order of commands (RFC 5321 4.2.3), and says nothing against a sender, a recipient or a content. */
static bool is_out_of_order(const struct exchange *exchange)
{
    return str_equal(exchange->code, STR("503"));
}

/* Nearly all refusals ask, and hardly any has the first of these. An address behind "sender address" is left blank (signs.h). */
static bool names_sender(struct str text)
{
    static const char senders[] =
        "sender address rejected|sender address is|sender address  |sender verify failed|"
        "domain of sender|domain of the sender|address of the sender|sender domain|"
        "send as this sender|sendasdenied|sender has been|sender is ";
    static const char others[] =
        "mailfrom domain|your domain|address is not verified|from address does not match|"
        "from header address";
    return (signs_in("send", text) && signs_in(senders, text)) || signs_in(others, text);
}

/* Many servers keep what they have against the sender until a recipient is named (Postfix by default), or until the mail
 * is there (Exchange):
 *
 *   450 4.1.8 <ann@b.example>: Sender address rejected: Domain not found
 *   550 5.7.60 SMTP; Client does not have permissions to send as this sender
 *
 * X.1.7 and X.1.8 are about the sender's address (RFC 3463 3.2), X.7.27 about its domain, which takes no mail (RFC 7505). */
uint64_t blames_sender(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    bool asked = asks_for(exchange, VERB_OPENS_MAIL) && !is_out_of_order(exchange);
    bool code = str_ends(exchange->enhanced, STR(".1.7")) || str_ends(exchange->enhanced, STR(".1.8")) ||
                str_ends(exchange->enhanced, STR(".7.27"));
    return line_if(asked || code || names_sender(exchange->text), exchange->line_end);
}

/* Whoever answers MAIL, or stores or copies in the client's own folders, speaks of no recipient's mailbox. */
static bool is_about_own_mailbox(const struct exchange *exchange)
{
    return asks_for(exchange, VERB_OPENS_MAIL) || diagnosis_stage(exchange) == AT_MAILBOX ||
           str_equal(exchange->command, STR("APPEND"));
}

static bool names_room(const struct exchange *exchange)
{
    return str_starts(subject_of(exchange), STR(".2.2")) ||
           signs_in("quota|full|storage|space|voll|mailbox exceed", exchange->text);
}

/* 552 is about the recipient's room or the size of the mail (RFC 5321 4.2.3). Which, its text says; else that it answers
 * RCPT, or MAIL with the size (RFC 1870 6.1). In reply to the content it may be either, or about that: "552 Illegal
 * attachment". */
uint64_t is_too_big(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] = "size|length|large|too big|message exceeds|gro\xc3\x9f";
    static const char mailbox[] =
        "mailbox exceed|mailbox size limit exceed|mailbox is too large|mailbox too large";
    (void)session;
    struct str subject = subject_of(exchange);
    if (str_equal(subject, STR(".2.2")) || signs_in(mailbox, exchange->text))
        return 0;
    if (!str_equal(exchange->code, STR("552")) || str_equal(subject, STR(".3.4")) ||
        str_equal(subject, STR(".2.3")))
        return exchange->line_end;
    bool big = asks_for(exchange, VERB_OPENS_MAIL) || signs_in(words, exchange->text);
    return line_if(big && !names_room(exchange), exchange->line_end);
}

/* Nor is it about room where the enhanced code says that it is about content or policy: "552 5.7.0 blocked because its
 * content presents a potential security issue". X.4.5 is about what was sent in all: "550 5.4.5 Daily quota exceeded". */
uint64_t lacks_room(const struct session_facts *session, const struct exchange *exchange)
{
    (void)session;
    struct str subject = subject_of(exchange);
    bool other =
        str_starts(subject, STR(".6.")) || str_starts(subject, STR(".7.")) || str_equal(subject, STR(".4.5"));
    bool bare = str_equal(exchange->code, STR("552")) && !asks_for(exchange, VERB_NAMES_RECIPIENT) &&
                !names_room(exchange);
    return line_if(!other && !bare, exchange->line_end);
}

uint64_t lacks_own_room(const struct session_facts *session, const struct exchange *exchange)
{
    return line_if(is_about_own_mailbox(exchange), lacks_room(session, exchange));
}

/* A recipient who is not known for now only is most often a server that could not look: "451 4.3.0 Temporary lookup failure: table
 * not found". Where the mail itself is answered, "not found" may be about anything. */
uint64_t knows_no_recipient(const struct session_facts *session, const struct exchange *exchange)
{
    static const char words[] = "user unknown|unknown user|no such user|recipient unknown|unknown recipient|"
                                "doesn't have a yahoo";
    (void)session;
    struct str subject = subject_of(exchange);
    bool for_now = exchange->status == NAMES_status_transient_failure;
    bool to_recipient = asks_for(exchange, VERB_NAMES_RECIPIENT);
    bool coded = to_recipient ? str_starts(subject, STR(".1."))
                              : str_equal(subject, STR(".1.1")) || str_equal(subject, STR(".1.10"));
    if (to_recipient != for_now)
        return line_if(to_recipient, exchange->line_end);
    return line_if(coded || signs_in(words, exchange->text), exchange->line_end);
}

/* Whether what has to come before this command was refused: its sender, its recipients, a part of its content. */
static bool follows_refusal(const struct session_facts *session, const struct exchange *exchange)
{
    const uint8_t *heard = session->traces.heard;
    bool no_sender = heard[__builtin_ctz(AT_SENDER)], no_recipient = heard[__builtin_ctz(AT_RECIPIENT)];
    /* this one was heard, too */
    bool no_part = asks_for(exchange, VERB_SENDS_AT_ONCE) && heard[__builtin_ctz(AT_MESSAGE)] > 1;
    if (asks_for(exchange, VERB_OPENS_MAIL))
        return false;
    return no_sender || (!asks_for(exchange, VERB_NAMES_RECIPIENT) && (no_recipient || no_part));
}

/* What a client that pipelines gets for the rest of a mail whose sender, recipients or first part were refused (RFC 5321
 * 3.3) is no refusal of its own: 503; or 554 to DATA, before any of the content, or to none (RFC 2920 3.1), and to BDAT,
 * which does not wait with its own (RFC 3030 2). */
uint64_t refuses_by_itself(const struct session_facts *session, const struct exchange *exchange)
{
    bool unsent = !exchange->payload_lines || str_equal(subject_of(exchange), STR(".5.1"));
    bool no_mail = str_equal(exchange->code, STR("554")) && unsent &&
                   !asks_for(exchange, VERB_NAMES_RECIPIENT) && follows_refusal(session, exchange);
    return line_if(!is_out_of_order(exchange) && !no_mail, exchange->line_end);
}

/* 503, and nothing that was refused before is why. */
uint64_t follows_nothing(const struct session_facts *session, const struct exchange *exchange)
{
    return line_if(!follows_refusal(session, exchange), exchange->line_end);
}
