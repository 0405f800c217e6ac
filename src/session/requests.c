/* What the client says: commands, the turns that go on with one, and payloads, which are of either side. */
#include "session/talk.h"
#include "session/tally.h"

/* Hello is the last of commands that are sent at once (RFC 2920 3.1): who goes on has had its reply, and what is missing of it
 * in the log does not come any more. */
static void miss_the_rest(struct talk *talk)
{
    struct exchange *open = talk->speaking;
    bool hello = open && open->verb && open->verb->flags & VERB_LISTS_CAPABILITIES;
    if (hello && !open->answered && talk->pairing != PAIRING_BY_TAG)
        talk_finish(talk, open);
}

struct exchange *hear_request(struct talk *talk, const struct hearing_of *of)
{
    bool idle = !queue_oldest(&talk->queue);
    if (talk->speaking)
        miss_the_rest(talk);
    /* all that waited have had their replies, and so have those before them */
    if (idle)
        talk->forsaken = 0;
    struct exchange *exchange = talk_open(talk, of->place);
    if (!exchange)
        return NULL;
    const struct utterance *said = of->said;
    exchange->verb = said->verb;
    if (said->verb && said->verb->flags & VERB_OPENS_MAIL)
        messages_opening(&talk->messages);
    if (said->tag.n)
        talk_keep_tag(talk, exchange, of);
    exchange->command = said->verb
                            ? said->verb->name
                            : arena_upper(&talk->texts, talk_keep(talk, of, said->command, ARGUMENT_MOST));
    if (!talk->unread)
        exchange->argument = talk_keep(talk, of, said->argument, ARGUMENT_MOST);
    else
        talk->texts.cut += said->argument.n > ARGUMENT_MOST;
    exchange->has_argument = said->argument.n > 0;
    exchange->said = of->place->moment;
    exchange->steps = 1;
    if (idle)
        exchange->before = talk->last_reply;
    tally_request(talk->facts, talk->kept, said);
    return exchange;
}

struct exchange *hear_turn(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = queue_newest(&talk->queue);
    if (exchange) {
        exchange->steps += of->said->speech == SPEECH_TURN;
        exchange->said = of->place->moment;
    }
    return exchange;
}

struct exchange *talk_carrier(const struct talk *talk, enum side side)
{
    return side == SIDE_CLIENT ? queue_newest(&talk->queue) : talk->speaking;
}

void talk_carry(struct talk *talk, struct exchange *exchange, enum side side, const struct moment *moment)
{
    if (exchange->payload_began.stamp == UINT32_MAX) {
        exchange->payload_began = *moment;
        exchange->payload_from = side;
        exchange->steps += side == SIDE_CLIENT;
        messages_content(&talk->messages, exchange);
    }
    exchange->payload_ended = *moment;
    if (side == SIDE_CLIENT)
        exchange->said = *moment;
    else if (exchange->answered)
        exchange->ended = *moment;
}

void talk_header(struct talk *talk, enum side side, struct str line, bool whole)
{
    struct str id = messages_header(&talk->messages, line, whole);
    struct exchange *exchange = id.n ? talk_carrier(talk, side) : NULL;
    if (exchange)
        exchange->message_id = arena_copy(&talk->texts, id);
}

struct exchange *hear_payload(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = talk_carrier(talk, of->side);
    if (!exchange)
        return NULL;
    talk_carry(talk, exchange, of->side, &of->place->moment);
    if (talk->messages.header.open && !of->said->secret)
        talk_header(talk, of->side, str_upto(of->line, of->said->used), of->said->whole);
    uint64_t bytes = of->said->payload + (of->said->whole ? 2u - of->said->bare : 0u);
    if (talk->messages.fetching)
        messages_fetch_line(&talk->messages, bytes, of->said->whole, of->place->line_end, &of->place->moment);
    exchange->payload_bytes += bytes;
    exchange->payload_lines += of->said->whole;
    exchange->payload_whole |= of->said->last;
    if (of->side == SIDE_SERVER && exchange->verb && exchange->verb->flags & VERB_LISTS_CAPABILITIES &&
        !of->said->secret)
        tally_capability(talk->facts, talk->kept, of->line);
    return exchange;
}

struct exchange *hear_payload_end(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = talk_carrier(talk, of->side);
    if (!exchange)
        return NULL;
    talk_carry(talk, exchange, of->side, &of->place->moment);
    exchange->payload_whole = true;
    if (of->side == SIDE_SERVER) {
        exchange->line_end = of->place->line_end;
        talk_finish(talk, exchange);
    }
    return exchange;
}
