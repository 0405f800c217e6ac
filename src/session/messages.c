/* Exchanges → messages. SMTP (RFC 5321 3.3): MAIL opens a transaction, RCPT adds to it, the reply to the content closes it,
 * and so does whatever resets the session. POP3 (RFC 1939 5): RETR and TOP fetch, DELE marks, RSET unmarks, QUIT decides. */
#include "session/messages.h"

#include "base/utf8.h"
#include "protocol/mail_path.h"

#include <stdlib.h>

bool messages_make(struct messages *messages)
{
    *messages = (struct messages){ .ring = calloc(MESSAGES_ROOM, sizeof(*messages->ring)),
                                   .accepted = calloc(1, sizeof(*messages->accepted)),
                                   .rejected = calloc(1, sizeof(*messages->rejected)) };
    return arena_make(&messages->texts, MESSAGE_TEXTS) && messages->ring && messages->accepted &&
           messages->rejected;
}

void messages_free(struct messages *messages)
{
    free(messages->ring);
    free(messages->accepted);
    free(messages->rejected);
    arena_free(&messages->texts);
}

void messages_begin(struct messages *messages)
{
    messages->first = messages->next = 0;
    messages->sending = messages->fetching = NULL;
    messages->fetched_by = 0;
    messages->header.open = messages->header.in_stream = messages->parting = messages->parted = false;
    messages->met = messages->refused = false;
    arena_rewind(&messages->texts);
}

static struct str keep(struct messages *messages, struct str text)
{
    return utf8_keep(&messages->texts, text);
}

/* Makes room: whatever is held is told of as soon as the line at hand has been heard, without what only the end would show. Up to
 * then one more may come of each command that waits. */
static void let_go(struct messages *messages)
{
    bool full = messages->next - messages->first >= MESSAGES_HELD ||
                arena_room(&messages->texts) < MESSAGE_TEXTS_OF_ONE;
    for (uint64_t i = messages->first; full && i < messages->next; i++) {
        messages->let_go += !messages_numbered(messages, i)->complete;
        messages_numbered(messages, i)->complete = true;
    }
}

static struct message *add_message(struct messages *messages, struct str stamp, const struct moment *began)
{
    let_go(messages);
    struct message *message = messages_numbered(messages, messages->next++);
    const struct moment never = { .stamp = UINT32_MAX };
    *message = (struct message){ .sequence = messages->next,
                                 .status = NAMES_status_unanswered,
                                 .direction = NAMES_direction_fetched,
                                 .texts = messages->texts.n,
                                 .began = *began,
                                 .said = never,
                                 .settled = never,
                                 .payload_began = never,
                                 .payload_ended = never };
    stamp_keep(&message->stamp, stamp);
    return message;
}

static struct message *open_message(struct messages *messages, const struct exchange *exchange)
{
    struct message *message = add_message(messages, stamp_text(&exchange->stamp), &exchange->began);
    message->line = exchange->line;
    message->line_end = exchange->line_end;
    message->offset = exchange->offset;
    return message;
}

/* The reply that counts, until a later one does. */
static void answer(struct messages *messages, struct message *message, const struct exchange *exchange)
{
    message->status = exchange->status;
    message->verb = exchange->verb->name;
    message->code = keep(messages, exchange->code);
    message->enhanced = keep(messages, exchange->enhanced);
    message->text = keep(messages, exchange->text);
    message->queue_id = keep(messages, exchange->queue_id);
}

static void carry(struct messages *messages, struct message *message, const struct exchange *exchange)
{
    if (message->payload_began.stamp == UINT32_MAX)
        message->payload_began = exchange->payload_began;
    if (exchange->payload_ended.stamp != UINT32_MAX)
        message->payload_ended = exchange->payload_ended;
    message->payload_bytes += exchange->payload_bytes;
    message->payload_lines += exchange->payload_lines;
    message->exchange = exchange->sequence;
    message->line_end = exchange->line_end;
    message->said = exchange->said;
    message->settled = exchange->answered ? exchange->settled : (struct moment){ .stamp = UINT32_MAX };
    if (exchange->message_id.n)
        message->message_id = keep(messages, exchange->message_id);
}

/* The transaction ends without a reply to its content: refused, if nobody was left to send it to. */
static void close_sending(struct messages *messages)
{
    struct message *message = messages->sending;
    if (!message)
        return;
    if (messages_reach_someone(messages) && !messages->refused) {
        message->status = NAMES_status_unanswered;
        message->code = message->enhanced = message->text = (struct str){ 0 };
        message->settled.stamp = UINT32_MAX;
    }
    message->complete = true;
    messages->sending = NULL;
}

static void attach(struct messages *messages)
{
    struct message *message = messages->sending;
    message->accepted = (struct list){ messages->accepted->items, messages->accepted->count };
    message->rejected = (struct list){ messages->rejected->items, messages->rejected->count };
}

static struct message *open_sent(struct messages *messages, const struct exchange *exchange)
{
    struct message *message = open_message(messages, exchange);
    message->direction = NAMES_direction_sent;
    return message;
}

static void begin_sending(struct messages *messages, const struct exchange *exchange)
{
    messages->sending = open_sent(messages, exchange);
    messages->accepted->count = messages->rejected->count = messages->nameless = 0;
    messages->refused = messages->spurned = false;
    attach(messages);
}

/* What MAIL tells of the mail. */
static void introduce(struct messages *messages, struct message *message, const struct exchange *exchange)
{
    struct str path = { 0 };
    message->has_sender = mail_path(exchange->argument, &path);
    message->sender = keep(messages, path);
    message->has_size = mail_size(exchange->argument, &message->size_declared);
}

/* MAIL within a transaction that is refused as such changes nothing (RFC 5321 4.1.4): the one before goes on. */
static void hear_nested(struct messages *messages, const struct exchange *exchange)
{
    struct message *message = open_sent(messages, exchange);
    introduce(messages, message, exchange);
    answer(messages, message, exchange);
    message->complete = true;
    if (messages->sending->complete)
        messages->sending = NULL;
}

static void hear_mail(struct messages *messages, const struct exchange *exchange)
{
    messages->met = true;
    if (messages->sending && str_equal(exchange->code, STR("503"))) {
        hear_nested(messages, exchange);
        return;
    }
    close_sending(messages);
    begin_sending(messages, exchange);
    introduce(messages, messages->sending, exchange);
    if (exchange->status == NAMES_status_success)
        return;
    answer(messages, messages->sending, exchange);
    close_sending(messages);
}

/* Where one recipient may be tried again, so may the mail: a refusal for good does not outdo one for now. */
static bool is_outdone(const struct message *message, const struct exchange *exchange)
{
    return message->status == NAMES_status_transient_failure &&
           exchange->status == NAMES_status_permanent_failure;
}

static void hear_recipient(struct messages *messages, const struct exchange *exchange)
{
    if (!messages->sending)
        return;
    bool good = exchange->status == NAMES_status_success;
    struct recipients *list = good ? messages->accepted : messages->rejected;
    struct str path;
    bool named = mail_path(exchange->argument, &path);
    /* without a reply it is on neither list */
    bool listed = named && exchange->answered;
    messages->overflows += listed && list->count == RECIPIENTS_MOST;
    if (listed && list->count < RECIPIENTS_MOST)
        list->items[list->count++] = keep(messages, path);
    messages->nameless += good && !named;
    messages->refused &= !good;
    attach(messages);
    messages->sending->line_end = exchange->line_end;
    messages->spurned |= !good && exchange->answered;
    if (!good && !messages->refused && !is_outdone(messages->sending, exchange))
        answer(messages, messages->sending, exchange);
}

/* A part of the content, or the last of it. Where none was sent the transaction goes on: the next attempt may be a better
 * one (RFC 5321 3.3). */
static void hear_content(struct messages *messages, const struct exchange *exchange, bool last)
{
    bool failed = exchange->status != NAMES_status_success;
    /* what follows the refusal of its mail is none of its own, nor is what came before any MAIL (RFC 5321 4.1.4) */
    bool no_mail = messages->met || str_equal(exchange->code, STR("503"));
    if (!messages->sending && no_mail && failed)
        return;
    /* its MAIL is not in the log? */
    bool whole = messages->sending;
    if (!whole)
        begin_sending(messages, exchange);
    struct message *message = messages->sending;
    carry(messages, message, exchange);
    if (!last && !failed)
        return;
    const bool sent = exchange_was_sent(exchange);
    /* why there is nobody to send it to, the replies to its recipients have told: "554 no valid recipients" is no news */
    const bool told = failed && exchange->answered && messages->spurned && !messages_reach_someone(messages);
    if ((sent || failed) && !told)
        answer(messages, message, exchange);
    messages->refused = failed && !sent && !told;
    if (!sent && whole)
        return;
    message->complete = true;
    messages->sending = NULL;
}

static void hear_fetch(struct messages *messages, const struct exchange *exchange)
{
    struct message *message = open_message(messages, exchange);
    message->can_be_marked = true;
    carry(messages, message, exchange);
    answer(messages, message, exchange);
    mail_number(exchange->argument, &message->number);
    message->size_declared = exchange->octets;
    message->has_size = exchange->octets || mail_octets(exchange->text, &message->size_declared);
    /* the log stops within the mail? */
    if (exchange_is_cut(exchange))
        message->status = NAMES_status_unanswered;
}

void messages_fetch_begins(struct messages *messages, const struct fetch *fetch)
{
    if (messages->unwanted)
        return;
    struct message *message = add_message(messages, fetch->stamp, &fetch->moment);
    message->line = message->line_end = fetch->line;
    message->offset = fetch->offset;
    message->exchange = fetch->exchange;
    message->number = message->place = fetch->number;
    message->has_size = true;
    message->size_declared = fetch->size;
    messages->fetching = message;
    messages->fetched_by = fetch->exchange;
    mail_header_begins(&messages->header);
}

void messages_fetch_line(struct messages *messages, uint64_t bytes, bool whole, uint64_t line_end,
                         const struct moment *moment)
{
    struct message *message = messages->fetching;
    if (message->payload_began.stamp == UINT32_MAX)
        message->payload_began = *moment;
    message->payload_ended = *moment;
    message->payload_bytes += bytes;
    message->payload_lines += whole;
    message->line_end = line_end;
}

void messages_fetch_ends(struct messages *messages, uint64_t line_end, bool whole)
{
    struct message *message = messages->fetching;
    if (!message)
        return;
    if (whole)
        message->status = NAMES_status_success;
    if (line_end)
        message->line_end = line_end;
    messages->fetching = NULL;
    messages->header.open = false;
}

/* The reply to the command that fetched some mails. */
static void hear_fetches(struct messages *messages, const struct exchange *exchange)
{
    messages->fetching = NULL;
    for (uint64_t i = messages->first; i < messages->next; i++) {
        struct message *message = messages_numbered(messages, i);
        bool whole = message->status == NAMES_status_success;
        if (message->exchange != exchange->sequence || !exchange->verb)
            continue;
        /* what came whole was fetched, whatever became of the rest */
        if (whole && exchange->status != NAMES_status_success)
            continue;
        answer(messages, message, exchange);
        /* one that did not come whole is none, whatever the reply says */
        if (!whole)
            message->status = NAMES_status_unanswered;
    }
}

static void mark(struct messages *messages, const struct exchange *exchange)
{
    uint64_t number = 0;
    mail_number(exchange->argument, &number);
    for (uint64_t i = messages->first; i < messages->next; i++)
        if (messages_numbered(messages, i)->number == number)
            messages_numbered(messages, i)->deleted = true;
}

static void reset(struct messages *messages)
{
    close_sending(messages);
    for (uint64_t i = messages->first; i < messages->next; i++)
        messages_numbered(messages, i)->deleted = false;
}

void messages_hear(struct messages *messages, const struct exchange *exchange)
{
    unsigned flags = exchange->verb ? exchange->verb->flags : 0;
    bool good = exchange->status == NAMES_status_success;
    if (messages->fetched_by == exchange->sequence)
        hear_fetches(messages, exchange);
    if (flags & VERB_LEAVES_BOX)
        messages_leave_box(messages);
    if (flags & VERB_OPENS_MAIL)
        hear_mail(messages, exchange);
    else if (flags & VERB_NAMES_RECIPIENT)
        hear_recipient(messages, exchange);
    else if (flags & (VERB_SENDS | VERB_SENDS_PART))
        hear_content(messages, exchange, flags & VERB_SENDS);
    else if (flags & (VERB_FETCHES | VERB_PEEKS))
        hear_fetch(messages, exchange);
    else if (flags & VERB_DELETES && good)
        mark(messages, exchange);
    else if (flags & VERB_RESETS && good)
        reset(messages);
    else if (flags & VERB_ENDS) {
        messages->parting = true;
        messages->parted |= good;
    }
}

void messages_content(struct messages *messages, const struct exchange *exchange)
{
    if (messages->unwanted || messages->fetching)
        return;
    struct mail_header *header = &messages->header;
    unsigned flags = exchange->verb ? exchange->verb->flags : 0;
    if (header->in_stream)
        mail_header_goes_on(header);
    else if (flags & (VERB_SENDS | VERB_SENDS_PART | VERB_FETCHES | VERB_PEEKS))
        mail_header_begins(header);
    else
        header->open = false;
    header->in_stream = flags & VERB_SENDS_PART;
}

struct str messages_header(struct messages *messages, struct str line, bool whole)
{
    struct str id = mail_header_line(&messages->header, line, whole);
    if (!messages->fetching || id.n == 0)
        return id;
    messages->fetching->message_id = keep(messages, id);
    return (struct str){ 0 };
}

void messages_end(struct messages *messages, bool closed)
{
    close_sending(messages);
    for (uint64_t i = messages->first; i < messages->next; i++) {
        struct message *message = messages_numbered(messages, i);
        message->complete = true;
        if (!message->can_be_marked)
            continue;
        /* without a QUIT nothing is deleted; one without an answer leaves it open, and so does a log that just stops */
        message->deletion_known = messages->parted || (closed && !messages->parting);
        message->deleted &= messages->parted;
    }
}

void messages_pop(struct messages *messages)
{
    messages->first++;
    if (messages->first < messages->next)
        arena_release(&messages->texts, messages_numbered(messages, messages->first)->texts);
    else
        arena_rewind(&messages->texts);
}
