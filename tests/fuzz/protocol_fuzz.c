/* A conversation before the hear() of every registered protocol: what it says of a line is about that line, the same
 * line in the same state means the same, and what it calls plain text of a payload is nothing else. */
#include "conversation.h"
#include "registry.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WAITING = 16 };

/* Knows who waits for a reply, as far as a protocol is told of it. */
struct listener {
    const struct protocol *protocol;
    struct hearing hearing;
    const struct verb *verbs[WAITING];
    bool arguments[WAITING];
    size_t first, next;
};

static void follow(struct listener *listener, const struct utterance *said)
{
    static const struct verb unknown = { { "", 0 }, NAMES_phase_other, 0, 0 };
    if (said->speech == SPEECH_REQUEST && listener->next - listener->first < WAITING) {
        listener->verbs[listener->next % WAITING] = said->verb ? said->verb : &unknown;
        listener->arguments[listener->next++ % WAITING] = said->argument.n > 0;
    }
    if (said->speech == SPEECH_REPLY && listener->first < listener->next)
        listener->first++;
    bool waiting = listener->first < listener->next;
    listener->hearing.open = waiting ? listener->verbs[(listener->next - 1) % WAITING] : NULL;
    listener->hearing.awaited = waiting ? listener->verbs[listener->first % WAITING] : NULL;
    listener->hearing.awaited_argument = waiting && listener->arguments[listener->first % WAITING];
}

/* What names who logs in, and how, is kept as it is: it must not reach into what is to be masked. */
static bool shown(struct str view, struct str line, const struct utterance *said)
{
    if (said->verb && view.p == said->verb->name.p)
        return true;
    size_t most = said->secret ? said->secret_at : line.n;
    return inside(view, line) && (view.n == 0 || view.p + view.n <= line.p + most);
}

static void check_said(struct str line, const struct utterance *said)
{
    assert(said->used <= line.n && (said->used > 0 || line.n == 0));
    assert(!said->secret || said->secret_at <= line.n);
    const struct str views[] = { said->tag,  said->command,  said->argument,
                                 said->code, said->enhanced, said->text };
    for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++)
        assert(inside(views[i], line));
    assert(shown(said->mechanism, line, said) && shown(said->user, line, said));
    assert(said->payload <= line.n);
}

/* Run-length: what passes without being heard one by one. */
static void check_text(const struct listener *listener, const struct saying *saying,
                       const struct utterance *said)
{
    const struct hearing *hearing = &listener->hearing;
    struct str line = saying->line;
    if (hearing->text_of != 1 + saying->side || (line.n && line.p[0] == hearing->text_mark))
        return;
    assert(said->speech == SPEECH_PAYLOAD && !said->secret && said->used == line.n);
    assert(said->payload == line.n && said->whole);
}

static void check_meaning(const struct protocol *protocol, struct str verb, const struct utterance *said)
{
    assert(said->status < NAMES_count);
    if (said->code.n == 0)
        return;
    const struct reply *reply = protocol->meaning(said->code, said->enhanced, verb);
    assert(!reply || (reply->meaning.n && reply->reference.n));
}

static void hear_line(struct listener *listener, const struct saying *saying)
{
    const struct protocol *protocol = listener->protocol;
    struct str rest = saying->line;
    struct utterance said, again;
    (void)protocol->joins(&listener->hearing, saying->side);
    do {
        struct hearing before = listener->hearing, copy = before;
        const struct listener old = { .protocol = protocol, .hearing = before };
        protocol->hear(&copy, saying->side, rest, saying->end, &again);
        protocol->hear(&listener->hearing, saying->side, rest, saying->end, &said);
        check_said(rest, &said);
        assert(said.speech == again.speech && said.used == again.used && said.verb == again.verb);
        assert(said.secret == again.secret && said.secret_at == again.secret_at);
        if (rest.p == saying->line.p)
            check_text(&old, saying, &said);
        check_meaning(protocol, before.awaited ? before.awaited->name : STR("GREETING"), &said);
        follow(listener, &said);
        rest = str_from(rest, said.used);
    } while (rest.n > 0);
}

static void check_bids(const struct protocol *protocol, struct str line)
{
    int bid = protocol->bid(line), command = protocol->bid_command(line);
    assert(bid >= 0 && bid <= 100 && command >= 0 && command <= 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    for (const struct protocol *const *each = registry_protocols; *each; each++) {
        struct conversation conversation = conversation_of(input.bytes);
        struct listener listener = { .protocol = *each };
        struct saying saying;
        listener.hearing.tokens = conversation.tokens;
        listener.hearing.opened = !(input.options & 1);
        while (conversation_next(&conversation, &saying)) {
            check_bids(*each, saying.line);
            hear_line(&listener, &saying);
        }
    }
    return 0;
}
