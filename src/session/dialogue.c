/* The dialogue: has each line heard by the protocol, and what it said done to the talk. */
#include "session/dialogue.h"

#include "base/scan.h"
#include "protocol/credentials.h"
#include "protocol/words.h"
#include "session/confide.h"
#include "session/tally.h"
#include "session/veil.h"

bool dialogue_make(struct dialogue *dialogue)
{
    *dialogue = (struct dialogue){ 0 };
    return arena_make(&dialogue->talk.texts, TEXTS_CAPACITY) && queue_make(&dialogue->talk.queue) &&
           messages_make(&dialogue->talk.messages);
}

void dialogue_free(struct dialogue *dialogue)
{
    queue_free(&dialogue->talk.queue);
    arena_free(&dialogue->talk.texts);
    messages_free(&dialogue->talk.messages);
}

void dialogue_begin(struct dialogue *dialogue, const struct protocol *protocol, struct session_facts *facts,
                    struct arena *kept)
{
    struct talk *talk = &dialogue->talk;
    dialogue->protocol = protocol;
    dialogue->hearing = (struct hearing){ .opened = facts->opened };
    talk->pairing = protocol->pairing;
    talk->queue.first = talk->queue.next = talk->queue.base = 0;
    talk->speaking = NULL;
    talk->last_reply = (struct moment){ .stamp = UINT32_MAX };
    talk->kept = kept;
    talk->facts = facts;
    talk->forsaken = 0;
    talk->overflows = talk->broken = talk->broken_line = 0;
    echo_forget(&dialogue->echo);
    dialogue->asks_name = false;
    messages_begin(&talk->messages);
    arena_rewind(&talk->texts);
}

static const struct verb *verb_of(const struct exchange *exchange)
{
    /* stands for verbs nobody knows */
    static const struct verb unknown_verb = { { "", 0 }, NAMES_phase_other, 0, 0 };
    return exchange->verb ? exchange->verb : &unknown_verb;
}

/* Tells the protocol which commands its next line may belong to: where none is open, none is awaited. */
static void look(struct dialogue *dialogue)
{
    struct hearing *hearing = &dialogue->hearing;
    const struct queue *queue = &dialogue->talk.queue;
    const struct exchange *open = queue_newest(queue);
    dialogue->talk.moved = false;
    if (!open) {
        hearing->open = hearing->awaited = NULL;
        hearing->open_argument = hearing->awaited_argument = false;
        return;
    }
    hearing->open = hearing->awaited = verb_of(open);
    hearing->open_argument = hearing->awaited_argument = open->has_argument;
    /* most often but one command waits */
    if (queue_has_one(queue))
        return;
    const struct exchange *awaited = queue_oldest(queue);
    hearing->awaited = verb_of(awaited);
    hearing->awaited_argument = awaited->has_argument;
}

uint64_t dialogue_text_begins(struct dialogue *dialogue, enum side side, const struct moment *moment)
{
    struct exchange *exchange = talk_carrier(&dialogue->talk, side);
    if (!exchange)
        return 0;
    talk_carry(&dialogue->talk, exchange, side, moment);
    return exchange->sequence;
}

/* Mercury's clients write the Received: header that they put in front of a mail into one record with its continuation (RFC
 * 5322 2.2.3). Elsewhere a token within a line may be text, which happens to look like one. */
size_t dialogue_unfold(struct dialogue *dialogue, enum side side, struct str text)
{
    static const struct str token = { "<cr><lf>", 8 };
    struct exchange *exchange = talk_carrier(&dialogue->talk, side);
    size_t folds = 0;
    if (!exchange || exchange->payload_lines || side != SIDE_CLIENT)
        return 0;
    for (size_t at = 0; (at = scan_find(text.p, text.n, at, token.p, token.n)) + token.n < text.n;) {
        at += token.n;
        folds += text.p[at] == ' ' || text.p[at] == '\t';
    }
    exchange->payload_lines += folds;
    /* a line end counts two bytes */
    return folds * (token.n - 2);
}

void dialogue_text(struct dialogue *dialogue, const struct text_run *run)
{
    enum { LINE_END = 2 };
    struct exchange *exchange = talk_carrier(&dialogue->talk, run->side);
    if (!exchange)
        return;
    talk_carry(&dialogue->talk, exchange, run->side, &run->last);
    exchange->payload_bytes += run->bytes + run->lines * LINE_END;
    exchange->payload_lines += run->lines;
    exchange->line_end = run->line_end;
}

static struct exchange *hear_noise(struct talk *talk, const struct hearing_of *of)
{
    (void)talk;
    (void)of;
    return NULL;
}

static handler *const handlers[] = {
    [SPEECH_NOISE] = hear_noise,
    [SPEECH_REQUEST] = hear_request,
    [SPEECH_TURN] = hear_turn,
    [SPEECH_TURN_PART] = hear_turn,
    [SPEECH_PAYLOAD] = hear_payload,
    [SPEECH_PAYLOAD_END] = hear_payload_end,
    [SPEECH_GREETING] = hear_greeting,
    [SPEECH_GREETING_PART] = hear_greeting_part,
    [SPEECH_INTERMEDIATE] = hear_intermediate,
    [SPEECH_REPLY_PART] = hear_reply_part,
    [SPEECH_REPLY] = hear_reply,
    [SPEECH_REPLY_OPENS] = hear_reply_opens,
    [SPEECH_DATA] = hear_data,
    [SPEECH_DATA_OPENS] = hear_data,
    [SPEECH_FAREWELL] = hear_farewell,
};

/* A record of several lines is masked from the first secret on; of names alone, none is. */
static void note_secret(struct heard *heard, const struct hearing_of *of, size_t before)
{
    const struct utterance *said = of->said;
    bool cut = !of->names || said->secret_at < said->used;
    if (of->names && !heard->names) {
        heard->names = of->names;
        heard->named_at = before + of->named_at;
    }
    if (!heard->secret)
        heard->secret_at = SIZE_MAX;
    if (cut && heard->secret_at == SIZE_MAX)
        heard->secret_at = before + said->secret_at;
    heard->secret = true;
}

static void note(struct heard *heard, const struct exchange *exchange, const struct hearing_of *of,
                 size_t before)
{
    if (of->said->secret)
        note_secret(heard, of, before);
    if (exchange && heard->exchange == 0)
        heard->exchange = exchange->sequence;
}

/* What is left of the first of several lines in one record ends with a token. */
static size_t excess_of(struct str part)
{
    if (str_ends(part, STR("<cr><lf>")))
        return 6;
    return str_ends(part, STR("<lf>")) ? 2 : 0;
}

static void veil(const struct dialogue *dialogue, enum side side, struct str line, struct utterance *said)
{
    size_t at = veil_from(&dialogue->talk, side, line, said);
    if (at >= said->used || (said->secret && said->secret_at <= at))
        return;
    said->secret = true;
    said->secret_at = at;
}

static void hide(struct utterance *said, struct str line, size_t at)
{
    if (at >= said->used || (said->secret && said->secret_at <= at))
        return;
    said->secret = true;
    said->secret_at = at;
    if (said->user.n && said->user.p + said->user.n > line.p + at)
        said->user = (struct str){ 0 };
}

/* The next line, in one whose end is lost. It may be the answer to what is asked here, which looks like anything. */
static __attribute__((noinline)) void mask_next(struct dialogue *dialogue, struct str line, size_t from,
                                                struct utterance *said)
{
    const bool answers = said->speech == SPEECH_INTERMEDIATE || dialogue_is_private(dialogue);
    const struct str rest = str_from(line, from);
    const size_t secret = credentials_within(rest);
    if (secret < rest.n)
        echo_remember(&dialogue->echo, str_from(rest, secret));
    hide(said, line, answers ? from : from + secret);
}

static void mask_swallowed(struct dialogue *dialogue, struct str line, struct utterance *said)
{
    const size_t from = credentials_swallowed(line);
    if (from < line.n)
        mask_next(dialogue, line, from, said);
}

/* The protocol knows no pieces: what it takes for the rest of a command may be a credential, and so may be the literal that
 * is announced there. */
static void mask_piece(struct hearing *hearing, const struct hearing_of *of, size_t before,
                       struct utterance *said)
{
    const struct place *place = of->place;
    if (!place->has_secret)
        return;
    size_t at = place->secret_at > before ? place->secret_at - before : 0;
    if (at >= said->used || (said->secret && said->secret_at <= at))
        return;
    hearing->secret |= of->side == SIDE_CLIENT;
    hide(said, of->line, at);
}

/* "5.1.1", or "AUTH" of "[AUTH]": what is all capitals there is a word of the protocol's. */
static bool has_plain_code(const struct utterance *said)
{
    const struct str code = said->enhanced;
    bool plain = code.n > 0;
    for (size_t i = 0; plain && code.p != said->text.p && i < code.n; i++)
        plain = (code.p[i] >= 'A' && code.p[i] <= 'Z') || code.p[i] == '-' || code.p[i] == '/';
    return plain;
}

/* A code says what it says, whatever the password is: what repeats one can only stand behind it, or be a tag. */
static size_t behind_codes(const struct echo *echo, struct str line, const struct utterance *said)
{
    bool data = said->speech == SPEECH_DATA || said->speech == SPEECH_DATA_OPENS;
    if (said->speech < SPEECH_GREETING || data || (said->tag.n && echo_find(echo, said->tag) < said->tag.n))
        return 0;
    const struct str last = has_plain_code(said) ? said->enhanced : said->code;
    return last.n ? (size_t)(last.p + last.n - line.p) : 0;
}

/* What is repeated, or may be: a name in front of what is masked to the end of the line, or that. */
static __attribute__((noinline)) void mask_repeated(const struct dialogue *dialogue, struct hearing_of *of,
                                                    struct utterance *said)
{
    const struct str line = str_upto(of->line, said->used);
    const size_t from = behind_codes(&dialogue->echo, line, said);
    of->repeats = &dialogue->echo;
    size_t cut = from + echo_cut(&dialogue->echo, str_from(line, from));
    if (said->secret && said->secret_at < cut)
        cut = said->secret_at;
    const struct str name =
        from < cut ? echo_name(&dialogue->echo, str_from(str_upto(line, cut), from)) : (struct str){ 0 };
    if (name.n) {
        of->names = &dialogue->echo;
        of->named_at = (size_t)(name.p - line.p);
    }
    said->secret |= name.n || cut < line.n;
    said->secret_at = cut;
}

/* What the client says in secret is no less secret when the server repeats it. */
static void mask_echo(struct dialogue *dialogue, struct hearing_of *of, struct utterance *said)
{
    of->names = of->repeats = NULL;
    if (of->side == SIDE_CLIENT) {
        if (said->secret && confide(&dialogue->echo, of, dialogue->asks_name) &&
            said->speech == SPEECH_TURN && dialogue_is_private(dialogue))
            tally_response(dialogue->talk.facts);
        dialogue->asks_name = false;
        return;
    }
    if (said->speech == SPEECH_INTERMEDIATE)
        dialogue->asks_name = confide_asks_for_name(said);
    if (dialogue->echo.count && said->speech != SPEECH_PAYLOAD &&
        echo_find(&dialogue->echo, str_upto(of->line, said->used)) < said->used)
        mask_repeated(dialogue, of, said);
}

static bool lists_capabilities(const struct dialogue *dialogue)
{
    const struct exchange *exchange = talk_carrier(&dialogue->talk, SIDE_SERVER);
    return exchange && exchange->verb && exchange->verb->flags & VERB_LISTS_CAPABILITIES;
}

/* Of what is plain text to the protocol, capabilities are listened to all the same. */
static void listen_to_capabilities(struct dialogue *dialogue)
{
    if (dialogue->hearing.text_of == 1 + SIDE_SERVER && lists_capabilities(dialogue))
        dialogue->hearing.text_of = 0;
}

/* What the server was saying will have no end. */
static void break_off(struct talk *talk)
{
    if (!talk->speaking)
        return;
    if (talk->broken++ == 0)
        talk->broken_line = talk->speaking->line;
    talk_finish(talk, talk->speaking);
}

void dialogue_hear(struct dialogue *dialogue, struct hearing_of *of, unsigned end, struct heard *heard)
{
    struct utterance *said = &dialogue->said;
    *heard = (struct heard){ 0 };
    of->said = said;
    /* a record may hold two lines, or the end of a chunk and a command */
    for (size_t before = 0;; before += said->used, of->line = str_from(of->line, said->used)) {
        dialogue->protocol->hear(&dialogue->hearing, of->side, of->line, end, said);
        mask_piece(&dialogue->hearing, of, before, said);
        if (said->speech != SPEECH_PAYLOAD)
            mask_swallowed(dialogue, str_upto(of->line, said->used), said);
        mask_echo(dialogue, of, said);
        if (said->breaks_off)
            break_off(&dialogue->talk);
        /* what is wanted of a mail's header is taken before it is hidden; of what is none, nothing is wanted */
        bool mail = dialogue->veil && said->speech == SPEECH_PAYLOAD && !lists_capabilities(dialogue);
        if (dialogue->veil && !mail)
            veil(dialogue, of->side, of->line, said);
        struct exchange *exchange = handlers[said->speech](&dialogue->talk, of);
        if (exchange) {
            exchange->redacted |= said->secret & !dialogue->talk.reveal;
            exchange->line_end = of->place->line_end;
            exchange->payload_unlogged += said->unlogged;
        }
        if (said->capabilities.n && !said->secret)
            tally_capabilities(dialogue->talk.facts, dialogue->talk.kept, said->capabilities);
        if (mail)
            veil(dialogue, of->side, of->line, said);
        note(heard, exchange, of, before);
        if (dialogue->talk.moved | said->breaks_off)
            look(dialogue);
        if (said->used >= of->line.n || said->used == 0)
            break;
        heard->excess += excess_of(str_upto(of->line, said->used));
    }
    listen_to_capabilities(dialogue);
}

void dialogue_end(struct dialogue *dialogue, bool closed)
{
    struct queue *queue = &dialogue->talk.queue;
    for (uint64_t i = queue->first; i < queue->next; i++)
        if (!queue_at(queue, i)->complete)
            talk_finish(&dialogue->talk, queue_at(queue, i));
    messages_end(&dialogue->talk.messages, closed);
}

void dialogue_pop(struct dialogue *dialogue)
{
    dialogue->talk.queue.first++;
    const struct queue *queue = &dialogue->talk.queue;
    if (queue_is_empty(queue))
        arena_rewind(&dialogue->talk.texts);
    else
        arena_release(&dialogue->talk.texts, queue_at(queue, queue->first)->texts);
}
