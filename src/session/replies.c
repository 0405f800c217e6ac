/* What the server says: greeting, replies and what comes before them. Which command a reply answers is found in the order
 * of commands (RFC 2920 3.1), or by its tag (RFC 9051 2.2.2); data without a tag belongs to what is under way. */
#include "session/talk.h"

#include "enrich/delivery.h"
#include "protocol/mail_path.h"
#include "session/tally.h"

/* The command that this reply answers: the oldest one waiting, unless the code fits another one's verb only; then the
 * replies to those before it are lost. */
static struct exchange *answered_in_order(struct talk *talk, const struct utterance *said)
{
    struct exchange *oldest = queue_oldest(&talk->queue);
    if (!said->answers || queue_has_one(&talk->queue))
        return oldest;
    struct exchange *found = queue_of_kind(&talk->queue, said->answers, 0);
    if (!found)
        found = oldest;
    for (; oldest && oldest != found; oldest = queue_oldest(&talk->queue))
        talk_finish(talk, oldest);
    return found;
}

static struct exchange *unsolicited(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = talk_open(talk, of->place);
    if (exchange) {
        exchange->unsolicited = true;
        talk_keep_tag(talk, exchange, of);
    }
    return exchange;
}

/* Replies come in the order of commands (RFC 2920 3.1): the next ones are for those that had to make room, and nobody else's. */
static bool is_for_forsaken(struct talk *talk, const struct utterance *said)
{
    bool theirs = talk->forsaken > 0 && !talk->speaking;
    if (theirs && (said->speech == SPEECH_REPLY || said->speech == SPEECH_REPLY_OPENS))
        talk->forsaken--;
    return theirs;
}

/* The exchange that a line of the server is about; a new one where it answers nothing. */
static struct exchange *addressee(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = talk->speaking;
    if (talk->forsaken && is_for_forsaken(talk, of->said))
        return NULL;
    if (talk->pairing == PAIRING_BY_TAG)
        exchange = of->said->speech == SPEECH_INTERMEDIATE ? queue_newest(&talk->queue)
                                                           : queue_tagged(&talk->queue, of->said->tag);
    else if (!exchange)
        exchange = answered_in_order(talk, of->said);
    return exchange ? exchange : unsolicited(talk, of);
}

static void begin_reply(struct exchange *exchange, const struct place *place)
{
    if (exchange->replied.stamp == UINT32_MAX) {
        exchange->replied = place->moment;
        exchange->reply_line = place->line;
    }
}

/* Whether the exchange is complete with this line, and is told of before another is heard, as nearly all are: then what it
 * says need not be kept. */
static bool is_told_at_once(const struct talk *talk, const struct utterance *said)
{
    bool last = said->speech == SPEECH_REPLY || said->speech == SPEECH_GREETING;
    return last && queue_has_one(&talk->queue) && !said->secret && said->text.n <= REPLY_TEXT_MOST;
}

static void add_reply_line(struct talk *talk, struct exchange *exchange, const struct hearing_of *of,
                           bool at_once)
{
    begin_reply(exchange, of->place);
    if (exchange->reply_lines == 0)
        exchange->settled = of->place->moment;
    exchange->ended = of->place->moment;
    if (exchange->verb && exchange->verb->flags & VERB_LISTS_CAPABILITIES) {
        if (exchange->reply_lines == 0)
            talk->facts->capability_count = 0;
        else if (!of->said->secret)
            tally_capability(talk->facts, talk->kept, of->said->text);
    }
    if (exchange->reply_lines++ == 0) {
        exchange->text = at_once ? of->said->text : talk_keep(talk, of, of->said->text, REPLY_TEXT_MOST);
        return;
    }
    size_t room = exchange->text.n < REPLY_TEXT_MOST ? REPLY_TEXT_MOST - exchange->text.n : 0;
    talk->texts.cut += of->said->text.n > room;
    struct str text = of->said->text;
    if (room && !of->said->secret)
        exchange->text =
            arena_extend_line(&talk->texts, exchange->text, str_upto(text, text.n < room ? text.n : room));
    else if (room)
        exchange->text =
            talk_keep_on(talk, of, arena_extend(&talk->texts, exchange->text, STR("\n")), text, room);
}

struct exchange *hear_reply_part(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = addressee(talk, of);
    if (exchange) {
        add_reply_line(talk, exchange, of, false);
        talk->speaking = exchange;
    }
    return exchange;
}

/* As a view where it is told of at once. */
static struct str hold(struct talk *talk, struct str text, bool at_once)
{
    return at_once ? text : arena_copy(&talk->texts, text);
}

/* Whether a word of the line stands in front of what is masked, and is no name that is. */
static bool is_in_clear(const struct hearing_of *of, struct str word)
{
    if (!of->said->secret || !word.n)
        return true;
    bool named = of->names && echo_name(of->names, word).n;
    return word.p + word.n <= of->line.p + of->said->secret_at && !named;
}

/* How long the mail is and what the server calls it depends on no secret, unless that is its name. */
static void take_clear(struct talk *talk, struct exchange *exchange, const struct hearing_of *of)
{
    const struct str id = delivery_queue_id(of->said->text);
    mail_octets(of->said->text, &exchange->octets);
    if (echo_find(of->repeats, id) == id.n)
        exchange->queue_id = arena_copy(&talk->texts, id);
}

static struct exchange *settle(struct talk *talk, struct exchange *exchange, const struct hearing_of *of)
{
    if (!exchange)
        return NULL;
    /* a farewell stood in for the reply until now? the reply itself has the last word */
    if (exchange->answered)
        exchange->reply_lines = 0;
    const struct str none = { 0 };
    const struct utterance *said = of->said;
    const bool at_once = is_told_at_once(talk, said);
    add_reply_line(talk, exchange, of, at_once);
    exchange->code = hold(talk, said->code, at_once);
    exchange->enhanced = hold(talk, is_in_clear(of, said->enhanced) ? said->enhanced : none, at_once);
    if (of->repeats && !talk->reveal)
        take_clear(talk, exchange, of);
    exchange->status = exchange->unsolicited ? NAMES_status_unsolicited : said->status;
    exchange->answered = true;
    talk->speaking = exchange;
    return exchange;
}

static void complete(struct talk *talk, struct exchange *exchange, const struct hearing_of *of)
{
    exchange->line_end = of->place->line_end;
    /* of several lines only the last one can still be read */
    bool masked = of->said->secret && exchange->reply_lines == 1;
    talk_finish_heard(talk, exchange, masked ? of->said->text : exchange->text);
}

/* A response that was cut off, in a literal or behind one: no more of it will come. */
static void drop_data(struct talk *talk, const struct utterance *said)
{
    if (talk->speaking && talk->speaking->unsolicited)
        talk_finish(talk, talk->speaking);
    talk->speaking = NULL;
    talk->facts->messages_fetched += said->mails;
    messages_fetch_ends(&talk->messages, 0, said->mails > 0);
}

/* Tagged replies may come in any order, but no server lets this many commands overtake one: its reply is lost. */
static void give_up_overtaken(struct talk *talk, const struct exchange *exchange)
{
    enum { OVERTAKEN_MOST = 64 };
    struct exchange *oldest;
    while ((oldest = queue_oldest(&talk->queue)) != NULL &&
           oldest->sequence + OVERTAKEN_MOST < exchange->sequence)
        talk_finish(talk, oldest);
}

struct exchange *hear_reply(struct talk *talk, const struct hearing_of *of)
{
    /* without a tag it is about a command that had none, or one that cannot be told (RFC 9051 7.1.3) */
    bool tagged = talk->pairing == PAIRING_BY_TAG;
    if (tagged && of->said->tag.n == 0 && !queue_tagged(&talk->queue, of->said->tag))
        return hear_data(talk, of);
    if (tagged)
        drop_data(talk, of->said);
    struct exchange *exchange = settle(talk, addressee(talk, of), of);
    if (exchange)
        complete(talk, exchange, of);
    if (exchange && tagged)
        give_up_overtaken(talk, exchange);
    return exchange;
}

struct exchange *hear_reply_opens(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = settle(talk, addressee(talk, of), of);
    if (exchange)
        exchange->payload_follows = true;
    return exchange;
}

/* Lines that were told as parts of a reply turn out to be those of an intermediate one: the final reply begins anew. */
static void take_back(struct exchange *exchange)
{
    exchange->reply_lines = 0;
    exchange->text = (struct str){ 0 };
    moment_never(&exchange->settled);
    moment_never(&exchange->ended);
}

struct exchange *hear_intermediate(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = addressee(talk, of);
    if (!exchange)
        return NULL;
    begin_reply(exchange, of->place);
    if (exchange->reply_lines && !exchange->answered)
        take_back(exchange);
    exchange->intermediate = arena_copy(&talk->texts, of->said->code);
    /* a challenge that answers nothing stands alone: its command is not in the log */
    if (exchange->unsolicited)
        talk_finish(talk, settle(talk, exchange, of));
    return exchange;
}

/* The oldest command whose verb this fits; a literal, as of a mail, is never STORE's, though the words around it may be
 * (RFC 9051 7.5.2). */
static struct exchange *fitting(const struct talk *talk, const struct utterance *said)
{
    if (!said->answers)
        return NULL;
    bool literal = said->speech == SPEECH_DATA_OPENS;
    struct exchange *hands = literal ? queue_of_kind(&talk->queue, said->answers, VERB_HANDS_OUT) : NULL;
    return hands ? hands : queue_of_kind(&talk->queue, said->answers, 0);
}

/* Whom data without a tag is for: where several commands wait, the one whose verb it fits, else the oldest. */
static struct exchange *under_way(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = fitting(talk, of->said);
    if (!exchange)
        exchange = queue_oldest(&talk->queue);
    return exchange ? exchange : unsolicited(talk, of);
}

static void open_mail(struct talk *talk, const struct exchange *exchange, const struct hearing_of *of)
{
    const struct place *place = of->place;
    const struct fetch fetch = { .exchange = exchange->sequence,
                                 .number = of->said->mail_number,
                                 .size = of->said->mail_size,
                                 .line = place->line,
                                 .offset = place->offset,
                                 .moment = place->moment,
                                 .stamp = place->stamp };
    messages_fetch_begins(&talk->messages, &fetch);
}

struct exchange *hear_data(struct talk *talk, const struct hearing_of *of)
{
    bool begins = !talk->speaking, goes_on = of->said->speech == SPEECH_DATA_OPENS;
    struct exchange *exchange = begins ? under_way(talk, of) : talk->speaking;
    if (!exchange)
        return NULL;
    begin_reply(exchange, of->place);
    talk->facts->messages_fetched += of->said->mails;
    /* a line that has a word of its own begins another response: the end of the one before is not in the log */
    bool anew = of->said->code.n > 0;
    messages_fetch_ends(&talk->messages, anew ? 0 : of->place->line_end, !anew || of->said->mails);
    if (of->said->mail_opens)
        open_mail(talk, exchange, of);
    if (of->said->gone)
        messages_gone(&talk->messages, of->said->gone, exchange->verb && exchange->verb->flags & VERB_MOVES);
    if (exchange->unsolicited && begins)
        settle(talk, exchange, of);
    if (exchange->unsolicited && !goes_on)
        complete(talk, exchange, of);
    talk->speaking = goes_on ? exchange : NULL;
    return exchange;
}

struct exchange *hear_farewell(struct talk *talk, const struct hearing_of *of)
{
    drop_data(talk, of->said);
    struct exchange *exchange = settle(talk, under_way(talk, of), of);
    if (exchange && exchange->unsolicited)
        complete(talk, exchange, of);
    talk->speaking = NULL;
    return exchange;
}

static struct exchange *greeting(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = talk->speaking ? talk->speaking : talk_open(talk, of->place);
    if (exchange)
        exchange->greeting = true;
    return exchange;
}

struct exchange *hear_greeting_part(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = greeting(talk, of);
    if (exchange) {
        add_reply_line(talk, exchange, of, false);
        talk->speaking = exchange;
    }
    return exchange;
}

struct exchange *hear_greeting(struct talk *talk, const struct hearing_of *of)
{
    struct exchange *exchange = settle(talk, greeting(talk, of), of);
    if (exchange) {
        talk->facts->greeted = exchange->began;
        complete(talk, exchange, of);
    }
    return exchange;
}
