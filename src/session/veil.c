/* By kinds of speech, phases and flags of verbs; no protocol is known here. In doubt a line is hidden. */
#include "session/veil.h"

#include "protocol/words.h"

bool veil_hides_payload(const struct talk *talk, enum side side)
{
    const struct exchange *exchange = talk_carrier(talk, side);
    /* without its command it may be anything */
    if (!exchange || !exchange->verb)
        return true;
    switch (exchange->verb->phase) {
    case NAMES_phase_capability:
    case NAMES_phase_authentication:
    case NAMES_phase_mailbox: return false;
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
    return mail && quoted ? at : line.n;
}

/* "250 Ann Lee <ann@b.example>" answers VRFY, several of them EXPN (RFC 5321 3.5). */
static size_t reply_from(const struct talk *talk, struct str line, const struct utterance *said)
{
    const struct exchange *exchange = talk->speaking ? talk->speaking : queue_oldest(&talk->queue);
    bool people = exchange && exchange->verb && exchange->verb->flags & VERB_NAMES_USERS;
    return people ? place_of(line, said->text) : line.n;
}

size_t veil_from(const struct talk *talk, enum side side, struct str line, const struct utterance *said)
{
    switch (said->speech) {
    case SPEECH_PAYLOAD: return veil_hides_payload(talk, side) ? 0 : line.n;
    case SPEECH_NOISE: return said->talk ? line.n : 0;
    case SPEECH_REQUEST: return request_from(line, said);
    case SPEECH_TURN:
    case SPEECH_TURN_PART: return turn_from(line);
    case SPEECH_DATA:
    case SPEECH_DATA_OPENS: return data_from(line, said);
    case SPEECH_REPLY_PART:
    case SPEECH_REPLY: return reply_from(talk, line, said);
    default: return line.n;
    }
}
