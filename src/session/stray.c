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

/* Of "a1 LOGIN ann secret" the last word, where there are no others; the tag has a digit, or it is prose. */
static void remember_login(struct echo *echo, struct str text, struct str secret)
{
    const struct str tag = words_next(&text), verb = words_next(&text);
    words_next(&secret);
    const struct str last = words_next(&secret);
    if (tag.n && is_digit(tag.p[tag.n - 1]) && words_are(verb, STR("LOGIN")) && secret.n == 0)
        echo_remember(echo, last);
}

/* The server may repeat the secret of a line that is a command, or the answer to a challenge, but for what it lost. Of one that
 * begins like a reply, "535 login failed", no word is any. */
static void remember(struct echo *echo, const struct event *event)
{
    struct event line = *event;
    grammar_token(&line);
    const struct str text = words_trim(event_payload(&line));
    const char first = ascii_lower(text.n ? text.p[0] : ' ');
    size_t at = text.n;
    if (credentials_opaque(text))
        at = 0;
    else if (first >= 'a' && first <= 'z')
        at = credentials_from(text);
    if (at == text.n)
        return;
    remember_login(echo, text, str_from(text, at));
    echo_remember(echo, str_from(text, at));
}

/* A line without stamp or arrow came through somebody's hands: it may say anything, and the rest of a credential whose
 * line was wrapped. */
void stray_mask(struct session *session, const struct event *event, struct heard *heard)
{
    if (event->class != NAMES_class_unparsed && event->class != NAMES_class_remark) {
        session->wrapped &= event->class == NAMES_class_empty;
        mask_quoted(session, event, heard);
        return;
    }
    struct str text = event_text(event);
    remember(&session->dialogue.echo, event);
    heard->secret_at = session->wrapped || session->dialogue.veil ? 0 : credentials_within(text);
    heard->secret = heard->secret_at < text.n;
    if (heard->secret && words_announces(text))
        session->wrapped = session->dialogue.hearing.owed = true;
}
