/* Lines of which no protocol is known, and IMAP, whose dialogue is not followed yet: nothing is paired, but secrets
 * are found by keyword and by what went before, on both sides, erring towards masking. */
#include "protocol/parties.h"
#include "protocol/words.h"

#include "base/decimal.h"

enum mode { OPEN_TALK, LITERAL_OF_A_SECRET };

/* "… {12}" or "… {12+}" at the end: the next line of this side belongs to this one (RFC 9051 4.3, 7888). */
static bool announces_literal(struct str line, uint64_t *octets)
{
    *octets = 0;
    if (line.n < 3 || line.p[line.n - 1] != '}')
        return false;
    const char *open = memrchr(line.p, '{', line.n);
    return open && decimal_read_long(str_from(line, (size_t)(open - line.p) + 1), octets) > 0;
}

/* Whether the line is of a literal that was announced: a mail, most likely. */
static bool is_in_literal(struct hearing *hearing, enum side side, size_t octets)
{
    if (side != SIDE_SERVER || hearing->remaining == 0)
        return false;
    hearing->remaining -= octets < hearing->remaining ? octets : hearing->remaining;
    return true;
}

/* A prompt in any of the protocols: "334 …", "+", "+ …". */
static bool asks(struct str line)
{
    return str_starts(line, STR("334")) || str_equal(line, STR("+")) || str_starts(line, STR("+ "));
}

/* An answer of a server or a client that goes about its business: no credential. */
static bool is_harmless(struct str line)
{
    return line.n == 0 || line.p[0] == '*' || str_starts(line, STR("+OK")) || str_starts(line, STR("-ERR"));
}

static void unknown_hear(struct hearing *hearing, enum side side, struct str line, unsigned end,
                         struct utterance *said)
{
    *said =
        (struct utterance){ .speech = SPEECH_NOISE, .used = line.n, .secret_at = words_secret_from(line) };
    bool literal = is_in_literal(hearing, side, line.n + end);
    uint64_t octets;
    struct str whole = line;
    line = words_bare(line);
    bool response = (hearing->asked || hearing->mode == LITERAL_OF_A_SECRET) && !is_harmless(line);
    bool prompt = asks(line);
    if ((response && !prompt) || words_opaque(line))
        said->secret_at = 0;
    /* a challenge may help to guess what answers it */
    if (prompt && line.n > 4)
        said->secret_at = (size_t)(line.p - whole.p) + (line.p[0] == '+' ? 2 : 4);
    said->secret = said->secret_at < whole.n;
    bool announced = announces_literal(line, &octets);
    said->talk = !literal && parties_talk(line);
    if (announced && !literal && side == SIDE_SERVER)
        hearing->remaining = octets;
    if (!prompt)
        hearing->mode = said->secret && announced ? LITERAL_OF_A_SECRET : OPEN_TALK;
    hearing->asked = prompt;
}

static bool unknown_joins(const struct hearing *hearing, enum side side)
{
    (void)hearing;
    (void)side;
    return true;
}

static int never(struct str text)
{
    (void)text;
    return 0;
}

static int imap_bid(struct str greeting)
{
    return str_starts(greeting, STR("* OK")) || str_starts(greeting, STR("* PREAUTH")) ||
                   str_starts(greeting, STR("* BYE"))
               ? 100
               : 0;
}

static int imap_bid_command(struct str text)
{
    static const struct str sure[] = { { "LOGIN", 5 },  { "AUTHENTICATE", 12 }, { "CAPABILITY", 10 },
                                       { "SELECT", 6 }, { "EXAMINE", 7 },       { "FETCH", 5 },
                                       { "UID", 3 },    { "LOGOUT", 6 } };
    words_next(&text);
    struct str word = words_next(&text);
    for (size_t i = 0; i < sizeof(sure) / sizeof(*sure); i++)
        if (words_are(word, sure[i]))
            return 60;
    return 0;
}

static const struct reply *no_meaning(struct str code, struct str enhanced, struct str verb)
{
    (void)code;
    (void)enhanced;
    (void)verb;
    return NULL;
}

const struct protocol protocol_unknown = {
    .name = "unknown",
    .id = NAMES_protocol_unknown,
    .pairing = PAIRING_IN_ORDER,
    .bid = never,
    .bid_command = never,
    .joins = unknown_joins,
    .hear = unknown_hear,
    .meaning = no_meaning,
};

const struct protocol protocol_imap = {
    .name = "imap",
    .id = NAMES_protocol_imap,
    .pairing = PAIRING_BY_TAG,
    .bid = imap_bid,
    .bid_command = imap_bid_command,
    .joins = unknown_joins,
    .hear = unknown_hear,
    .meaning = no_meaning,
};
