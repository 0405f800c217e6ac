/* What the client says in secret: the answer to a question for a name, or a secret, which may stand within another one. */
#include "session/confide.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/quoted.h"
#include "protocol/credentials.h"
#include "protocol/words.h"
#include "session/tally.h"

bool confide_asks_for_name(const struct utterance *said)
{
    enum { PROMPT_LONGEST = 32 };
    char prompt[PROMPT_LONGEST];
    const struct str text = words_trim(said->text);
    const size_t n = text.n <= sizeof(prompt) ? base64_decode(prompt, text) : 0;
    return ascii_starts((struct str){ prompt, n }, STR("user"));
}

/* The answer to such a question; or what comes behind AUTH LOGIN at once, instead of that. */
static bool is_name(const struct utterance *said, bool asks_name)
{
    if (said->speech != SPEECH_REQUEST)
        return said->speech == SPEECH_TURN && asks_name;
    return tally_is_name(said);
}

/* What is taken for an answer may be a command, where what came before it is lost; and a mechanism may be quoted. */
static void remember_within(struct echo *echo, struct str secret)
{
    if (!secret.n || !memchr(secret.p, ' ', secret.n))
        return;
    const size_t quoted = secret.p[0] == '"' ? quoted_end(secret) : 0;
    const size_t at = quoted ? quoted : credentials_from(secret);
    if (at < secret.n)
        echo_remember(echo, str_from(secret, at));
}

bool confide(struct echo *echo, const struct hearing_of *of, bool asks_name)
{
    const struct utterance *said = of->said;
    const struct str secret = str_from(str_upto(of->line, said->used - said->unspoken), said->secret_at);
    if (is_name(said, asks_name)) {
        echo_remember_name(echo, secret);
        return false;
    }
    echo_remember(echo, secret);
    remember_within(echo, secret);
    return true;
}
