/* IMAP as spoken: RFC 9051 and 3501, 7888 (literals), 2177 (IDLE), 4959 (initial responses). Either side may be within a
 * literal, whose length alone says where it ends; a client's may not be in the log at all. The words
 * of commands, responses and literals are looked at in the files beside this one. */
#include "base/blank.h"
#include "base/decimal.h"
#include "protocol/codes.h"
#include "protocol/credentials.h"
#include "protocol/imap_literal.h"
#include "protocol/imap_response.h"
#include "protocol/imap_tags.h"
#include "protocol/tokens.h"
#include "protocol/words.h"

/* Where the client is: it begins a line; it announced a literal and waits for the +, has it, or does not need it;
 * it is in the midst of one; it goes on with the line behind one. The server begins a line, or is in the latter
 * two.
 *
 *          {12}              +             first line          12 bytes
 *   LINE ────────► ANNOUNCED ───► GRANTED ────────────► INSIDE ─────────► BEHIND ──► LINE, or the next {…}
 *     │    {12+}                                          ▲
 *     └────────────► SENT ────────────────────────────────┘
 *
 * Where the literal is not in the log (Mercury's server, FORMAT 2.3), the line behind it comes instead. */
enum mode { LINE, ANNOUNCED, GRANTED, SENT, INSIDE, BEHIND };

/* The client's line ends in the announcement of a literal, or it ends. */
static void end_line(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct imap_literal literal;
    hearing->mode = LINE;
    if (!imap_announces(line, &literal))
        return;
    hearing->remaining = literal.size;
    hearing->unsure = false;
    hearing->mode = literal.size == 0 ? BEHIND : literal.waits ? ANNOUNCED : SENT;
    /* "LOGIN ann {6}": the length of a password is nothing that a later line could repeat */
    if (said->secret && said->secret_at <= literal.at)
        said->unspoken = line.n - literal.at;
}

/* "a1 LOGIN ann secret". What has no tag, or an unknown verb, is said as a request, too, masked where it may be a
 * credential. */
static void say_command(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct imap_command command = imap_command(line);
    bool tagged = imap_is_tag(command.tag);
    /* the rest of a credential whose command, or whose literal, was not understood? */
    bool rest = hearing->unfinished || (!tagged && hearing->secret && hearing->open);
    said->speech = SPEECH_REQUEST;
    said->verb = tagged ? command.verb : NULL;
    said->tag = str_upto(command.tag, tagged ? command.tag.n : 0);
    said->command = str_upto(command.word, words_alphabetic(command.word) ? command.word.n : 0);
    said->argument = command.argument;
    if (said->verb)
        imap_say_credentials(&command, line, said);
    else
        mask_from(said, rest ? 0 : imap_unknown_secret(line, command.word), line.n);
    if (!tagged)
        said->command = (struct str){ 0 };
    if (!said->verb && said->command.n == 0)
        said->argument = tagged ? str_from(line, (size_t)(command.word.p - line.p)) : line;
    hearing->secret = said->secret;
    if (tagged)
        imap_tags_add(hearing, command.tag);
    end_line(hearing, line, said);
}

/* The rest of a line behind a literal; of one that is secret, it tells at least how long the next is. */
static void say_rest(struct hearing *hearing, struct str line, enum speech speech, struct utterance *said)
{
    said->speech = speech;
    mask_from(said, 0, hearing->secret ? line.n : 0);
    end_line(hearing, line, said);
}

/* A line that no literal reaches into: an answer to a challenge, the end of IDLE, or a command. */
static void say_line(struct hearing *hearing, bool asked, struct str line, struct utterance *said)
{
    bool login = hearing->open && hearing->open->flags & VERB_AUTHENTICATES;
    hearing->mode = LINE;
    if (asked || (login && !imap_is_command(line))) {
        /* an answer to a challenge is secret, whatever it is; a lone * cancels (RFC 9051 6.2.2) */
        said->speech = SPEECH_TURN;
        mask_from(said, 0, str_equal(words_trim(line), STR("*")) ? 0 : line.n);
        /* was it a login by literals? nobody asked in IMAP, then */
        hearing->owed = words_announces(line);
    } else if (line.n == 0) {
        said->speech = SPEECH_TURN_PART;
    } else if (words_are(words_trim(line), STR("DONE"))) {
        /* ends IDLE, and has no tag (RFC 2177 3) */
        said->speech = SPEECH_TURN;
    } else {
        say_command(hearing, line, said);
    }
}

/* Whether a literal's length is not that of what is logged; else it ends with its line, or the command goes on behind
 * it. */
static bool is_doubtful(const struct hearing *hearing, struct str line)
{
    bool fits = line.n <= hearing->remaining || imap_is_rest(str_from(line, hearing->remaining));
    return hearing->unsure || hearing->mode != INSIDE || !fits;
}

/* The literal was refused, or is not in the log. Where it may still come, only a command proves that, one that looks
 * like the client's: "Please check" is a line of many a mail. A login is believed where the mail would begin. */
static bool is_over(const struct hearing *hearing, bool doubtful, struct str line)
{
    /* answered instead of granted: the literal never comes (RFC 9051 2.2.1) */
    if (hearing->mode == ANNOUNCED && !hearing->open)
        return true;
    if (hearing->open && (!doubtful || hearing->secret))
        return false;
    if (!imap_is_command(line))
        return false;
    struct imap_command command = imap_command(words_beginning(line));
    bool login = command.verb->flags & VERB_AUTHENTICATES &&
                 (hearing->mode != INSIDE || imap_tags_counts(command.tag));
    return (login && !str_ends(command.tag, STR(":"))) || imap_tags_go_on(hearing, command.tag);
}

/* What stands where a literal was announced: the literal; a command, which shows that it never came; or the rest
 * of the line behind a literal that is not in the log. */
static void say_literal(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    bool first = hearing->mode != INSIDE, mail = hearing->open && hearing->open->kind == IMAP_APPEND;
    bool doubtful = is_doubtful(hearing, line);
    if (is_over(hearing, doubtful, line)) {
        say_line(hearing, false, line, said);
        return;
    }
    /* what stands here is the rest of the command: the literal before it is not in the log */
    if (first && !imap_holds(line, hearing->remaining, !hearing->secret)) {
        said->unlogged = hearing->secret ? 0 : hearing->remaining;
        say_rest(hearing, line, SPEECH_TURN, said);
        return;
    }
    said->speech = mail ? SPEECH_PAYLOAD : first ? SPEECH_TURN : SPEECH_TURN_PART;
    hearing->unsure |= imap_take(&hearing->remaining, hearing->tokens, line, end, said);
    size_t secret = doubtful ? credentials_from(line) : said->used;
    /* what is cut in the middle of a credential would go on as something else */
    if (doubtful && secret < line.n)
        said->used = line.n;
    mask_from(said, hearing->secret ? 0 : secret, said->used);
    hearing->mode = hearing->remaining ? INSIDE : BEHIND;
}

/* What goes on with a literal is asked first: it may look like anything. */
static void client(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    /* what the client says before its first command, or what was announced on a line that lost its stamp, may be the
     * rest of a credential */
    hearing->begun |= hearing->opened || imap_is_command(line);
    bool challenged = hearing->asked, asked = challenged || hearing->owed || !hearing->begun;
    hearing->asked = hearing->owed = false;
    hearing->server_unsure = true; /* a client that goes on has had its reply */
    if (hearing->mode == BEHIND && !challenged && imap_is_rest(line))
        say_rest(hearing, line, SPEECH_TURN_PART, said);
    else if (hearing->mode == LINE || hearing->mode == BEHIND)
        say_line(hearing, asked, line, said);
    else
        say_literal(hearing, line, end, said);
}

/* The first line of a record; `used` tells how far it goes, and the dialogue comes again with the rest. What stands behind
 * a line end must be able to be a command, or a credential, even one that is none of IMAP: it must not go by as the
 * argument of the line before. Behind AUTHENTICATE, whatever follows is an answer. */
static void client_record(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    size_t used = line.n, n = line.n;
    const struct verb *verb = imap_command(words_beginning(line)).verb;
    bool login = (hearing->open && hearing->open->kind == IMAP_AUTHENTICATE) ||
                 (verb && verb->kind == IMAP_AUTHENTICATE);
    if (hearing->tokens && hearing->mode == LINE)
        n = tokens_first_line(line, login ? tokens_any : imap_is_command, true, &used);
    said->used = used;
    if (n > 0 || line.n == 0)
        client(hearing, str_upto(line, n), used < line.n ? 2 : end, said);
    hearing->unfinished = hearing->tokens && end == 0 && used == line.n;
}

/* "[CODE …] text" (RFC 9051 7.1), and what CAPABILITY tells. */
static void say_status(struct str word, struct str text, struct utterance *said)
{
    said->code = word;
    said->text = text;
    said->status = words_are(word, STR("OK")) || words_are(word, STR("PREAUTH")) ? NAMES_status_success
                                                                                 : NAMES_status_failure;
    said->enhanced = codes_bracketed_word(text);
    const char *close = said->enhanced.n ? memchr(text.p, ']', text.n) : NULL;
    if (!close || !words_are(said->enhanced, STR("CAPABILITY")))
        return;
    const char *from = said->enhanced.p + said->enhanced.n;
    said->capabilities = words_trim((struct str){ from, (size_t)(close - from) });
}

/* The server's line goes on behind a literal, or it ends. */
static void end_response(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct imap_literal literal;
    bool goes_on = imap_announces(line, &literal);
    said->speech = goes_on ? SPEECH_DATA_OPENS : SPEECH_DATA;
    hearing->server_mode = LINE;
    /* what was announced before has come whole, or the line would be part of it */
    said->mails += hearing->mails;
    hearing->mails = 0;
    if (!goes_on)
        return;
    said->mail_opens = imap_is_mail(words_trim(str_upto(line, literal.at)));
    said->mail_number = hearing->mail_number;
    said->mail_size = literal.size;
    hearing->mails = said->mail_opens;
    hearing->server_remaining = literal.size;
    hearing->server_unsure = hearing->server_cut = hearing->server_closing = false;
    hearing->server_mode = literal.size ? INSIDE : BEHIND;
}

/* "* 12 FETCH (…", "* LIST () …", "* 3 EXISTS": which commands it may answer, and whether a mail follows as a
 * literal. */
static void say_data(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct str rest = str_from(line, 2), word = words_next(&rest), first = word;
    /* "* 12 FETCH (…": a number comes before what it is about */
    if (decimal_read_long(word, &hearing->mail_number) == word.n)
        word = words_next(&rest);
    said->code = words_alphabetic(word) ? word : first;
    said->text = str_from(line, 2);
    said->answers = imap_answers(word);
    said->gone = words_are(word, STR("EXPUNGE")) ? hearing->mail_number : 0;
    if (words_are(word, STR("CAPABILITY")))
        said->capabilities = words_trim(rest);
    /* whoever holds such an address may read the mail (RFC 4467) */
    if (words_are(word, STR("GENURLAUTH")) || words_are(word, STR("URLFETCH")))
        mask_from(said, (size_t)(rest.p - line.p), line.n);
    end_response(hearing, line, said);
}

/* A status without a tag tells of the server or the session (RFC 9051 7.1); all other words are data. */
static void say_untagged(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct str rest = str_from(line, 2), word = words_next(&rest);
    bool begins = !hearing->greeted && imap_is_welcome(line) && (hearing->opened || !hearing->awaited);
    bool bye = words_are(word, STR("BYE"));
    hearing->greeted = true;
    if (!bye && !imap_is_status(word) && !words_are(word, STR("PREAUTH"))) {
        say_data(hearing, line, said);
        return;
    }
    say_status(word, rest, said);
    said->speech = begins ? SPEECH_GREETING : SPEECH_DATA;
    if (begins)
        return;
    if (words_are(word, STR("BAD")))
        said->speech = SPEECH_REPLY; /* to a command that had no tag, if there was one */
    if (bye) {
        said->speech = SPEECH_FAREWELL;
        said->answers = IMAP_LOGOUT;
        if (hearing->open && hearing->open->kind == IMAP_LOGOUT)
            said->status = NAMES_status_success;
    }
}

/* The end of the command that has this tag (RFC 9051 2.2.2). */
static void say_tagged(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct str rest = line;
    hearing->greeted = true;
    said->tag = words_next(&rest);
    imap_tags_remove(hearing, said->tag);
    struct str word = words_next(&rest);
    say_status(word, rest, said);
    said->speech = SPEECH_REPLY;
    /* the only command under way is done, and nothing of its literal was seen? A refusal may come before one that was
     * not waited for. */
    bool good = words_are(word, STR("OK")), only = hearing->open == hearing->awaited;
    if (only && (hearing->mode == GRANTED || (hearing->mode == SENT && good))) {
        said->unlogged = good && !hearing->secret ? hearing->remaining : 0;
        hearing->mode = LINE;
    }
}

/* "+ text" grants a literal, or what IDLE waits for; else it is a challenge, which may help to guess what answers it. */
static void say_continuation(struct hearing *hearing, struct str line, struct utterance *said)
{
    /* behind the literal of a command that was answered, it asks for something else */
    bool literal = hearing->mode != LINE && (hearing->mode != BEHIND || hearing->open);
    bool idle = hearing->open && hearing->open->kind == IMAP_IDLE;
    said->speech = SPEECH_INTERMEDIATE;
    said->code = str_upto(line, 1);
    said->text = str_from(line, line.n > 1 ? 2 : 1);
    said->status = NAMES_status_intermediate;
    hearing->asked = !literal && !idle;
    if (hearing->mode == ANNOUNCED)
        hearing->mode = GRANTED;
    mask_from(said, 2, hearing->asked || (literal && hearing->secret) ? line.n : 0);
}

/* By how the line begins; what begins in no such way is noise, and may hold anything. */
static void server(struct hearing *hearing, struct str line, struct utterance *said)
{
    hearing->asked = false;
    if (imap_is_untagged(line)) {
        say_untagged(hearing, line, said);
    } else if (imap_is_continuation(line)) {
        say_continuation(hearing, line, said);
    } else if (hearing->server_mode != ANNOUNCED && imap_is_tagged(line)) {
        hearing->server_mode = LINE;
        say_tagged(hearing, line, said);
    } else {
        /* a client taken for a server, as in a log without beginning? its literals follow all the same */
        mask_from(said, hearing->server_mode == ANNOUNCED ? 0 : credentials_within(line), line.n);
        bool waits = hearing->server_mode == ANNOUNCED && line.n == 0;
        hearing->server_mode = waits || (said->secret && words_announces(line)) ? ANNOUNCED : LINE;
        /* another protocol's challenge, in a log that is none of IMAP */
        hearing->asked = str_starts(line, STR("334"));
    }
}

/* A line of a literal. Where part of it was cut, the end may have been in what is missing, or stands here: ")" is no more
 * of the mail then. */
static void say_payload(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    said->speech = SPEECH_PAYLOAD;
    const bool cut = imap_take(&hearing->server_remaining, hearing->tokens, line, end, said);
    hearing->server_mode = hearing->server_remaining ? INSIDE : BEHIND;
    hearing->server_cut |= cut;
    hearing->server_closing = hearing->server_cut && (cut || str_ends(line, STR(")")));
    if (hearing->server_closing && str_equal(line, STR(")"))) {
        said->payload = 0;
        said->whole = false;
    }
}

/* Within a literal nothing is a response, for a mail may hold "a1 OK"; unless its length cannot be trusted. Then the reply
 * to a command that waits ends it, and so does the next mail. */
static bool is_lost(const struct hearing *hearing, struct str line)
{
    struct str rest = line;
    if (imap_is_tagged(line))
        return (hearing->server_unsure || hearing->server_cut) && imap_tags_wait(hearing, words_next(&rest));
    return hearing->server_closing && imap_is_fetch(line);
}

static void server_record(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    if (hearing->server_mode == INSIDE && !is_lost(hearing, line)) {
        say_payload(hearing, line, end, said);
    } else if (hearing->server_mode == BEHIND && !imap_is_response(line)) {
        end_response(hearing, line, said);
    } else {
        size_t used = line.n,
               n = hearing->tokens ? tokens_first_line(line, imap_is_response, false, &used) : line.n;
        said->used = used;
        /* behind a mail only the end of its response is missing; within one, the rest of it */
        bool whole = hearing->server_mode == BEHIND || hearing->server_closing;
        said->mails = whole ? hearing->mails : 0;
        hearing->mails = 0;
        server(hearing, str_upto(line, n), said);
    }
}

static void imap_hear(struct hearing *hearing, enum side side, struct str line, unsigned end,
                      struct utterance *said)
{
    blank(said, sizeof(*said));
    said->speech = SPEECH_NOISE;
    said->used = line.n;
    if (side == SIDE_CLIENT)
        client_record(hearing, line, end, said);
    else
        server_record(hearing, line, end, said);
}

/* A record of a mail stands for a line, whether its end is in the log or not. */
static bool imap_joins(const struct hearing *hearing, enum side side)
{
    if (side == SIDE_SERVER)
        return hearing->server_mode != INSIDE;
    return hearing->secret || hearing->mode == LINE || hearing->mode == BEHIND;
}

/* No other protocol begins with a star. */
static int imap_bid(struct str greeting)
{
    return imap_is_welcome(greeting) ? 100 : 0;
}

const struct protocol protocol_imap = {
    .name = "imap",
    .id = NAMES_protocol_imap,
    .pairing = PAIRING_BY_TAG,
    .bid = imap_bid,
    .welcomes = imap_is_welcome,
    .bid_command = imap_bid_command,
    .joins = imap_joins,
    .hear = imap_hear,
    .meaning = codes_imap,
    .tables = codes_imap_tables,
};
