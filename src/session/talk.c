/* What the handlers share: exchanges are opened, finished, and given copies of what was said. */
#include "session/talk.h"

#include "base/blank.h"
#include "base/calendar.h"
#include "session/tally.h"

void talk_finish_heard(struct talk *talk, struct exchange *exchange, struct str text)
{
    const struct str kept = exchange->text;
    exchange->complete = talk->moved = true;
    if (talk->speaking == exchange)
        talk->speaking = NULL;
    if (exchange->answered)
        talk->last_reply = exchange->ended;
    exchange->text = text;
    tally_exchange(talk->facts, exchange);
    exchange->text = kept;
    if (!talk->messages.unwanted)
        messages_hear(&talk->messages, exchange);
}

void talk_finish(struct talk *talk, struct exchange *exchange)
{
    talk_finish_heard(talk, exchange, exchange->text);
}

struct exchange *talk_open(struct talk *talk, const struct place *place)
{
    struct queue *queue = &talk->queue;
    struct exchange *exchange = queue_place(queue);
    if (!exchange) {
        talk->overflows++;
        return NULL;
    }
    BLANK_UP_TO(exchange, struct exchange, sequence, began);
    BLANK_FROM(exchange, struct exchange, payload_bytes);
    exchange->sequence = queue->next + 1;
    exchange->line = place->line;
    exchange->line_end = place->line_end;
    exchange->offset = place->offset;
    exchange->status = NAMES_status_unanswered;
    exchange->texts = talk->texts.n;
    if (!talk->unread)
        stamp_keep(&exchange->stamp, place->stamp);
    exchange->began = place->moment;
    moment_never(&exchange->said);
    moment_never(&exchange->replied);
    moment_never(&exchange->settled);
    moment_never(&exchange->ended);
    moment_never(&exchange->before);
    moment_never(&exchange->payload_began);
    moment_never(&exchange->payload_ended);
    queue->next++;
    talk->moved = true;
    /* the queue is full now? its first has waited long enough, and makes room before the next line */
    struct exchange *first = queue_at(queue, queue->first);
    if (queue_is_full(queue) && !first->complete) {
        talk->overflows++;
        talk->forsaken += talk->pairing != PAIRING_BY_TAG && queue_is_pending(first);
        talk_finish(talk, first);
    }
    return exchange;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* As much of the text as there is room for, until the copy is so long. */
static struct str keep_until(struct talk *talk, struct str copy, struct str text, size_t end)
{
    size_t room = copy.n < end ? end - copy.n : 0;
    return arena_extend(&talk->texts, copy, str_upto(text, smaller(text.n, room)));
}

static struct str keep_mark(struct talk *talk, struct str copy, size_t end)
{
    return copy.n < end ? arena_extend(&talk->texts, copy, STR(REDACTED)) : copy;
}

/* What stands in front of the secret, or repeats none: of that, names are masked. They are looked for in all of it: cut
 * first, the half of one would pass for another word. */
static struct str keep_clear(struct talk *talk, const struct hearing_of *of, struct str copy, struct str text,
                             size_t end)
{
    struct echo_walk walk;
    struct str name;
    if (!of->names)
        return keep_until(talk, copy, text, end);
    echo_walk(&walk, of->names, text);
    while (copy.n < end && (name = echo_next(&walk)).n) {
        copy = keep_until(talk, copy, str_upto(text, (size_t)(name.p - text.p)), end);
        copy = keep_mark(talk, copy, end);
        text = str_from(text, (size_t)(name.p + name.n - text.p));
    }
    return keep_until(talk, copy, text, end);
}

struct str talk_keep_on(struct talk *talk, const struct hearing_of *of, struct str copy, struct str text,
                        size_t most)
{
    const char *secret = of->line.p + of->said->secret_at;
    const size_t end = copy.n + most;
    if (!of->said->secret || talk->reveal || text.n == 0)
        return keep_until(talk, copy, text, end);
    size_t clear = text.p < secret ? smaller((size_t)(secret - text.p), text.n) : 0;
    copy = keep_clear(talk, of, copy, str_upto(text, clear), end);
    return clear < text.n ? keep_mark(talk, copy, end) : copy;
}

struct str talk_keep_masked(struct talk *talk, const struct hearing_of *of, struct str text, size_t most)
{
    talk->texts.cut += text.n > most;
    return of->said->secret ? talk_keep_on(talk, of, arena_copy(&talk->texts, (struct str){ 0 }), text, most)
                            : arena_copy(&talk->texts, str_upto(text, smaller(text.n, most)));
}
