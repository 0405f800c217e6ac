/* Walks the events of a session: places each in time, has it heard, and hands out what records come of it. */
#include "session/session.h"

#include "base/blank.h"
#include "base/utf8.h"
#include "enrich/diagnosis.h"
#include "protocol/credentials.h"
#include "session/postmark.h"
#include "session/remarks.h"
#include "session/tally.h"

#include <stdlib.h>

bool session_make(struct session *session)
{
    session->scratch = malloc(PRELUDE_SCRATCH);
    session->joined.text = malloc(JOINED_MOST);
    session->facts.trips.samples = malloc(RTT_SAMPLES * sizeof(uint32_t));
    return dialogue_make(&session->dialogue) && arena_make(&session->kept, KEPT_CAPACITY) &&
           session->scratch && session->joined.text && session->facts.trips.samples;
}

void session_free(struct session *session)
{
    free(session->scratch);
    free(session->joined.text);
    free(session->facts.trips.samples);
    dialogue_free(&session->dialogue);
    arena_free(&session->kept);
    assembler_free(&session->assembler);
}

static void reset_facts(struct session_facts *facts)
{
    const struct moment never = { .stamp = STAMP_NONE };
    BLANK_UP_TO(facts, struct session_facts, id, capabilities);
    BLANK_UP_TO(facts, struct session_facts, capability_count, traces.found);
    BLANK_UP_TO(facts, struct session_facts, traces.heard, verdict.notes);
    BLANK_UP_TO(facts, struct session_facts, verdict.note_count, trips.samples);
    BLANK_FROM(facts, struct session_facts, trips.count);
    facts->ending = NAMES_ending_missing;
    facts->began = never;
    facts->connected = never;
    facts->first_sign = never;
    facts->greeted = never;
    facts->ended = never;
}

void session_begin(struct session *session, const struct batch *batch)
{
    const struct event *first = &batch->events[0];
    struct session_facts *facts = &session->facts;
    arena_rewind(&session->kept);
    reset_facts(facts);
    facts->line = batch->first_line;
    facts->offset = batch_offset(batch, first);
    prelude_read(&session->prelude, facts, batch, session->trade, session->name, &session->kept,
                 session->scratch);
    if (session->assembler.zone.count == 0)
        facts->has_offset = postmark_offset(batch, &session->prelude, facts, &facts->offset_told);
    int64_t latest = batch->first_line > 1 ? chronology_end(&session->chronology) : INT64_MIN;
    chronology_begin(&session->chronology, session->prelude.day, facts->one_clock);
    chronology_zone(&session->chronology, &session->assembler.zone, latest);
    witnesses_meet(&session->witnesses, facts, first, &session->chronology);
    session->dialogue.talk.messages.unwanted = !(session->kinds >> KIND_MESSAGE & 1);
    session->dialogue.talk.unread = !(session->kinds & (1u << KIND_EXCHANGE | 1u << KIND_MESSAGE));
    dialogue_begin(&session->dialogue, session->prelude.protocol, facts, &session->kept);
    session->dialogue.hearing.tokens = session->prelude.tokens;
    session->dialogue.hearing.opened &= !session->prelude.unwelcome;
    assembler_begin(&session->assembler, facts,
                    (struct whereabouts){ utf8_keep(&session->kept, session->where.file),
                                          utf8_keep(&session->kept, session->where.member) },
                    session->kinds);
    session->open = true;
    session->ending = session->shown = session->told = session->wrapped = false;
    session->run.lines = 0;
    session->sequel.lines = session->followers;
}

void session_feed(struct session *session, const struct batch *batch)
{
    if (batch->starts)
        witnesses_advise(&session->witnesses, &session->chronology);
    chronology_learn(&session->chronology, batch->events, batch->count);
    chronology_tell(&session->chronology, &session->facts);
    session->batch = batch;
    session->index = 0;
    session->joined.until = 0;
}

void session_end(struct session *session)
{
    session->ending = true;
    session->facts.ended = session->chronology.now;
    witnesses_part(&session->witnesses, &session->chronology);
    dialogue_end(&session->dialogue, session->facts.ending != NAMES_ending_missing);
    struct round_trips *trips = &session->facts.trips;
    if (session->kinds >> KIND_SESSION & 1)
        trips->median_known = tally_median(trips, &trips->median_ms);
    diagnosis_conclude(&session->facts);
}

/* Bytes of line end that a data record stands for: by its token; always two where the dialect writes none. */
static unsigned line_end_of(const struct session *session, const struct event *event)
{
    static const unsigned ends[] = { [TOKEN_NONE] = 0, [TOKEN_CR] = 0, [TOKEN_LF] = 1, [TOKEN_CRLF] = 2 };
    return session->prelude.tokens ? ends[event->token] : 2;
}

static bool goes_on(const struct session *session, const struct event *event)
{
    return session->prelude.tokens && event->token < TOKEN_LF && event->length - event->start < TRAFFIC_MOST;
}

/* A piece that begins like a credential may be a line of its own, behind one whose end was lost in a NUL; and a first one
 * that is all base64 must not be hidden by what it is joined with. */
static void look_for_secret(struct place *place, struct str text, size_t before)
{
    size_t at = before > 0 ? credentials_from(text) : credentials_opaque(text) ? 0 : text.n;
    if (at == text.n || place->has_secret)
        return;
    place->has_secret = true;
    place->secret_at = before + at;
}

/* Looks ahead for the pieces of a line that begins at events[index]: records of the same side, none between. */
static struct str join(struct session *session, size_t index, unsigned *end, struct place *place)
{
    const struct batch *batch = session->batch;
    const struct event *event = &batch->events[index];
    struct joined *joined = &session->joined;
    size_t n = 0;
    for (size_t i = index; i < batch->count; i++) {
        const struct event *piece = &batch->events[i];
        struct str text = prelude_text(&session->prelude, piece);
        if (piece->class != NAMES_class_data || piece->arrow != event->arrow || text.n > JOINED_MOST - n)
            break;
        look_for_secret(place, text, n);
        memcpy(joined->text + n, text.p, text.n);
        n += text.n;
        joined->until = i + 1;
        *end = line_end_of(session, piece);
        if (!goes_on(session, piece))
            break;
    }
    return (struct str){ joined->text, n };
}

/* What was heard in a line of several pieces, as far as it concerns this piece. */
static void hear_piece(struct joined *joined, size_t length, struct heard *heard)
{
    *heard = joined->heard;
    heard->secret_at = heard->secret_at > joined->at ? heard->secret_at - joined->at : 0;
    heard->secret &= heard->secret_at < length || length == 0;
    joined->at += length;
}

/* What is heard of a line whose pieces were joined. */
static void hear_joined(struct session *session, size_t length, struct heard *heard)
{
    struct joined *joined = &session->joined;
    joined->heard = *heard;
    joined->at = 0;
    if (heard->names && heard->named_at < heard->secret_at)
        joined->heard.secret_at = heard->named_at;
    joined->heard.names = NULL;
    /* nobody finds a name that is in two pieces */
    if (session->dialogue.veil)
        joined->heard.secret_at = 0;
    joined->heard.secret |= session->dialogue.veil;
    hear_piece(joined, length, heard);
    joined->heard.excess = 0;
}

static void hear(struct session *session, const struct event *event, size_t index, enum side side,
                 struct str text, struct heard *heard)
{
    struct dialogue *dialogue = &session->dialogue;
    struct joined *joined = &session->joined;
    if (index < joined->until) {
        hear_piece(joined, text.n, heard);
        return;
    }
    unsigned end = line_end_of(session, event);
    joined->until = 0;
    struct hearing_of of = { .line = text, .side = side };
    uint64_t number = session->batch->first_line + index;
    struct place place = { .line = number,
                           .line_end = number,
                           .offset = batch_offset(session->batch, event),
                           .moment = session->chronology.now,
                           .stamp = { event->line, event->stamp == STAMP_NONE ? 0 : STAMP_TEXT } };
    if (goes_on(session, event) && dialogue->protocol->joins(&dialogue->hearing, side)) {
        of.line = join(session, index, &end, &place);
        place.line_end += joined->until - 1 - index;
    }
    of.place = &place;
    dialogue_hear(dialogue, &of, end, heard);
    if (joined->until)
        hear_joined(session, text.n, heard);
}

static void mark_time(struct session *session, const struct event *event)
{
    struct session_facts *facts = &session->facts;
    chronology_place(&session->chronology, event->stamp);
    if (facts->began.stamp == STAMP_NONE) {
        facts->began = session->chronology.now;
        stamp_keep(&facts->stamp, (struct str){ event->line, STAMP_TEXT });
    }
}

/* What was said; answers the side that said it. */
static enum side take_data(struct session *session, const struct event *event, size_t index,
                           struct heard *heard)
{
    struct session_facts *facts = &session->facts;
    struct str text = prelude_talk(&session->prelude, event);
    bool ended = !session->prelude.tokens || event->token >= TOKEN_LF;
    enum side side = prelude_side(&session->prelude, event);
    if (side == SIDE_SERVER && facts->first_sign.stamp == STAMP_NONE)
        facts->first_sign = session->chronology.now;
    hear(session, event, index, side, text, heard);
    *(side == SIDE_CLIENT ? &facts->client_bytes : &facts->server_bytes) +=
        text.n + (ended ? 2 : 0) - heard->excess;
    session->wrapped = heard->secret || dialogue_is_private(&session->dialogue);
    return side;
}

bool session_is_answered_later(const struct session *session, const struct event *event)
{
    const struct event *next = event + 1, *end = session->batch->events + session->batch->count;
    if (event->class != NAMES_class_data)
        return false;
    while (next < end && next->class != NAMES_class_data)
        next++;
    return next < end && next->arrow != event->arrow;
}

/* One event; the line record it makes, if lines are wanted. */
static struct record *take_event(struct session *session, size_t index)
{
    const struct event *event = &session->batch->events[index];
    uint64_t number = session->batch->first_line + index;
    struct heard heard;
    enum side side = SIDE_CLIENT;
    bool data = event->class == NAMES_class_data;
    session->facts.lines++;
    session->facts.line_end = number;
    if (event->stamp != STAMP_NONE)
        mark_time(session, event);
    if (data) {
        side = take_data(session, event, index, &heard);
    } else {
        heard = (struct heard){ 0 };
        stray_mask(session, event, &heard);
        const struct remarks remarks = { .facts = &session->facts,
                                         .kept = &session->kept,
                                         .dialect = session->prelude.dialect,
                                         .hidden = heard.secret && !session->dialogue.talk.reveal,
                                         .hidden_from = heard.secret_at };
        remarks_take(&remarks, event, number, &session->chronology.now);
    }
    if (!(session->kinds >> KIND_LINE & 1))
        return NULL;
    const struct line_facts line = { .event = event,
                                     .chronology = &session->chronology,
                                     .text = prelude_text(&session->prelude, event),
                                     .number = number,
                                     .offset = batch_offset(session->batch, event),
                                     .tokens = session->prelude.tokens,
                                     .side = side,
                                     .has_side = data && session->prelude.server_arrow != NAMES_count,
                                     .heard = heard };
    return assemble_line(&session->assembler, &line);
}

static struct record *next_exchange(struct session *session)
{
    const struct exchange *ready;
    while ((ready = dialogue_ready(&session->dialogue)) != NULL) {
        if (session->kinds >> KIND_EXCHANGE & 1) {
            session->shown = true;
            session->subject = ready;
            return assemble_exchange(&session->assembler, ready, &session->chronology);
        }
        dialogue_pop(&session->dialogue);
    }
    return NULL;
}

static struct record *next_message(struct session *session)
{
    struct messages *messages = &session->dialogue.talk.messages;
    const struct message *ready;
    while ((ready = messages_ready(messages)) != NULL) {
        if (session->kinds >> KIND_MESSAGE & 1) {
            session->told = true;
            session->message = ready;
            return assemble_message(&session->assembler, ready, &session->chronology);
        }
        messages_pop(messages);
    }
    return NULL;
}

/* What the dialogue has brought to an end: exchanges, then the mails that they made up. */
static struct record *next_heard(struct session *session)
{
    struct record *record = next_exchange(session);
    return record ? record : next_message(session);
}

/* Forgets what the latest record was made of. */
static void let_go(struct session *session)
{
    session->subject = NULL;
    session->message = NULL;
    if (session->shown)
        dialogue_pop(&session->dialogue);
    if (session->told)
        messages_pop(&session->dialogue.talk.messages);
    session->shown = session->told = false;
}

static struct record *last_record(struct session *session)
{
    session->open = false;
    if (!(session->kinds >> KIND_SESSION & 1))
        return NULL;
    return assemble_session(&session->assembler, &session->facts, &session->chronology);
}

/* What the text before it, and then the next event, makes; NULL: nothing that is wanted. */
static struct record *next_line(struct session *session)
{
    bool lines = session->kinds >> KIND_LINE & 1;
    struct hearing *hearing = &session->dialogue.hearing;
    if (hearing->text_of && body_begins(session)) {
        if (lines)
            return body_next(session);
        body_pass(session);
    }
    if (session->index == session->batch->count)
        return NULL;
    if (hearing->text_of)
        hearing->answered = session_is_answered(session, &session->batch->events[session->index]);
    return take_event(session, session->index++);
}

struct record *session_next(struct session *session)
{
    struct record *record;
    session->sequel.count = 0;
    if (session->run.lines && (record = body_next(session)) != NULL)
        return record;
    let_go(session);
    while ((record = next_heard(session)) == NULL) {
        if (session->ending)
            return session->open ? last_record(session) : NULL;
        if (session->index == session->batch->count)
            return NULL;
        if ((record = next_line(session)) != NULL)
            return record;
    }
    return record;
}
