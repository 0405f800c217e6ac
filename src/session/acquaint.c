/* What is mail is told roughly here, by the words that begin and end it: names in a mail are no names of the session, and
 * whoever writes one must not fill the roster. What is wrongly passed over is heard again when its record leaves. */
#include "session/acquaint.h"

#include "base/hostname.h"
#include "base/utf8.h"
#include "protocol/words.h"

enum { LINE_MOST = 2048 };

void acquaint_begin(struct acquaint *acquaint)
{
    roster_clear(&acquaint->roster);
    acquaint->talked = acquaint->chunk = false;
    acquaint->mail = acquaint->fetching = acquaint->login = acquaint->server_length = 0;
}

struct str acquaint_server(const struct acquaint *acquaint)
{
    return (struct str){ acquaint->server, acquaint->server_length };
}

void acquaint_free(struct acquaint *acquaint)
{
    tcplog_buf_free(&acquaint->scratch);
}

static uint8_t other(uint8_t arrow)
{
    return arrow == NAMES_arrow_sent ? NAMES_arrow_received : NAMES_arrow_sent;
}

static void add(struct acquaint *acquaint, enum party_kind kind, struct str name, bool lasting)
{
    if (name.n)
        roster_add(&acquaint->roster, (struct party){ kind, name }, lasting);
}

/* Names of an envelope come by the hundred; the others are few, and matter as long as the session lasts. */
static bool is_lasting(struct str line)
{
    static const struct str envelope[] = {
        { "MAIL", 4 }, { "RCPT", 4 }, { "VRFY", 4 }, { "EXPN", 4 }, { "XFORWARD", 8 }
    };
    struct str verb = words_next(&line);
    for (size_t i = 0; i < sizeof(envelope) / sizeof(*envelope); i++)
        if (words_are(verb, envelope[i]))
            return false;
    return true;
}

static void meet_parties(struct acquaint *acquaint, struct str line)
{
    struct party found[PARTIES_MOST];
    size_t count = parties_in(line, found);
    for (size_t i = 0; i < count; i++)
        add(acquaint, found[i].kind, found[i].name, is_lasting(line));
}

static void meet_response(struct acquaint *acquaint, struct str mechanism, struct str response)
{
    char room[LINE_MOST];
    struct party found[PARTIES_MOST];
    size_t count = response.n <= sizeof(room) ? parties_response(mechanism, response, room, found) : 0;
    for (size_t i = 0; i < count; i++)
        add(acquaint, found[i].kind, found[i].name, true);
}

/* The user that the line before has announced. */
static void meet_announced(struct acquaint *acquaint, struct str line)
{
    struct str mechanism = { acquaint->name, acquaint->mechanism };
    acquaint->login = 0;
    if (acquaint->literal == 0)
        meet_response(acquaint, mechanism, line);
    else if (acquaint->literal <= line.n)
        add(acquaint, PARTY_USER, str_upto(line, acquaint->literal), true);
}

/* The line that begins a login, and the one behind it if that shows who it is. */
static void meet_login(struct acquaint *acquaint, const struct event *event, struct str line)
{
    struct str response = { 0 }, mechanism = parties_mechanism(line, &response);
    if (acquaint->login == 1 + event->arrow)
        meet_announced(acquaint, line);
    uint64_t literal = parties_literal(line);
    if (response.n) {
        meet_response(acquaint, mechanism, response);
        return;
    }
    if (literal == 0 && (mechanism.n == 0 || mechanism.n > MECHANISM_MOST))
        return;
    acquaint->login = (uint8_t)(1 + event->arrow);
    acquaint->literal = literal;
    /* no mechanism has so long a name: a literal may stand behind anything */
    acquaint->mechanism = mechanism.n <= MECHANISM_MOST ? mechanism.n : 0;
    if (acquaint->mechanism)
        memcpy(acquaint->name, mechanism.p, acquaint->mechanism);
}

/* "220 falcon ESMTP ready": the first word that a server says is its name (RFC 5321 4.2). */
static void meet_server(struct acquaint *acquaint, struct str line)
{
    if (!str_starts(line, STR("220")) || line.n < 5)
        return;
    line = str_from(line, 4);
    struct str name = words_next(&line);
    add(acquaint, PARTY_HOST, name, true);
    acquaint->server_length = (uint8_t)(name.n <= ROSTER_NAME_MOST ? name.n : 0);
    if (acquaint->server_length)
        memcpy(acquaint->server, name.p, name.n);
}

/* "ann@b.example" wherever it stands: b is a host that may be called by its name alone. */
static void meet_domains(struct acquaint *acquaint, struct str line)
{
    const char *at = line.n ? memchr(line.p, '@', line.n) : NULL;
    while (at) {
        struct str rest = str_from(line, (size_t)(at - line.p) + 1);
        add(acquaint, PARTY_HOST, str_upto(rest, hostname_domain(rest)), false);
        at = rest.n ? memchr(rest.p, '@', rest.n) : NULL;
    }
}

static bool first_is(struct str line, struct str upper)
{
    return words_are(words_next(&line), upper);
}

/* Keeps track of mails; whether this line is of one. */
static bool is_mail(struct acquaint *acquaint, const struct event *event, struct str line)
{
    uint8_t mine = (uint8_t)(1 + event->arrow), theirs = (uint8_t)(1 + other(event->arrow));
    if (acquaint->mail == mine) {
        if (line.n == 1 && line.p[0] == '.')
            acquaint->mail = 0;
        return true;
    }
    if (acquaint->mail == theirs && acquaint->chunk)
        acquaint->mail = 0;
    acquaint->chunk = first_is(line, STR("BDAT"));
    if (acquaint->chunk)
        acquaint->mail = mine;
    else if (first_is(line, STR("354")))
        acquaint->mail = theirs;
    else if (acquaint->fetching == theirs && first_is(line, STR("+OK")))
        acquaint->mail = mine;
    if (acquaint->fetching == theirs)
        acquaint->fetching = 0;
    if (first_is(line, STR("RETR")) || first_is(line, STR("TOP")))
        acquaint->fetching = mine;
    return false;
}

/* A record may hold several lines, with tokens between them. */
static struct str next_line(struct str *rest)
{
    const char *token = rest->n ? memmem(rest->p, rest->n, "<cr>", 4) : NULL;
    const char *feed = rest->n ? memmem(rest->p, rest->n, "<lf>", 4) : NULL;
    if (!token || (feed && feed < token))
        token = feed;
    struct str line = token ? str_upto(*rest, (size_t)(token - rest->p)) : *rest;
    *rest = str_from(*rest, token ? line.n + 4 : line.n);
    return line;
}

static void meet_talk(struct acquaint *acquaint, const struct event *event)
{
    struct str rest = event_payload(event);
    if (is_mail(acquaint, event, rest))
        return;
    rest = str_upto(rest, rest.n < LINE_MOST ? rest.n : LINE_MOST);
    rest = utf8_decode(rest, &acquaint->scratch);
    if (!acquaint->talked)
        meet_server(acquaint, rest);
    acquaint->talked = true;
    while (rest.n) {
        struct str line = next_line(&rest);
        meet_parties(acquaint, line);
        meet_domains(acquaint, line);
        meet_login(acquaint, event, line);
    }
}

/* A line that lost its stamp or its arrow is not to be seen, but what it names may be named again. */
static void meet_stray(struct acquaint *acquaint, const struct event *event)
{
    struct str text = event_text(event);
    text = utf8_decode(str_upto(text, text.n < LINE_MOST ? text.n : LINE_MOST), &acquaint->scratch);
    meet_parties(acquaint, text);
    meet_domains(acquaint, text);
}

static void meet_host(struct acquaint *acquaint, const struct event *event)
{
    struct opening opening = { 0 };
    grammar_opening(event_payload(event), &opening);
    if (opening.host.n)
        add(acquaint, PARTY_HOST, utf8_decode(opening.host, &acquaint->scratch), true);
}

void acquaint_batch(struct acquaint *acquaint, const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct event *event = &batch->events[i];
        acquaint->roster.lines++;
        if (event->class == NAMES_class_data)
            meet_talk(acquaint, event);
        else if (event->class == NAMES_class_opening || event->class == NAMES_class_connect)
            meet_host(acquaint, event);
        else if (event->class == NAMES_class_unparsed || event->class == NAMES_class_remark)
            meet_stray(acquaint, event);
    }
}
