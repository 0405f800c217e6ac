/* Lines that nobody said to the other: of the program, or such as lost their stamp or arrow on their way to us. */
#include "base/ascii.h"
#include "base/decimal.h"
#include "protocol/credentials.h"
#include "protocol/words.h"
#include "session/session.h"

/* What the program has to say of a session may quote what was said in it. */
static void mask_quoted(const struct session *session, const struct event *event, struct heard *heard)
{
    const struct str text = event_text(event);
    const struct echo *echo = &session->dialogue.echo;
    bool says = event->class == NAMES_class_error || event->class == NAMES_class_warning ||
                event->class == NAMES_class_tls;
    const struct str clear = str_upto(text, says && echo->count ? echo_find(echo, text) : text.n);
    size_t next = says ? credentials_swallowed(clear) : clear.n;
    heard->secret_at = next < clear.n ? next + credentials_within(str_from(clear, next)) : clear.n;
    heard->secret = heard->secret_at < text.n;
}

static struct str leave_out(struct str text, const char *bytes)
{
    size_t n = 0;
    while (n < text.n && strchr(bytes, text.p[n]) && text.p[n])
        n++;
    return str_from(text, n);
}

/* What was said, without the quote signs, the stamp or the rest of one, and the arrow in front of it: "> 21:41:43.760: << PASS x". */
static struct str spoken(struct str text)
{
    for (;;) {
        text = leave_out(text, " \t<>|");
        const struct str rest = leave_out(text, "0123456789:.");
        if (rest.n == text.n || rest.p[-1] != ':')
            return words_trim(text);
        text = rest;
    }
}

/* "535 login failed", "+OK", "a1 NO login failed" */
static bool is_reply(struct str text)
{
    struct str rest = text, word = words_next(&rest), next = words_next(&rest);
    size_t digits = 0;
    while (digits < word.n && is_digit(word.p[digits]))
        digits++;
    return words_are(word, STR("+OK")) || words_are(word, STR("-ERR")) || str_equal(word, STR("*")) ||
           (digits == 3 && (digits < word.n ? word.p[digits] == '-' : next.n > 0)) ||
           words_are(next, STR("OK")) || words_are(next, STR("NO")) || words_are(next, STR("BAD"));
}

/* The last word, which may be quoted. */
static struct str last_word(struct str text)
{
    const bool quoted = text.n > 1 && text.p[text.n - 1] == '"';
    size_t at = text.n - (quoted ? 1 : 0);
    while (at > 0 && !(quoted ? text.p[at - 1] == '"' : text.p[at - 1] == ' '))
        at--;
    return str_from(text, at);
}

static bool has_digit(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_digit(text.p[i]))
            return true;
    return false;
}

/* Of "a1 LOGIN ann secret", where there are no others: the tag has a digit, or it is prose. */
static bool is_login(struct str text, struct str secret)
{
    const struct str tag = words_next(&text), verb = words_next(&text);
    words_next(&secret);
    words_next(&secret);
    return has_digit(tag) && words_are(verb, STR("LOGIN")) && secret.n == 0;
}

/* "Login failed", "pass it on": in a sentence verbs are not in capitals, behind no tag, and what follows has neither digits nor quotes. */
static bool is_prose(struct str text, struct str secret)
{
    const struct str verb = words_next(&text);
    const bool capitals = verb.n > 1 && verb.p[0] <= 'Z' && verb.p[1] <= 'Z';
    return !capitals && !has_digit(verb) && !has_digit(secret) && !memchr(secret.p, '"', secret.n);
}

/* The server may repeat the secret of a line that is a command, or the answer to a challenge, but for what it lost; or all of one
 * that a secret goes on in. Of a reply no word is any, and in prose most are none: a password has quotes or digits there. */
static void remember(struct session *session, const struct event *event)
{
    struct echo *echo = &session->dialogue.echo;
    struct event line = *event;
    grammar_token(&line);
    const struct str text = spoken(event_payload(&line));
    const char first = ascii_lower(text.n ? text.p[0] : ' ');
    size_t at = text.n;
    if (credentials_opaque(text))
        at = 0;
    else if (!is_reply(text) && session->wrapped)
        at = 0;
    else if (!is_reply(text) && first >= 'a' && first <= 'z')
        at = credentials_from(text);
    if (at == text.n || (at > 0 && is_prose(text, str_from(text, at))))
        return;
    const struct str secret = str_from(text, at), last = last_word(secret);
    if (last.n < secret.n && (has_digit(last) || last.p[-1] == '"' || is_login(text, secret)))
        echo_remember(echo, last);
    echo_remember(echo, secret);
}

/* A line without stamp or arrow came through somebody's hands: it may say anything, and the rest of a credential whose
 * line was wrapped; or repeat one. */
void stray_mask(struct session *session, const struct event *event, struct heard *heard)
{
    if (event->class != NAMES_class_unparsed && event->class != NAMES_class_remark) {
        session->wrapped &= event->class == NAMES_class_empty;
        mask_quoted(session, event, heard);
        return;
    }
    const struct str text = event_text(event);
    const struct echo *echo = &session->dialogue.echo;
    const size_t repeated = echo->count ? echo_find(echo, text) : text.n;
    const size_t secret = credentials_within(text);
    remember(session, event);
    heard->secret_at = secret < repeated ? secret : repeated;
    if (session->wrapped || session->dialogue.veil)
        heard->secret_at = 0;
    heard->secret = heard->secret_at < text.n;
    if ((session->wrapped || secret < text.n) && words_announces(text))
        session->wrapped = session->dialogue.hearing.owed = true;
}
