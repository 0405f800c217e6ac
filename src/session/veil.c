/* By kinds of speech, phases and flags of verbs; no protocol is known here. In doubt a line is hidden. */
#include "session/veil.h"

#include "base/decimal.h"
#include "protocol/credentials.h"
#include "protocol/parties.h"
#include "protocol/words.h"

/* "1 200", "1 whqtswO00WBw418f9t5JxYwZ": all that LIST and UIDL are answered with. */
static bool is_scan(struct str line)
{
    uint64_t number;
    struct str word = words_next(&line);
    bool numbered = word.n && decimal_read_long(word, &number) == word.n;
    return numbered && words_next(&line).n && line.n == 0;
}

static bool is_in_capitals(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= 'a' && text.p[i] <= 'z')
            return false;
    return true;
}

static bool is_one_of(struct str word, const struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words_are(word, words[i]))
            return true;
    return false;
}

/* What stands behind a capability: all of it in capitals, or words that are known. */
static bool are_values(struct str rest)
{
    static const struct str values[] = { { "NEVER", 5 },    { "USER", 4 },        { "PLAIN", 5 },
                                         { "LOGIN", 5 },    { "APOP", 4 },        { "CRAM-MD5", 8 },
                                         { "NTLM", 4 },     { "GSSAPI", 6 },      { "XOAUTH2", 7 },
                                         { "EXTERNAL", 8 }, { "ANONYMOUS", 9 },   { "DIGEST-MD5", 10 },
                                         { "ONLY", 4 },     { "OAUTHBEARER", 11 } };
    struct str word;
    while ((word = words_next(&rest)).n)
        if (!is_in_capitals(word) && !is_one_of(word, values, sizeof(values) / sizeof(*values)))
            return false;
    return true;
}

/* The names of RFC 2449 and of what came after it, in whatever case servers write them, and commands that some list; a
 * program's own begin with X. "UTF8=USER" is written, too. */
static bool is_capability(struct str line)
{
    static const struct str names[] = { { "TOP", 3 },         { "USER", 4 },         { "SASL", 4 },
                                        { "RESP-CODES", 10 }, { "LOGIN-DELAY", 11 }, { "PIPELINING", 10 },
                                        { "EXPIRE", 6 },      { "UIDL", 4 },         { "STLS", 4 },
                                        { "UTF8", 4 },        { "LANG", 4 },         { "AUTH-RESP-CODE", 14 },
                                        { "APOP", 4 },        { "STAT", 4 },         { "CAPA", 4 },
                                        { "ID", 2 },          { "ENABLE", 6 },       { "LAST", 4 } };
    struct str rest = line, word = words_next(&rest);
    const char *sign = word.n ? memchr(word.p, '=', word.n) : NULL;
    if (str_equal(word, STR("IMPLEMENTATION")))
        return true;
    if (str_starts(word, STR("X")))
        return is_in_capitals(line);
    if (sign) {
        rest = str_from(line, (size_t)(sign + 1 - line.p));
        word.n = (size_t)(sign - word.p);
    }
    return is_one_of(word, names, sizeof(names) / sizeof(*names)) && are_values(rest);
}

/* "PLAIN", of which AUTH with nothing behind it is answered with several. */
static bool is_mechanism(struct str line)
{
    return is_in_capitals(line) && credentials_mechanism(line);
}

/* One lost reply, and a mail belongs to the LIST before it: what is no line of a listing is not to be seen, whatever was asked
 * for. By tag nothing is listed so: there it is a literal. */
bool veil_hides_payload(const struct talk *talk, enum side side, struct str line)
{
    const struct exchange *exchange = talk_carrier(talk, side);
    if (!exchange || !exchange->verb || side == SIDE_CLIENT || talk->pairing == PAIRING_BY_TAG)
        return true;
    switch (exchange->verb->phase) {
    case NAMES_phase_capability: return !is_capability(line);
    case NAMES_phase_authentication: return !is_mechanism(line);
    case NAMES_phase_mailbox: return !is_scan(line);
    default: return true;
    }
}

/* Where a view into the line begins; its end if there is none. */
static size_t place_of(struct str line, struct str view)
{
    return view.n ? (size_t)(view.p - line.p) : line.n;
}

/* A command that nobody knows may be of a mail whose beginning is not in the log. */
static size_t request_from(struct str line, const struct utterance *said)
{
    if (!said->verb)
        return 0;
    return said->verb->flags & VERB_SEARCHES ? place_of(line, said->argument) : line.n;
}

/* What goes on with a command is a literal, a user's name or words to search for; two words mean nothing but themselves. */
static size_t turn_from(struct str line)
{
    struct str word = words_trim(line);
    return words_are(word, STR("DONE")) || str_equal(word, STR("*")) ? line.n : 0;
}

/* Envelopes and parts of a mail are quoted (RFC 9051 7.5.2); flags, sizes and numbers are not. */
static size_t data_from(struct str line, const struct utterance *said)
{
    bool begins = said->code.n > 0;
    size_t at = begins ? (size_t)(said->code.p + said->code.n - line.p) : 0;
    bool mail = !begins || words_are(said->code, STR("FETCH"));
    bool quoted = at < line.n && memchr(line.p + at, '"', line.n - at);
    return (mail && quoted) || parties_hidden(said->code) ? at : line.n;
}

/* Behind the codes: what they say is in tables. */
static size_t text_from(struct str line, const struct utterance *said)
{
    struct str text = said->text;
    const char *close = text.n && text.p[0] == '[' ? memchr(text.p, ']', text.n) : NULL;
    const char *end = close ? close + 1 : said->enhanced.n ? said->enhanced.p + said->enhanced.n : text.p;
    struct str rest = text.n ? words_trim(str_from(text, (size_t)(end - text.p))) : text;
    return place_of(line, rest);
}

/* "<ann@b.example>" */
static bool has_address(struct str text)
{
    const char *open = text.n ? memchr(text.p, '<', text.n) : NULL;
    struct str rest = open ? str_from(text, (size_t)(open - text.p)) : (struct str){ 0 };
    const char *at = rest.n ? memchr(rest.p, '@', rest.n) : NULL;
    return at && memchr(at, '>', (size_t)(rest.p + rest.n - at));
}

/* The command that a reply answers, as far as can be told before it has been heard; NULL: none. */
static const struct exchange *answered(const struct talk *talk, const struct utterance *said)
{
    if (talk->pairing == PAIRING_BY_TAG)
        return queue_tagged(&talk->queue, said->tag);
    const struct exchange *exchange = talk->speaking ? talk->speaking : queue_oldest(&talk->queue);
    return exchange && !exchange->unsolicited ? exchange : NULL;
}

/* Where the command is not in the log it may have been VRFY, and of IMAP a search; elsewhere what comes unasked tells why a
 * connection ends. */
static bool tells_of_the_lost(const struct talk *talk, const struct utterance *said)
{
    if (talk->pairing == PAIRING_BY_TAG)
        return said->status == NAMES_status_failure;
    return str_starts(said->code, STR("25")) && has_address(said->text);
}

/* Its reply may name people, or repeat what was hidden where it stood. */
static bool is_hidden(const struct exchange *exchange)
{
    return !exchange->verb || exchange->verb->flags & VERB_NAMES_USERS;
}

/* Where replies come in order, one that is lost gives each that follows to the command before its own. */
static bool some_hidden_waits(const struct talk *talk)
{
    const struct queue *queue = &talk->queue;
    for (uint64_t i = queue->first; i < queue->next; i++)
        if (queue_is_pending(queue_at(queue, i)) && is_hidden(queue_at(queue, i)))
            return true;
    return false;
}

/* "250 Ann Lee <ann@b.example>" answers VRFY, several of them EXPN (RFC 5321 3.5). Many a server repeats what it does not
 * understand, which was hidden where it stood: "500 unrecognized: Dear Bob". */
static bool tells_hidden(const struct talk *talk, const struct utterance *said)
{
    const struct exchange *exchange = answered(talk, said);
    if (!exchange)
        return tells_of_the_lost(talk, said);
    if (is_hidden(exchange) || (talk->pairing != PAIRING_BY_TAG && some_hidden_waits(talk)))
        return true;
    return exchange->verb->flags & VERB_SEARCHES && said->status == NAMES_status_failure;
}

size_t veil_from(const struct talk *talk, enum side side, struct str line, const struct utterance *said)
{
    switch (said->speech) {
    case SPEECH_PAYLOAD: return veil_hides_payload(talk, side, line) ? 0 : line.n;
    case SPEECH_NOISE: return said->talk ? line.n : 0;
    case SPEECH_REQUEST: return request_from(line, said);
    case SPEECH_TURN:
    case SPEECH_TURN_PART: return turn_from(line);
    case SPEECH_DATA:
    case SPEECH_DATA_OPENS: return data_from(line, said);
    case SPEECH_REPLY_PART:
    case SPEECH_REPLY: return tells_hidden(talk, said) ? text_from(line, said) : line.n;
    default: return line.n;
    }
}
