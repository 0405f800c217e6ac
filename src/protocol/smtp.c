/* SMTP as spoken: RFC 5321, 2920 (pipelining), 3030 (BDAT), 3207 (STARTTLS), 4954 (AUTH), 2034 (enhanced codes).
 * Which line is a command, a body, a response or a reply; what is secret; nothing of queues and clocks. */
#include "base/blank.h"
#include "base/decimal.h"
#include "model/event.h"
#include "protocol/codes.h"
#include "protocol/credentials.h"
#include "protocol/smtp_command.h"
#include "protocol/tokens.h"
#include "protocol/words.h"

/* Where the client is. EARLY: it sends text before the 354. SENT: the closing dot is out. ADRIFT: its text was refused
 * while it was still sending.
 *
 *               354                 .             final reply
 *   COMMAND ─────────────► BODY ──────────► SENT ─────────────► COMMAND
 *     │   │                ▲  │
 *     │   │ text       354 │  │ 4xx, 5xx         . or a command
 *     │   └────────► EARLY ┴──┴───────────► ADRIFT ───────────► COMMAND
 *     │ BDAT n            n bytes
 *     └─────────► CHUNK ──────────► COMMAND */
enum mode { COMMAND, EARLY, BODY, SENT, CHUNK, ADRIFT };

static bool is_open(const struct hearing *hearing, enum smtp_kind kind)
{
    return hearing->open && hearing->open->kind == (unsigned)kind;
}

static bool is_awaited(const struct hearing *hearing, enum smtp_kind kind)
{
    return hearing->awaited && hearing->awaited->kind == (unsigned)kind;
}

/* A line of text; a stuffed dot is transport, not content (RFC 5321 4.5.2). */
static void say_text(struct str line, struct utterance *said)
{
    said->speech = SPEECH_PAYLOAD;
    said->payload = (uint32_t)(line.n - (line.n > 1 && line.p[0] == '.'));
    said->whole = true;
}

/* A dot ends a mail only between two whole line ends (RFC 5321 4.1.1.4): behind a bare LF, or cut by a NUL, it is text. */
static bool is_dot(const struct hearing *hearing, struct str line, unsigned end)
{
    return line.n == 1 && line.p[0] == '.' && (end == 2 || !hearing->tokens);
}

static void say_body(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    if (!is_dot(hearing, line, end)) {
        say_text(line, said);
        return;
    }
    said->speech = SPEECH_PAYLOAD_END;
    hearing->mode = SENT;
}

/* "AUTH PLAIN AGFubgBz…": all behind the mechanism is the initial response (RFC 4954 4). Where no mechanism
 * stands, all is masked. */
static void say_auth(struct str rest, struct str line, struct utterance *said)
{
    struct str before = rest, word = words_next(&rest);
    if (credentials_mechanism(word))
        said->mechanism = word;
    else
        rest = before;
    mask_from(said, (size_t)(rest.p - line.p), line.n);
}

/* "BDAT 1000 LAST": the octets that follow are no lines (RFC 3030 2). */
static void open_chunk(struct hearing *hearing, struct str size)
{
    decimal_read_long(size, &hearing->remaining);
    hearing->unsure = false;
    hearing->mode = hearing->remaining ? CHUNK : COMMAND;
}

/* A command, known or not: where its secret begins, and what the client goes on with. */
static void say_command(struct hearing *hearing, struct str line, struct utterance *said)
{
    struct str rest = line, word = words_next(&rest);
    said->speech = SPEECH_REQUEST;
    said->verb = smtp_verb_named(word);
    said->command = word;
    /* a copy of `rest` would wait for what was just stored there by halves */
    said->argument = str_from(line, (size_t)(rest.p - line.p));
    hearing->mode = COMMAND;
    if (!said->verb) {
        /* nothing we know: a credential whose command is not in the log? bytes of a TLS handshake? */
        mask_from(said, hearing->unfinished ? 0 : credentials_unknown(line), line.n);
        if (!words_alphabetic(word)) {
            said->command = (struct str){ 0 };
            said->argument = line;
        }
    } else if (said->verb->kind == SMTP_AUTH) {
        say_auth(rest, line, said);
    } else if (said->verb->kind == SMTP_BDAT) {
        struct str size = words_next(&rest);
        open_chunk(hearing, size);
        said->verb = words_are(words_trim(rest), STR("LAST")) ? said->verb : &smtp_chunk;
    } else if (said->verb->kind == SMTP_BURL) {
        size_t n = 0, at = credentials_urlauth(line, &n);
        mask_part(said, at, n, line.n);
    }
}

/* A login that is answered is no text: the refusal of what was sent, or its dot, is not in the log. */
static void say_granted(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    if (hearing->answered && smtp_is_auth(line) && smtp_is_strict_command(line))
        say_command(hearing, line, said);
    else
        say_body(hearing, line, end, said);
}

/* Text before the 354: the server has not agreed yet, so a lone QUIT or RSET still is a command. */
static void say_early(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    /* behind the first line of text nothing is a command any more before the dot */
    if (hearing->mode == COMMAND && smtp_is_strict_command(line)) {
        say_command(hearing, line, said);
        return;
    }
    /* it may as well be talk of which a line is missing in the log: what looks like a credential is masked */
    hearing->mode = EARLY;
    say_body(hearing, line, end, said);
    mask_from(said, credentials_from(line), line.n);
}

/* The chunk ends within this record. What stands behind it is the next command, or nothing of any size. */
static void end_chunk(struct hearing *hearing, struct str line, struct utterance *said)
{
    size_t n = hearing->remaining < line.n ? hearing->remaining : line.n;
    said->payload = (uint32_t)n;
    said->whole = said->bare = false;
    if (n < line.n && smtp_is_strict_command(str_from(line, n)))
        said->used = n;
    hearing->remaining = 0;
}

/* A line within a chunk: wholly, up to its end, or up to the command that follows inside the same record. */
static void say_chunk(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    said->speech = SPEECH_PAYLOAD;
    said->payload = (uint32_t)line.n;
    said->whole = end > 0;
    said->bare = end == 1;
    /* a record of full length without an end was cut: how much of the chunk is missing is not known */
    hearing->unsure |= hearing->tokens && end == 0 && line.n >= TRAFFIC_MOST;
    /* an answered chunk has been sent, or never will be */
    if ((hearing->unsure || !is_open(hearing, SMTP_BDAT)) && smtp_is_strict_command(line)) {
        say_command(hearing, line, said);
    } else if (line.n + end <= hearing->remaining) {
        hearing->remaining -= line.n + end;
    } else {
        end_chunk(hearing, line, said);
    }
    /* what was cut is not counted: a size that was reached is over all the more */
    if (hearing->mode == CHUNK && hearing->remaining == 0)
        hearing->mode = COMMAND;
    said->last = hearing->unsure || hearing->mode != CHUNK;
}

/* The rest of a text that was refused, up to its dot: noise, since no command waits for it. */
static void say_adrift(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    if (smtp_is_strict_command(line)) {
        say_command(hearing, line, said);
        return;
    }
    mask_from(said, credentials_from(line), line.n);
    /* the end of the text that was refused */
    if (is_dot(hearing, line, end))
        hearing->mode = COMMAND;
}

/* An answer to a challenge is secret, whatever it is; a lone * cancels (RFC 4954 4). */
static void say_response(struct str line, struct utterance *said)
{
    said->speech = SPEECH_TURN;
    said->secret = !str_equal(words_trim(line), STR("*"));
}

/* An answer to a challenge is asked for first, for it may look like anything; then text, which may look like a
 * command. */
static void client(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    bool asked = hearing->asked;
    hearing->asked = false;
    if (asked || (is_open(hearing, SMTP_AUTH) && !str_equal(line, STR("QUIT"))))
        say_response(line, said);
    else if (hearing->mode == BODY)
        say_granted(hearing, line, end, said);
    else if (hearing->mode == CHUNK)
        say_chunk(hearing, line, end, said);
    else if (is_open(hearing, SMTP_DATA) && hearing->mode != SENT)
        say_early(hearing, line, end, said);
    else if (hearing->mode == ADRIFT)
        say_adrift(hearing, line, end, said);
    else
        say_command(hearing, line, said);
}

/* Commands that share a record are heard one by one; text is taken as it is. */
static void client_record(struct hearing *hearing, struct str line, unsigned end, struct utterance *said)
{
    bool talk = hearing->mode == COMMAND || hearing->mode == SENT, body = hearing->mode == BODY;
    size_t used = line.n, n = line.n;
    if (hearing->tokens && talk)
        n = tokens_first_line(
            line, is_open(hearing, SMTP_AUTH) || smtp_is_auth(line) ? tokens_any : smtp_is_command, true,
            &used);
    said->used = used;
    if (n > 0 || line.n == 0)
        client(hearing, str_upto(line, n), used < line.n ? 2 : end, said);
    hearing->unfinished = hearing->tokens && end == 0 && used == line.n && !body;
}

/* RFC 5321 4.2: three digits, then a blank, a dash or nothing. No reply begins with 1: that class is not SMTP's
 * (4.2.1). */
static unsigned code_of(struct str line)
{
    if (line.n < 3 || (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-'))
        return 0;
    /* what stands before '0' wraps to a large number */
    unsigned class = (unsigned)line.p[0] - '0', tens = (unsigned)line.p[1] - '0',
             ones = (unsigned)line.p[2] - '0';
    return class - 2 < 4 && tens < 10 && ones < 10 ? class * 100 + tens * 10 + ones : 0;
}

static bool is_reply(struct str line)
{
    return code_of(line) != 0;
}

/* Two reply lines may stand in one record, the line end between them as a token (FORMAT 2.3):
 *   << 250-mx.example Hello you; ESMTPs are:<cr><lf>250-TIME<cr><lf> */
static size_t first_line(const struct hearing *hearing, struct str line)
{
    static const struct str token = { "<cr><lf>", 8 };
    const char *inner = hearing->tokens ? memmem(line.p, line.n, token.p, token.n) : NULL;
    size_t n = inner ? (size_t)(inner - line.p) : line.n;
    return inner && is_reply(str_from(line, n + token.n)) ? n : line.n;
}

static const enum tcplog_name statuses[] = { NAMES_status_success, NAMES_status_intermediate,
                                             NAMES_status_transient_failure, NAMES_status_permanent_failure };

/* Codes that only one verb is answered with (RFC 5321 4.2.3, 4954 4 and 6, 3207 4): they find their command though
 * another reply is lost. */
static const uint8_t answers[600] = {
    [354] = SMTP_DATA, [235] = SMTP_AUTH, [334] = SMTP_AUTH,
    [535] = SMTP_AUTH, [221] = SMTP_QUIT, [220] = SMTP_STARTTLS,
};

/* 220, unless STARTTLS waits for it; or a refusal in its place. */
static bool is_greeting(const struct hearing *hearing, unsigned code)
{
    if (hearing->greeted)
        return false;
    if (code == 220 && !is_awaited(hearing, SMTP_STARTTLS))
        return true;
    bool refusal = hearing->opened && code >= 400;
    /* a hello may be refused as well, but not for the same reasons (RFC 5321 3.1, 7504) */
    bool early = code == 421 || code == 521 || code == 554;
    return refusal && (!hearing->awaited || (early && is_awaited(hearing, SMTP_HELLO)));
}

/* What a final reply changes for the client's next line. */
static void settle(struct hearing *hearing, char class)
{
    bool sending = hearing->mode == EARLY || hearing->mode == BODY;
    if (is_awaited(hearing, SMTP_DATA))
        hearing->mode = sending && class != '2' ? ADRIFT : COMMAND;
    /* a chunk that was accepted was sent whole, whatever the log has of it */
    if (is_awaited(hearing, SMTP_BDAT) && is_open(hearing, SMTP_BDAT) && hearing->awaited == hearing->open &&
        class == '2')
        hearing->mode = COMMAND;
}

static void mask_challenge(struct str line, struct utterance *said)
{
    /* the prompts of AUTH LOGIN, "Username:" and "Password:", say nothing; other challenges may help to guess */
    static const struct str prompts[] = { { "VXNlcm5hbWU6", 12 }, { "UGFzc3dvcmQ6", 12 } };
    struct str text = words_trim(said->text);
    if (!str_equal(text, prompts[0]) && !str_equal(text, prompts[1]))
        mask_from(said, 4, line.n);
}

/* 334 asks for an answer, 354 for the text. */
static void server_intermediate(struct hearing *hearing, struct str line, struct utterance *said)
{
    said->speech = SPEECH_INTERMEDIATE;
    if (said->answers == SMTP_AUTH) {
        hearing->asked = true;
        mask_challenge(line, said);
    } else if (hearing->mode != SENT) {
        /* nobody asked to send a body? what comes may be none */
        hearing->mode = is_awaited(hearing, SMTP_DATA) || is_open(hearing, SMTP_DATA) ? BODY : ADRIFT;
        hearing->unfinished = false;
    }
}

/* A line of a reply. The one without a dash decides; those before it are said as parts. */
static void server(struct hearing *hearing, struct str line, struct utterance *said)
{
    hearing->asked = false;
    unsigned code = code_of(line);
    if (!code) {
        mask_from(said, credentials_within(line), line.n);
        /* another protocol's challenge, in a log that is none of SMTP */
        hearing->asked = str_starts(line, STR("+ ")) || str_equal(line, STR("+"));
        return;
    }
    size_t n = first_line(hearing, line);
    /* behind the token of eight bytes stands the next line */
    said->used = n < line.n ? n + 8 : n;
    line = str_upto(line, n);
    /* a dash says that more lines follow (RFC 5321 4.2.1) */
    bool last = line.n == 3 || line.p[3] == ' ';
    said->code = str_upto(line, 3);
    said->text = line.n > 4 ? str_from(line, 4) : (struct str){ 0 };
    if (said->text.n && said->text.p[0] == line.p[0])
        said->enhanced = codes_enhanced(said->text, line.p[0]);
    said->status = statuses[line.p[0] - '2'];
    said->answers = answers[code];
    if (is_greeting(hearing, code)) {
        said->speech = last ? SPEECH_GREETING : SPEECH_GREETING_PART;
        hearing->greeted = last;
        return;
    }
    if (last && (said->answers == SMTP_DATA || (said->answers == SMTP_AUTH && line.p[0] == '3'))) {
        server_intermediate(hearing, line, said);
        return;
    }
    if (said->answers == SMTP_AUTH && line.p[0] == '3')
        mask_challenge(line, said);
    said->speech = last ? SPEECH_REPLY : SPEECH_REPLY_PART;
    hearing->greeted = true;
    if (last)
        settle(hearing, line.p[0]);
}

/* Lines of a mail that do not begin with a dot can only be text, and are told in runs (text_of). */
static void smtp_hear(struct hearing *hearing, enum side side, struct str line, unsigned end,
                      struct utterance *said)
{
    blank(said, sizeof(*said));
    said->speech = SPEECH_NOISE;
    said->used = line.n;
    if (side == SIDE_CLIENT)
        client_record(hearing, line, end, said);
    else
        server(hearing, line, said);
    /* an answer to a challenge is none, whatever went before */
    bool text = hearing->mode == BODY && !hearing->asked && !is_open(hearing, SMTP_AUTH);
    hearing->text_of = text ? 1 + SIDE_CLIENT : 0;
    hearing->text_mark = '.';
}

/* A record of text stands for a line, whether its end is in the log or not. */
static bool smtp_joins(const struct hearing *hearing, enum side side)
{
    return side == SIDE_SERVER || hearing->mode == COMMAND || hearing->mode == SENT;
}

/* A server may refuse a client at once (RFC 5321 3.1: 554); but three digits are soon found in other talk. */
static int smtp_bid(struct str greeting)
{
    if (!is_reply(greeting))
        return 0;
    return memcmp(greeting.p, "220", 3) == 0 ? 100 : 50;
}

static bool smtp_welcomes(struct str text)
{
    return is_reply(text) && !str_starts(text, STR("334"));
}

static int smtp_bid_command(struct str text)
{
    const struct verb *verb = smtp_verb(text);
    /* QUIT is POP3's as well */
    if (!verb || !smtp_is_strict_command(text) || verb->kind == SMTP_QUIT)
        return 0;
    return verb->kind == SMTP_AUTH ? 40 : 60; /* POP3 knows AUTH, too */
}

const struct protocol protocol_smtp = {
    .name = "smtp",
    .id = NAMES_protocol_smtp,
    .pairing = PAIRING_IN_ORDER,
    .bid = smtp_bid,
    .welcomes = smtp_welcomes,
    .bid_command = smtp_bid_command,
    .joins = smtp_joins,
    .hear = smtp_hear,
    .meaning = codes_smtp,
    .tables = codes_smtp_tables,
};
