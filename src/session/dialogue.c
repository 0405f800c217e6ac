/* The dialogue: a queue of exchanges, and what each kind of speech does to it. One handler a kind, by table. */
#include "session/dialogue.h"

#include "session/tally.h"

#include <stdlib.h>

/* What a handler needs to know of the line at hand. */
struct hearing_of {
    const struct utterance *said;
    const struct place *place;
    struct str line;
    enum side side;
};

typedef struct exchange *handler(struct dialogue *dialogue, const struct hearing_of *of);

bool dialogue_make(struct dialogue *dialogue)
{
    *dialogue = (struct dialogue){ .ring = calloc(PENDING_MOST, sizeof(*dialogue->ring)) };
    return arena_make(&dialogue->texts, TEXTS_CAPACITY) && dialogue->ring;
}

void dialogue_free(struct dialogue *dialogue)
{
    free(dialogue->ring);
    arena_free(&dialogue->texts);
}

void dialogue_begin(struct dialogue *dialogue, const struct protocol *protocol, struct session_facts *facts,
                    struct arena *kept)
{
    *dialogue = (struct dialogue){ .protocol = protocol,
                                   .ring = dialogue->ring,
                                   .texts = dialogue->texts,
                                   .kept = kept,
                                   .facts = facts,
                                   .reveal = dialogue->reveal,
                                   .veil = dialogue->veil,
                                   .last_reply.stamp = UINT32_MAX };
    echo_forget(&dialogue->echo);
    arena_rewind(&dialogue->texts);
    dialogue->hearing.opened = facts->opened;
}

static struct exchange *numbered(const struct dialogue *dialogue, uint64_t number)
{
    return &dialogue->ring[number % PENDING_MOST];
}

static bool is_pending(const struct exchange *exchange)
{
    return !exchange->complete && !exchange->greeting && !exchange->unsolicited;
}

/* The oldest command that has no final reply, from number `from` on; NULL if there is none. */
static struct exchange *pending_from(const struct dialogue *dialogue, uint64_t from)
{
    for (; from < dialogue->next; from++)
        if (is_pending(numbered(dialogue, from)))
            return numbered(dialogue, from);
    return NULL;
}

static struct exchange *newest(const struct dialogue *dialogue)
{
    struct exchange *last = dialogue->next > dialogue->first ? numbered(dialogue, dialogue->next - 1) : NULL;
    return last && is_pending(last) ? last : NULL;
}

/* Tells the protocol which commands its next line may belong to. A verb of its own stands for verbs nobody knows. */
static void look(struct dialogue *dialogue)
{
    static const struct verb unknown_verb = { { "", 0 }, NAMES_phase_other, 0, 0 };
    const struct exchange *open = newest(dialogue), *awaited = pending_from(dialogue, dialogue->first);
    dialogue->hearing.open = !open ? NULL : open->verb ? open->verb : &unknown_verb;
    dialogue->hearing.awaited = !awaited ? NULL : awaited->verb ? awaited->verb : &unknown_verb;
    dialogue->hearing.awaited_argument = awaited && awaited->has_argument;
}

static void finish(struct dialogue *dialogue, struct exchange *exchange)
{
    exchange->complete = true;
    if (dialogue->speaking == exchange)
        dialogue->speaking = NULL;
    if (exchange->answered)
        dialogue->last_reply = exchange->ended;
    tally_exchange(dialogue->facts, exchange);
}

static struct exchange *open_exchange(struct dialogue *dialogue, const struct place *place)
{
    if (dialogue->next - dialogue->first == PENDING_MOST) {
        dialogue->overflows++;
        return NULL;
    }
    struct exchange *exchange = numbered(dialogue, dialogue->next);
    const struct moment never = { .stamp = UINT32_MAX };
    *exchange = (struct exchange){ .sequence = dialogue->next + 1,
                                   .line = place->line,
                                   .line_end = place->line_end,
                                   .offset = place->offset,
                                   .status = NAMES_status_unanswered,
                                   .stamp = arena_copy(&dialogue->texts, place->stamp),
                                   .began = place->moment,
                                   .said = never,
                                   .replied = never,
                                   .settled = never,
                                   .ended = never,
                                   .before = never,
                                   .payload_began = never,
                                   .payload_ended = never };
    dialogue->next++;
    /* the queue is full now? its oldest has waited long enough, and makes room before the next line */
    if (dialogue->next - dialogue->first == PENDING_MOST && pending_from(dialogue, dialogue->first)) {
        dialogue->overflows++;
        finish(dialogue, pending_from(dialogue, dialogue->first));
    }
    return exchange;
}

/* Adds text, which stands in the line at hand, to a copy made before, with what is secret in it masked first. */
static struct str keep_on(struct dialogue *dialogue, const struct hearing_of *of, struct str copy,
                          struct str text)
{
    const char *secret = of->line.p + of->said->secret_at;
    if (!of->said->secret || dialogue->reveal || text.n == 0 || text.p + text.n <= secret)
        return arena_extend(&dialogue->texts, copy, text);
    struct str clear = str_upto(text, text.p < secret ? (size_t)(secret - text.p) : 0);
    return arena_extend(&dialogue->texts, arena_extend(&dialogue->texts, copy, clear), STR(REDACTED));
}

static struct str keep(struct dialogue *dialogue, const struct hearing_of *of, struct str text, size_t most)
{
    text = str_upto(text, text.n < most ? text.n : most);
    return keep_on(dialogue, of, arena_copy(&dialogue->texts, (struct str){ 0 }), text);
}

static struct str keep_upper(struct dialogue *dialogue, const struct hearing_of *of, struct str word)
{
    struct str copy = keep(dialogue, of, word, ARGUMENT_MOST);
    char *at = dialogue->texts.p + (copy.p - dialogue->texts.p);
    for (size_t i = 0; i < copy.n; i++)
        if (at[i] >= 'a' && at[i] <= 'z')
            at[i] = (char)(at[i] - 'a' + 'A');
    return copy;
}

static struct exchange *hear_request(struct dialogue *dialogue, const struct hearing_of *of)
{
    bool idle = !pending_from(dialogue, dialogue->first);
    struct exchange *exchange = open_exchange(dialogue, of->place);
    if (!exchange)
        return NULL;
    const struct utterance *said = of->said;
    exchange->verb = said->verb;
    exchange->tag = keep(dialogue, of, said->tag, ARGUMENT_MOST);
    exchange->command = said->verb ? said->verb->name : keep_upper(dialogue, of, said->command);
    exchange->argument = keep(dialogue, of, said->argument, ARGUMENT_MOST);
    exchange->has_argument = said->argument.n > 0;
    exchange->said = of->place->moment;
    exchange->steps = 1;
    if (idle)
        exchange->before = dialogue->last_reply;
    tally_request(dialogue->facts, dialogue->kept, said);
    return exchange;
}

static struct exchange *hear_turn(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = newest(dialogue);
    if (exchange) {
        exchange->steps++;
        exchange->said = of->place->moment;
    }
    return exchange;
}

/* A payload of the client belongs to its latest command, one of the server to the reply that it is in. */
static struct exchange *carrier(const struct dialogue *dialogue, enum side side)
{
    return side == SIDE_CLIENT ? newest(dialogue) : dialogue->speaking;
}

static void carry(struct exchange *exchange, enum side side, const struct moment *moment)
{
    if (exchange->payload_began.stamp == UINT32_MAX) {
        exchange->payload_began = *moment;
        exchange->payload_from = side;
        exchange->steps += side == SIDE_CLIENT;
    }
    exchange->payload_ended = *moment;
    *(side == SIDE_CLIENT ? &exchange->said : &exchange->ended) = *moment;
}

static struct exchange *hear_payload(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = carrier(dialogue, of->side);
    if (!exchange)
        return NULL;
    carry(exchange, of->side, &of->place->moment);
    exchange->payload_bytes += of->said->payload + (of->said->whole ? 2u : 0u);
    exchange->payload_lines += of->said->whole;
    if (exchange->verb && exchange->verb->flags & VERB_LISTS_CAPABILITIES)
        tally_capability(dialogue->facts, dialogue->kept, of->line);
    return exchange;
}

void dialogue_text(struct dialogue *dialogue, const struct text_run *run)
{
    enum { LINE_END = 2 };
    struct exchange *exchange = carrier(dialogue, run->side);
    if (!exchange)
        return;
    carry(exchange, run->side, &run->first);
    carry(exchange, run->side, &run->last);
    exchange->payload_bytes += run->bytes + run->lines * LINE_END;
    exchange->payload_lines += run->lines;
    exchange->line_end = run->line_end;
}

uint64_t dialogue_carrier(const struct dialogue *dialogue, enum side side)
{
    const struct exchange *exchange = carrier(dialogue, side);
    return exchange ? exchange->sequence : 0;
}

/* A listing is no mail. */
bool dialogue_veils(const struct dialogue *dialogue, enum side side)
{
    const struct exchange *exchange = carrier(dialogue, side);
    enum tcplog_name phase = exchange && exchange->verb ? exchange->verb->phase : NAMES_phase_retrieval;
    return dialogue->veil && (phase == NAMES_phase_data || phase == NAMES_phase_retrieval);
}

static struct exchange *hear_payload_end(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = carrier(dialogue, of->side);
    if (!exchange)
        return NULL;
    carry(exchange, of->side, &of->place->moment);
    if (of->side == SIDE_SERVER) {
        exchange->line_end = of->place->line_end;
        finish(dialogue, exchange);
    }
    return exchange;
}

/* The command that this reply answers: the oldest one waiting, unless the code fits another one's verb only; then the
 * replies to those before it are lost. */
static struct exchange *answered_by(struct dialogue *dialogue, const struct utterance *said)
{
    struct exchange *oldest = pending_from(dialogue, dialogue->first), *found = oldest;
    for (uint64_t i = dialogue->first; said->answers && i < dialogue->next; i++) {
        struct exchange *other = numbered(dialogue, i);
        if (is_pending(other) && other->verb && other->verb->kind == said->answers) {
            found = other;
            break;
        }
    }
    for (; oldest && oldest != found; oldest = pending_from(dialogue, dialogue->first))
        finish(dialogue, oldest);
    return found;
}

/* The exchange that a line of the server is about; a new one where it answers nothing. */
static struct exchange *addressee(struct dialogue *dialogue, const struct hearing_of *of)
{
    if (dialogue->speaking)
        return dialogue->speaking;
    struct exchange *exchange = answered_by(dialogue, of->said);
    if (!exchange) {
        exchange = open_exchange(dialogue, of->place);
        if (exchange)
            exchange->unsolicited = true;
    }
    return exchange;
}

static void begin_reply(struct exchange *exchange, const struct place *place)
{
    if (exchange->replied.stamp == UINT32_MAX) {
        exchange->replied = place->moment;
        exchange->reply_line = place->line;
    }
    if (exchange->reply_lines == 0)
        exchange->settled = place->moment;
}

static void add_reply_line(struct dialogue *dialogue, struct exchange *exchange, const struct hearing_of *of)
{
    begin_reply(exchange, of->place);
    exchange->ended = of->place->moment;
    if (exchange->verb && exchange->verb->flags & VERB_LISTS_CAPABILITIES) {
        if (exchange->reply_lines == 0)
            dialogue->facts->capability_count = 0;
        else if (!of->said->secret)
            tally_capability(dialogue->facts, dialogue->kept, of->said->text);
    }
    size_t room = exchange->text.n < REPLY_TEXT_MOST ? REPLY_TEXT_MOST - exchange->text.n : 0;
    struct str text = str_upto(of->said->text, of->said->text.n < room ? of->said->text.n : room);
    if (exchange->reply_lines++ == 0)
        exchange->text = keep(dialogue, of, text, REPLY_TEXT_MOST);
    else if (room)
        exchange->text =
            keep_on(dialogue, of, arena_extend(&dialogue->texts, exchange->text, STR("\n")), text);
}

static struct exchange *hear_reply_part(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = addressee(dialogue, of);
    if (exchange) {
        add_reply_line(dialogue, exchange, of);
        dialogue->speaking = exchange;
    }
    return exchange;
}

static struct exchange *settle(struct dialogue *dialogue, struct exchange *exchange,
                               const struct hearing_of *of)
{
    if (!exchange)
        return NULL;
    add_reply_line(dialogue, exchange, of);
    exchange->code = arena_copy(&dialogue->texts, of->said->code);
    if (!of->said->secret)
        exchange->enhanced = arena_copy(&dialogue->texts, of->said->enhanced);
    exchange->status = exchange->unsolicited ? NAMES_status_unsolicited : of->said->status;
    exchange->answered = true;
    dialogue->speaking = exchange;
    return exchange;
}

static struct exchange *hear_reply(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = settle(dialogue, addressee(dialogue, of), of);
    if (exchange) {
        exchange->line_end = of->place->line_end;
        finish(dialogue, exchange);
    }
    return exchange;
}

static struct exchange *hear_reply_opens(struct dialogue *dialogue, const struct hearing_of *of)
{
    return settle(dialogue, addressee(dialogue, of), of);
}

static struct exchange *hear_intermediate(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = addressee(dialogue, of);
    if (!exchange)
        return NULL;
    begin_reply(exchange, of->place);
    exchange->settled.stamp = UINT32_MAX;
    exchange->intermediate = arena_copy(&dialogue->texts, of->said->code);
    /* a challenge that answers nothing stands alone: its command is not in the log */
    if (exchange->unsolicited)
        finish(dialogue, settle(dialogue, exchange, of));
    return exchange;
}

static struct exchange *greeting(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = dialogue->speaking ? dialogue->speaking : open_exchange(dialogue, of->place);
    if (exchange)
        exchange->greeting = true;
    return exchange;
}

static struct exchange *hear_greeting_part(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = greeting(dialogue, of);
    if (exchange) {
        add_reply_line(dialogue, exchange, of);
        dialogue->speaking = exchange;
    }
    return exchange;
}

static struct exchange *hear_greeting(struct dialogue *dialogue, const struct hearing_of *of)
{
    struct exchange *exchange = settle(dialogue, greeting(dialogue, of), of);
    if (exchange) {
        exchange->line_end = of->place->line_end;
        dialogue->facts->greeted = exchange->began;
        finish(dialogue, exchange);
    }
    return exchange;
}

static struct exchange *hear_noise(struct dialogue *dialogue, const struct hearing_of *of)
{
    (void)dialogue;
    (void)of;
    return NULL;
}

static handler *const handlers[] = {
    [SPEECH_NOISE] = hear_noise,
    [SPEECH_REQUEST] = hear_request,
    [SPEECH_TURN] = hear_turn,
    [SPEECH_PAYLOAD] = hear_payload,
    [SPEECH_PAYLOAD_END] = hear_payload_end,
    [SPEECH_GREETING] = hear_greeting,
    [SPEECH_GREETING_PART] = hear_greeting_part,
    [SPEECH_INTERMEDIATE] = hear_intermediate,
    [SPEECH_REPLY_PART] = hear_reply_part,
    [SPEECH_REPLY] = hear_reply,
    [SPEECH_REPLY_OPENS] = hear_reply_opens,
};

static void note(struct heard *heard, const struct exchange *exchange, const struct utterance *said,
                 size_t before)
{
    if (said->secret && !heard->secret) {
        heard->secret = true;
        heard->secret_at = before + said->secret_at;
    }
    if (exchange && heard->exchange == 0)
        heard->exchange = exchange->sequence;
}

static void hide(struct utterance *said)
{
    said->secret = true;
    said->secret_at = 0;
}

/* A line of a mail; or what is not understood, and may well be one whose beginning is not in the log. */
static bool is_veiled(const struct dialogue *dialogue, enum side side, const struct utterance *said)
{
    switch (said->speech) {
    case SPEECH_PAYLOAD: return dialogue_veils(dialogue, side);
    case SPEECH_REQUEST: return dialogue->veil && !said->verb;
    case SPEECH_NOISE: return dialogue->veil && !said->talk;
    default: return false;
    }
}

/* What the client says in secret is no less secret when the server repeats it. */
static void mask_echo(struct dialogue *dialogue, enum side side, struct str line, struct utterance *said)
{
    if (said->secret && side == SIDE_CLIENT)
        echo_remember(&dialogue->echo, str_from(str_upto(line, said->used), said->secret_at));
    if (side == SIDE_CLIENT || dialogue->echo.count == 0 || said->speech == SPEECH_PAYLOAD)
        return;
    size_t at = echo_find(&dialogue->echo, str_upto(line, said->used));
    if (at < said->used && (!said->secret || at < said->secret_at)) {
        said->secret = true;
        said->secret_at = at;
    }
}

void dialogue_hear(struct dialogue *dialogue, enum side side, struct str line, unsigned end,
                   const struct place *place, struct heard *heard)
{
    struct utterance said;
    size_t before = 0;
    *heard = (struct heard){ 0 };
    /* a record may hold two lines, or the end of a chunk and a command */
    do {
        struct hearing_of of = { &said, place, str_from(line, before), side };
        dialogue->protocol->hear(&dialogue->hearing, side, of.line, end, &said);
        mask_echo(dialogue, side, of.line, &said);
        bool veiled = is_veiled(dialogue, side, &said);
        if (veiled && said.speech == SPEECH_REQUEST)
            hide(&said);
        struct exchange *exchange = handlers[said.speech](dialogue, &of);
        if (exchange) {
            exchange->redacted |= said.secret && !dialogue->reveal;
            exchange->line_end = place->line_end;
        }
        if (veiled)
            hide(&said);
        note(heard, exchange, &said, before);
        if (said.speech != SPEECH_PAYLOAD)
            look(dialogue);
        before += said.used;
    } while (before < line.n && said.used > 0);
}

void dialogue_end(struct dialogue *dialogue)
{
    for (uint64_t i = dialogue->first; i < dialogue->next; i++)
        if (!numbered(dialogue, i)->complete)
            finish(dialogue, numbered(dialogue, i));
}

void dialogue_pop(struct dialogue *dialogue)
{
    dialogue->first++;
    if (dialogue->first == dialogue->next)
        arena_rewind(&dialogue->texts);
}
