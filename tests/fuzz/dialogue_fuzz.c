/* A conversation in two dialogues, one of which is told of plain text in runs, as sessions do: both make the same
 * exchanges and mails, each comes once and in order, nothing grows beyond its cap, and no secret is kept or shown. */
#include "conversation.h"
#include "plant.h"
#include "registry.h"
#include "secret.h"
#include "session/dialogue.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEPT = 64 * 1024, TICK = 7, OPTION_CUT = 1, OPTION_VEIL = 2 };

/* What is said, secrets planted. */
struct trial {
    struct str talk;
    uint8_t options;
    uint64_t bodies; /* behind this line there may be some */
};

struct party {
    struct dialogue dialogue;
    struct session_facts facts;
    struct arena kept;
    struct text_run run;
    uint64_t exchanges, mails;
};

static struct party by_line, by_run;

static void make(struct party *party)
{
    if (party->kept.p)
        return;
    party->facts.trips.samples = malloc(RTT_SAMPLES * sizeof(uint32_t));
    assert(party->facts.trips.samples && dialogue_make(&party->dialogue) && arena_make(&party->kept, KEPT));
}

static void begin(struct party *party, const struct protocol *protocol, uint8_t options, bool tokens)
{
    uint32_t *samples = party->facts.trips.samples;
    party->facts = (struct session_facts){ .trips.samples = samples, .opened = !(options & OPTION_CUT) };
    party->exchanges = party->mails = 0;
    party->run.lines = 0;
    arena_rewind(&party->kept);
    dialogue_begin(&party->dialogue, protocol, &party->facts, &party->kept);
    party->dialogue.hearing.tokens = tokens;
    party->dialogue.veil = options & OPTION_VEIL;
}

/* Only IMAP has literals; elsewhere a password must look like one. */
static bool is_clean(struct str text)
{
    bool imap = by_line.dialogue.protocol->id == NAMES_protocol_imap;
    return !secret_in(text) && !(imap && secret_dashed_in(text));
}

/* What is shown of a line: all in front of its secret, but for names. */
static bool shows_nothing(struct str line, const struct heard *heard)
{
    struct str shown = heard->secret && heard->secret_at < line.n ? str_upto(line, heard->secret_at) : line,
               name;
    while (heard->names && (name = echo_name(heard->names, shown)).n) {
        if (!is_clean(str_upto(shown, (size_t)(name.p - shown.p))))
            return false;
        shown = str_from(shown, (size_t)(name.p + name.n - shown.p));
    }
    return is_clean(shown);
}

static void hear(struct party *party, const struct saying *saying, const struct place *place, bool body)
{
    struct heard heard;
    struct hearing_of of = { .place = place, .line = saying->line, .side = saying->side };
    dialogue_hear(&party->dialogue, &of, saying->end, &heard);
    assert(!heard.secret || heard.names || heard.secret_at <= saying->line.n);
    assert(body || shows_nothing(saying->line, &heard));
}

static void end_run(struct party *party)
{
    if (party->run.lines)
        dialogue_text(&party->dialogue, &party->run);
    party->run.lines = 0;
}

static void hear_or_run(struct party *party, const struct saying *saying, const struct place *place,
                        bool body)
{
    struct text_run *run = &party->run;
    bool text = dialogue_is_text(&party->dialogue, saying->side, saying->line);
    if (!text || (run->lines && run->side != saying->side))
        end_run(party);
    if (!text) {
        hear(party, saying, place, body);
        return;
    }
    if (run->lines == 0) {
        *run = (struct text_run){ .side = saying->side };
        dialogue_text_begins(&party->dialogue, saying->side, &place->moment);
    }
    if (party->dialogue.talk.messages.header.open)
        talk_header(&party->dialogue.talk, saying->side, saying->line, true);
    run->lines++;
    run->bytes += saying->line.n;
    run->last = place->moment;
    run->line_end = place->line_end;
}

static bool same_moment(struct moment a, struct moment b)
{
    return a.at == b.at && a.stamp == b.stamp;
}

static void check_same(const struct exchange *a, const struct exchange *b)
{
    assert(a->sequence == b->sequence && a->line == b->line && a->line_end == b->line_end);
    assert(a->reply_line == b->reply_line && a->verb == b->verb && a->status == b->status);
    assert(str_equal(a->tag, b->tag) && str_equal(a->command, b->command));
    assert(str_equal(a->argument, b->argument) && str_equal(a->code, b->code));
    assert(str_equal(a->text, b->text) && a->redacted == b->redacted);
    assert(a->payload_bytes == b->payload_bytes && a->payload_lines == b->payload_lines);
    assert(a->steps == b->steps && a->reply_lines == b->reply_lines);
    assert(same_moment(a->payload_began, b->payload_began) &&
           same_moment(a->payload_ended, b->payload_ended));
    assert(same_moment(a->said, b->said) && same_moment(a->ended, b->ended));
}

static void check_exchange(const struct exchange *exchange, uint64_t sequence, uint64_t line)
{
    enum { MARK = 8 };
    assert(exchange->sequence == sequence && exchange->complete);
    assert(exchange->line >= 1 && exchange->line <= exchange->line_end && exchange->line_end <= line);
    assert(exchange->reply_line == 0 || exchange->reply_line >= exchange->line);
    assert(exchange->argument.n <= ARGUMENT_MOST + MARK && exchange->text.n <= REPLY_TEXT_MOST + MARK);
    assert(exchange->status < NAMES_count);
    assert(is_clean(exchange->tag) && is_clean(exchange->command) && is_clean(exchange->argument));
    assert(is_clean(exchange->code) && is_clean(exchange->text) && is_clean(exchange->intermediate));
}

static void check_mail(const struct message *message, uint64_t sequence, uint64_t line)
{
    assert(message->sequence == sequence && message->complete && message->status < NAMES_count);
    assert(message->line >= 1 && message->line <= message->line_end && message->line_end <= line);
    assert(message->exchange <= by_line.exchanges);
    assert(message->accepted.count <= RECIPIENTS_MOST && message->rejected.count <= RECIPIENTS_MOST);
    assert(is_clean(message->sender) && is_clean(message->message_id) && is_clean(message->text));
}

static void check_same_mail(const struct message *a, const struct message *b)
{
    assert(a->sequence == b->sequence && a->exchange == b->exchange && a->status == b->status);
    assert(a->line == b->line && a->line_end == b->line_end && a->offset == b->offset);
    assert(str_equal(a->sender, b->sender) && str_equal(a->message_id, b->message_id));
    assert(str_equal(a->code, b->code) && str_equal(a->text, b->text));
    assert(a->accepted.count == b->accepted.count && a->rejected.count == b->rejected.count);
    assert(a->payload_bytes == b->payload_bytes && a->payload_lines == b->payload_lines);
    assert(a->number == b->number && a->deleted == b->deleted);
    assert(same_moment(a->payload_began, b->payload_began));
    assert(same_moment(a->payload_ended, b->payload_ended));
}

static void drain_mails(uint64_t line)
{
    struct messages *ones = &by_line.dialogue.talk.messages, *others = &by_run.dialogue.talk.messages;
    const struct message *one, *other;
    while ((one = messages_ready(ones)) != NULL) {
        other = messages_ready(others);
        assert(other);
        check_mail(one, ++by_line.mails, line);
        check_same_mail(one, other);
        messages_pop(ones);
        messages_pop(others);
    }
    assert(!messages_ready(others));
}

/* All that is ready in both. */
static void drain(uint64_t line)
{
    const struct exchange *one, *other;
    while ((one = dialogue_ready(&by_line.dialogue)) != NULL) {
        other = dialogue_ready(&by_run.dialogue);
        assert(other);
        check_exchange(one, ++by_line.exchanges, line);
        check_same(one, other);
        dialogue_pop(&by_line.dialogue);
        dialogue_pop(&by_run.dialogue);
    }
    assert(!dialogue_ready(&by_run.dialogue));
    drain_mails(line);
}

static void check_facts(void)
{
    const struct session_facts *one = &by_line.facts, *other = &by_run.facts;
    assert(one->exchanges == by_line.exchanges && one->exchanges == other->exchanges);
    assert(one->failures == other->failures && one->unanswered == other->unanswered);
    assert(one->messages_sent == other->messages_sent && one->messages_fetched == other->messages_fetched);
    assert(one->capability_count == other->capability_count && one->capability_count <= CAPABILITIES_MOST);
    assert(one->failures + one->unanswered <= one->exchanges);
}

static void listen(const struct protocol *protocol, const struct trial *trial)
{
    struct conversation conversation = conversation_of(trial->talk);
    struct saying saying;
    struct place place = { .moment = { .at = 0 }, .stamp = STR("00:00:00.000") };
    begin(&by_line, protocol, trial->options, conversation.tokens);
    begin(&by_run, protocol, trial->options, conversation.tokens);
    while (conversation_next(&conversation, &saying)) {
        place.line = ++place.line_end;
        place.offset += 20 + saying.line.n;
        place.moment.at += TICK;
        place.moment.stamp += TICK;
        hear(&by_line, &saying, &place, place.line > trial->bodies);
        hear_or_run(&by_run, &saying, &place, place.line > trial->bodies);
        if (by_run.run.lines == 0)
            drain(place.line);
    }
    end_run(&by_run);
    dialogue_end(&by_line.dialogue, true);
    dialogue_end(&by_run.dialogue, true);
    drain(place.line);
    check_facts();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    struct buf planted = { 0 };
    struct trial trial = { .options = input.options };
    /* the fuzzer has guessed a word: then it may stand anywhere */
    if (secret_in(input.bytes) || secret_dashed_in(input.bytes))
        return 0;
    make(&by_line);
    make(&by_run);
    tcplog_buf_room(&planted, input.bytes.n + 1);
    trial.bodies = plant(input.bytes, false, &planted);
    trial.talk = buf_str(&planted);
    for (const struct protocol *const *each = registry_protocols; *each; each++)
        listen(*each, &trial);
    tcplog_buf_free(&planted);
    return 0;
}
