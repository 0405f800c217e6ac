/* POP3 as spoken: RFC 1939, 2449 (CAPA, response codes, pipelining), 2595 (STLS), 5034 (AUTH), 6856 (UTF8, LANG).
 * Which reply is followed by a listing depends on the command that it answers. */
#include "base/blank.h"
#include "protocol/codes.h"
#include "protocol/credentials.h"
#include "protocol/tokens.h"
#include "protocol/words.h"

/* What follows the +OK to a verb: nothing; lines up to a dot; these only where it had no argument, as to LIST but not to
 * "LIST 3" (RFC 1939 5); challenges; TLS. */
enum kind_of_verb { SINGLE, LISTING, LISTING_IF_BARE, AUTH, STLS };

/*                      +OK to RETR, LIST, …
 *   LINES_ARE_REPLIES ───────────────────────► LINES_ARE_LISTING
 *      ▲      ▲                .                  │    │   ▲
 *      │      └───────────────────────────────────┘    │   │ any other line
 *      │        the client speaks, though no dot came  ▼   │
 *      └───────────────────────────────────── LISTING_MAY_BE_OVER
 *                    +OK, -ERR */
enum mode { LINES_ARE_REPLIES, LINES_ARE_LISTING, LISTING_MAY_BE_OVER };

/* The most frequent ones first. */
static const struct verb verbs[] = {
    { { "RETR", 4 }, NAMES_phase_retrieval, VERB_FETCHES, LISTING },
    { { "DELE", 4 }, NAMES_phase_mailbox, VERB_DELETES, SINGLE },
    { { "USER", 4 }, NAMES_phase_authentication, VERB_TAKES_USER, SINGLE },
    { { "PASS", 4 }, NAMES_phase_authentication, VERB_AUTHENTICATES, SINGLE },
    { { "STAT", 4 }, NAMES_phase_mailbox, 0, SINGLE },
    { { "QUIT", 4 }, NAMES_phase_quit, VERB_ENDS, SINGLE },
    { { "UIDL", 4 }, NAMES_phase_mailbox, VERB_OPTIONAL, LISTING_IF_BARE },
    { { "LIST", 4 }, NAMES_phase_mailbox, 0, LISTING_IF_BARE },
    { { "TOP", 3 }, NAMES_phase_retrieval, VERB_PEEKS | VERB_OPTIONAL, LISTING },
    { { "CAPA", 4 }, NAMES_phase_capability, VERB_LISTS_CAPABILITIES, LISTING },
    { { "STLS", 4 }, NAMES_phase_tls, VERB_STARTS_TLS, STLS },
    { { "AUTH", 4 }, NAMES_phase_authentication, VERB_AUTHENTICATES, AUTH },
    { { "APOP", 4 }, NAMES_phase_authentication, VERB_AUTHENTICATES | VERB_TAKES_USER, SINGLE },
    { { "NOOP", 4 }, NAMES_phase_session, 0, SINGLE },
    { { "RSET", 4 }, NAMES_phase_session, VERB_RESETS, SINGLE },
    { { "UTF8", 4 }, NAMES_phase_session, 0, SINGLE },
    { { "LANG", 4 }, NAMES_phase_session, 0, LISTING_IF_BARE },
};

static const struct verb *verb_named(struct str word)
{
    return words_verb(verbs, sizeof(verbs) / sizeof(*verbs), word);
}

/* The row of the verb that a line begins with; NULL: none that we know. */
static const struct verb *verb_of(struct str line)
{
    return verb_named(words_leading(line));
}

static bool is_command(struct str line)
{
    return verb_of(line) != NULL;
}

/* Other bytes than blanks may part a name from what is secret. */
static struct str in_front_of(const char *secret, struct str name)
{
    size_t clear = secret > name.p ? (size_t)(secret - name.p) : 0;
    return str_upto(name, name.n < clear ? name.n : clear);
}

/* "AUTH PASS-secret": a word that is masked in part names no mechanism. */
static struct str mechanism_in(struct str word, const char *secret)
{
    bool shown = credentials_mechanism(word) && word.p + word.n <= secret;
    return str_upto(word, shown ? word.n : 0);
}

/* Who logs in, and how, where a command shows it. */
static void say_identity(struct str argument, struct str line, struct utterance *said)
{
    unsigned flags = said->verb->flags;
    /* nearly all commands tell nothing of the kind */
    if (!(flags & (VERB_TAKES_USER | VERB_AUTHENTICATES)))
        return;
    struct str rest = argument, word = words_next(&rest);
    if (flags == VERB_TAKES_USER) {
        size_t secret = (size_t)(argument.p - line.p) + credentials_from(argument);
        if (secret < line.n)
            mask_from(said, secret, line.n); /* "USER ann PASS secret" */
    }
    if (flags & VERB_TAKES_USER)
        said->user = flags & VERB_AUTHENTICATES || said->secret ? word : words_trim(argument);
    const char *masked = line.p + (said->secret ? said->secret_at : line.n);
    said->user = in_front_of(masked, said->user);
    if (flags & VERB_AUTHENTICATES)
        said->mechanism = said->verb->kind != AUTH ? said->verb->name : mechanism_in(word, masked);
}

/* A command, known or not: where its secret begins, and who logs in. */
static void say_command(const struct hearing *hearing, struct str line, struct utterance *said)
{
    struct str rest = line, word = words_next(&rest);
    said->speech = SPEECH_REQUEST;
    said->verb = verb_named(word);
    said->command = word;
    /* a copy of `rest` would wait for what was just stored there by halves */
    said->argument = str_from(line, (size_t)(rest.p - line.p));
    if (said->verb) {
        /* PASS, APOP's digest, AUTH's initial response: everything behind the words that are no secret */
        size_t at = said->verb->flags & VERB_AUTHENTICATES
                        ? credentials_from(line)
                        : (size_t)(rest.p - line.p) + credentials_behind(rest);
        mask_from(said, at, line.n);
        say_identity(rest, line, said);
        return;
    }
    mask_from(said, hearing->unfinished ? 0 : credentials_unknown(line), line.n);
    if (!words_alphabetic(word)) {
        said->command = (struct str){ 0 };
        said->argument = line;
    }
}

/* AUTH without an argument asks for a list; with one, responses follow. */
static bool is_authenticating(const struct verb *verb, const struct hearing *hearing)
{
    return verb && verb->kind == AUTH && (verb != hearing->awaited || hearing->awaited_argument);
}

/* An answer to a challenge, or a command: POP3 clients send nothing else. */
static void client(struct hearing *hearing, struct str line, struct utterance *said)
{
    bool asked = hearing->asked;
    hearing->asked = false;
    if (hearing->mode == LINES_ARE_LISTING)
        hearing->mode = LISTING_MAY_BE_OVER;
    /* a client that gives up writes QUIT, just so: all else may be an answer, whatever it looks like */
    if (asked || (is_authenticating(hearing->open, hearing) && !str_equal(line, STR("QUIT")))) {
        said->speech = SPEECH_TURN;
        said->secret = !str_equal(words_trim(line), STR("*"));
        return;
    }
    say_command(hearing, line, said);
}

/* "AUTH LOGIN" and what follows in the same record, or commands that share one, are heard one by one. */
static void client_record(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    size_t used = line.n, n = line.n;
    if (hearing->tokens) {
        const struct verb *verb = verb_of(line);
        bool answers = is_authenticating(hearing->open, hearing) || (verb && verb->kind == AUTH);
        n = tokens_first_line(line, answers ? tokens_any : is_command, true, &used);
    }
    said->used = used;
    /* nothing in front of the line end: it says nothing, and is passed over */
    if (n > 0 || line.n == 0)
        client(hearing, str_upto(line, n), said);
    hearing->unfinished = hearing->tokens && end == 0 && used == line.n;
}

/* Whether lines follow the +OK to the command that waits for it. */
static bool lists(const struct hearing *hearing)
{
    if (!hearing->awaited)
        return false;
    switch (hearing->awaited->kind) {
    case LISTING: return true;
    case LISTING_IF_BARE:
    case AUTH: return !hearing->awaited_argument;
    default: return false;
    }
}

/* A dot in front of a line that begins with one is transport, not content (RFC 1939 3). What a NUL has cut is no end. */
static void say_listing(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    if (line.n == 1 && line.p[0] == '.' && (end > 0 || !hearing->tokens)) {
        said->speech = SPEECH_PAYLOAD_END;
        hearing->mode = LINES_ARE_REPLIES;
        return;
    }
    said->speech = SPEECH_PAYLOAD;
    said->payload = (uint32_t)(line.n - (line.n > 1 && line.p[0] == '.'));
    said->whole = true;
}

/* A status word, then a blank or nothing. */
static bool starts_word(struct str line, struct str word)
{
    return str_starts(line, word) && (line.n == word.n || line.p[word.n] == ' ');
}

/* +OK or -ERR: the greeting, a whole reply, or the first line of one with a listing. */
static void say_status(struct hearing *hearing, struct str line, bool good, struct utterance *said)
{
    size_t word = good ? 3 : 4;
    said->code = str_upto(line, word);
    said->text = line.n > word ? str_from(line, word + 1) : (struct str){ 0 };
    said->enhanced = codes_bracketed(said->text);
    said->status = good ? NAMES_status_success : NAMES_status_failure;
    /* where the opening is not in the log, a first line may well be a reply: to a command that waits for one */
    if (!hearing->greeted && (hearing->opened || !hearing->awaited)) {
        said->speech = SPEECH_GREETING;
        hearing->greeted = true;
        return;
    }
    hearing->greeted = true;
    said->speech = good && lists(hearing) ? SPEECH_REPLY_OPENS : SPEECH_REPLY;
    if (said->speech == SPEECH_REPLY_OPENS)
        hearing->mode = LINES_ARE_LISTING;
}

/* "+ challenge" asks for a response (RFC 5034 4). A bare + to STLS is all that Mercury's client logs of "+OK"
 * (FORMAT 2.3). */
static void say_plus(struct hearing *hearing, struct str line, struct utterance *said)
{
    bool stls = hearing->awaited && hearing->awaited->kind == STLS;
    said->code = str_upto(line, 1);
    said->text = line.n > 2 ? str_from(line, 2) : (struct str){ 0 };
    said->status = stls ? NAMES_status_success : NAMES_status_intermediate;
    said->speech = stls ? SPEECH_REPLY : SPEECH_INTERMEDIATE;
    said->answers = stls ? 0 : AUTH;
    hearing->asked = !stls;
    mask_from(said, 2, stls ? 0 : line.n);
}

/* The first line behind a command that came within a listing: a client that does not pipeline has given up waiting for
 * the dot, and what looks like a reply is one. Any other line shows that the listing goes on. */
static void go_on_or_break_off(struct hearing *hearing, struct str line, struct utterance *said)
{
    said->breaks_off = starts_word(line, STR("+OK")) || starts_word(line, STR("-ERR"));
    hearing->mode = said->breaks_off ? LINES_ARE_REPLIES : LINES_ARE_LISTING;
    if (!said->breaks_off)
        return;
    hearing->awaited = hearing->open;
    hearing->awaited_argument = hearing->open_argument;
}

static void say_noise(struct hearing *hearing, struct str line, struct utterance *said)
{
    mask_from(said, credentials_within(line), line.n);
    /* another protocol's challenge, in a log that is none of POP3 */
    hearing->asked = str_starts(line, STR("334"));
}

/* Within a listing nothing is a reply: a mail may hold "+OK" (RFC 1939 3 says where it ends). */
static void server(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    hearing->asked = false;
    if (hearing->mode == LISTING_MAY_BE_OVER)
        go_on_or_break_off(hearing, line, said);
    if (hearing->mode == LINES_ARE_LISTING)
        say_listing(hearing, line, end, said);
    else if (starts_word(line, STR("+OK")))
        say_status(hearing, line, true, said);
    else if (starts_word(line, STR("-ERR")))
        say_status(hearing, line, false, said);
    else if (starts_word(line, STR("+")))
        say_plus(hearing, line, said);
    else
        say_noise(hearing, line, said);
}

/* Lines of a mail that do not begin with a dot can only be text, and are told in runs (text_of). */
static void pop3_hear(struct hearing *hearing, enum side side, struct str line, unsigned end,
                      struct utterance *said)
{
    blank(said, sizeof(*said));
    said->speech = SPEECH_NOISE;
    said->used = line.n;
    if (side == SIDE_CLIENT)
        client_record(hearing, line, end, said);
    else
        server(hearing, line, end, said);
    bool text = hearing->mode == LINES_ARE_LISTING && hearing->awaited;
    hearing->text_of = text ? 1 + SIDE_SERVER : 0;
    hearing->text_mark = '.';
}

/* A record of a listing stands for a line, whether its end is in the log or not. */
static bool pop3_joins(const struct hearing *hearing, enum side side)
{
    return side == SIDE_CLIENT || hearing->mode == LINES_ARE_REPLIES;
}

/* No other protocol has these words. A server that refuses a client at once says -ERR; a bare + is a prompt. */
static bool pop3_welcomes(struct str text)
{
    return starts_word(text, STR("+OK")) || starts_word(text, STR("-ERR"));
}

static int pop3_bid(struct str greeting)
{
    return pop3_welcomes(greeting) ? 100 : 0;
}

/* Of the verbs, those that are none of SMTP's or IMAP's; less sure than a greeting. */
static int pop3_bid_command(struct str text)
{
    static const struct str sure[] = { { "USER", 4 }, { "PASS", 4 }, { "APOP", 4 }, { "STAT", 4 },
                                       { "UIDL", 4 }, { "RETR", 4 }, { "DELE", 4 }, { "CAPA", 4 } };
    struct str word = words_next(&text);
    for (size_t i = 0; i < sizeof(sure) / sizeof(*sure); i++)
        if (words_are(word, sure[i]))
            return 60;
    return 0;
}

const struct protocol protocol_pop3 = {
    .name = "pop3",
    .id = NAMES_protocol_pop3,
    .pairing = PAIRING_IN_ORDER,
    .bid = pop3_bid,
    .welcomes = pop3_welcomes,
    .bid_command = pop3_bid_command,
    .joins = pop3_joins,
    .hear = pop3_hear,
    .meaning = codes_pop3,
    .tables = codes_pop3_tables,
};
