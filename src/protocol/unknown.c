/* Lines of which no protocol is known: nothing is paired, but secrets are found by keyword and by what went before, on
 * both sides, erring towards masking. */
#include "base/blank.h"
#include "protocol/credentials.h"
#include "protocol/imap_literal.h"
#include "protocol/parties.h"
#include "protocol/tokens.h"
#include "protocol/words.h"

/* Of each side: whether its next line belongs to a credential that it has begun, "LOGIN {3}". */
enum mode { OPEN_TALK, LITERAL_OF_A_SECRET };

/* What a prompt in any of the protocols says, "334 …", "+", "+ …"; from its end on, if it is none. */
static size_t prompt_text(struct str line)
{
    size_t behind = line.n && line.p[0] == '+' ? words_bare(str_from(line, 1)).n : line.n;
    /* what is left of a line end may stand behind it, too */
    bool plus = behind + 1 < line.n || (line.n > 1 && line.p[0] == '+' && line.p[1] == '<');
    if (!plus && !str_equal(line, STR("+")) && !str_starts(line, STR("334")))
        return line.n + 1;
    struct str rest = words_bare(str_from(line, line.p[0] == '+' ? 1 : 3));
    return (size_t)(rest.p - line.p);
}

/* An answer of a server or a client that goes about its business: no credential. */
static bool is_harmless(struct str line)
{
    return line.n == 0 || line.p[0] == '*' || str_starts(line, STR("+OK")) || str_starts(line, STR("-ERR"));
}

/* Whether a line of the server is of a literal that was announced: a mail, most likely. */
static bool is_in_literal(struct hearing *hearing, struct str line, unsigned end)
{
    struct imap_literal literal;
    uint64_t octets = line.n + end;
    bool inside = hearing->server_remaining > 0;
    if (inside)
        hearing->server_remaining -= octets < hearing->server_remaining ? octets : hearing->server_remaining;
    else if (imap_announces(line, &literal))
        hearing->server_remaining = literal.size;
    return inside;
}

/* A record may hold several lines, tokens between them: each is looked at, and the whole, for a token may be text. */
static size_t secret_in(struct str record)
{
    size_t from = credentials_from(record), at = 0;
    while (at < from) {
        size_t used, n = tokens_first_line(str_from(record, at), tokens_any, false, &used);
        size_t here = at + credentials_foreign((struct str){ record.p + at, n });
        from = here < at + n && here < from ? here : from;
        at += used;
    }
    return from;
}

/* Masks what answers a prompt, what goes on with a credential, what a keyword gives away, and what looks like
 * base64. */
static void unknown_hear(struct hearing *hearing, enum side side, struct str line, unsigned end,
                         struct utterance *said)
{
    blank(said, sizeof(*said));
    said->speech = SPEECH_NOISE;
    said->used = line.n;
    said->secret_at = secret_in(line);
    uint8_t *mode = side == SIDE_CLIENT ? &hearing->mode : &hearing->server_mode;
    struct str whole = line;
    /* copying may have put blanks around it, which must not hide a prompt */
    line = words_bare(line);
    size_t text = prompt_text(line);
    bool prompt = text <= line.n;
    bool owed = hearing->owed && side == SIDE_CLIENT;
    bool response = (hearing->asked || owed || *mode == LITERAL_OF_A_SECRET) && !is_harmless(line);
    if ((response && !prompt) || credentials_opaque(line))
        said->secret_at = 0;
    /* a challenge may help to guess what answers it */
    if (prompt)
        said->secret_at = text < line.n ? (size_t)(line.p - whole.p) + text : whole.n;
    said->secret = said->secret_at < whole.n;
    said->talk = !(side == SIDE_SERVER && is_in_literal(hearing, whole, end)) && parties_talk(line);
    /* a prompt that comes in between, the + that a literal waits for, changes nothing of that */
    if (!prompt)
        *mode = said->secret && words_announces(line) ? LITERAL_OF_A_SECRET : OPEN_TALK;
    hearing->asked = prompt;
    hearing->owed &= !owed;
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

static bool never_welcomes(struct str text)
{
    (void)text;
    return false;
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
    .welcomes = never_welcomes,
    .bid_command = never,
    .joins = unknown_joins,
    .hear = unknown_hear,
    .meaning = no_meaning,
};
