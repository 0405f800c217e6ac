/* A conversation in two dialogues, one of which is told of plain text in runs, as sessions do: both make the same
 * exchanges, each comes once and in order, and nothing grows beyond its cap. */
#include "conversation.h"
#include "registry.h"
#include "session/dialogue.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEPT = 64 * 1024, TICK = 7 };

struct party {
    struct dialogue dialogue;
    struct session_facts facts;
    struct arena kept;
    struct text_run run;
    uint64_t exchanges;
};

static struct party by_line, by_run;

static void make(struct party *party)
{
    if (party->kept.p)
        return;
    party->facts.trips.samples = malloc(RTT_SAMPLES * sizeof(uint32_t));
    assert(party->facts.trips.samples && dialogue_make(&party->dialogue) && arena_make(&party->kept, KEPT));
}

static void begin(struct party *party, const struct protocol *protocol, struct input input, bool tokens)
{
    uint32_t *samples = party->facts.trips.samples;
    party->facts = (struct session_facts){ .trips.samples = samples, .opened = !(input.options & 1) };
    party->exchanges = 0;
    party->run.lines = 0;
    arena_rewind(&party->kept);
    dialogue_begin(&party->dialogue, protocol, &party->facts, &party->kept);
    party->dialogue.hearing.tokens = tokens;
}

static void hear(struct party *party, const struct saying *saying, const struct place *place)
{
    struct heard heard;
    dialogue_hear(&party->dialogue, saying->side, saying->line, saying->end, place, &heard);
    assert(!heard.secret || heard.secret_at <= saying->line.n);
}

static void end_run(struct party *party)
{
    if (party->run.lines)
        dialogue_text(&party->dialogue, &party->run);
    party->run.lines = 0;
}

static void hear_or_run(struct party *party, const struct saying *saying, const struct place *place)
{
    struct text_run *run = &party->run;
    bool text = dialogue_is_text(&party->dialogue, saying->side, saying->line);
    if (!text || (run->lines && run->side != saying->side))
        end_run(party);
    if (!text) {
        hear(party, saying, place);
        return;
    }
    if (run->lines == 0) {
        *run = (struct text_run){ .side = saying->side };
        dialogue_text_begins(&party->dialogue, saying->side, &place->moment);
    }
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

static void listen(const struct protocol *protocol, struct input input)
{
    struct conversation conversation = conversation_of(input.bytes);
    struct saying saying;
    struct place place = { .moment = { .at = 0 }, .stamp = STR("00:00:00.000") };
    begin(&by_line, protocol, input, conversation.tokens);
    begin(&by_run, protocol, input, conversation.tokens);
    while (conversation_next(&conversation, &saying)) {
        place.line = ++place.line_end;
        place.offset += 20 + saying.line.n;
        place.moment.at += TICK;
        place.moment.stamp += TICK;
        hear(&by_line, &saying, &place);
        hear_or_run(&by_run, &saying, &place);
        if (by_run.run.lines == 0)
            drain(place.line);
    }
    end_run(&by_run);
    dialogue_end(&by_line.dialogue);
    dialogue_end(&by_run.dialogue);
    drain(place.line);
    check_facts();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    make(&by_line);
    make(&by_run);
    for (const struct protocol *const *each = registry_protocols; *each; each++)
        listen(*each, input);
    return 0;
}
