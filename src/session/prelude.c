/* Reads ahead over a session's first batch. Roles come from the opening; a greeting settles them, whatever was said
 * about arrows (FORMAT 3). */
#include "session/prelude.h"

#include "base/utf8.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { TALK_LOOKED_AT = 64, TOKENS_LOOKED_AT = 16, SURE = 50, CERTAIN = 100 };

static void read_opening(const struct batch *batch, struct opening *opening)
{
    for (size_t i = 0; i < batch->count && i < 4; i++) {
        const struct event *event = &batch->events[i];
        if (event->class == NAMES_class_opening || event->class == NAMES_class_connect)
            grammar_opening(event_payload(event), opening);
    }
}

static const struct dialect *best_dialect(const struct trade *trade, const struct opening *opening,
                                          enum tcplog_name application, int *most)
{
    const struct dialect *best = NULL;
    *most = 0;
    for (const struct dialect *const *each = trade->dialects; *each; each++) {
        int bid = (*each)->bid(opening, application);
        if (bid > *most) {
            *most = bid;
            best = *each;
        }
    }
    return best;
}

static void name_program(struct session_facts *facts, enum tcplog_name application)
{
    facts->has_application = true;
    facts->application = application;
}

static void identify(struct prelude *prelude, struct session_facts *facts, const struct opening *opening,
                     const struct trade *trade, const struct log_name *name)
{
    int most;
    prelude->dialect = best_dialect(trade, opening, name->known ? name->application : NAMES_count, &most);
    facts->one_clock = prelude->dialect && prelude->dialect->one_clock;
    facts->has_dialect = prelude->dialect && most >= BID_LIKELY;
    if (facts->has_dialect) {
        facts->dialect = prelude->dialect->id;
        name_program(facts, prelude->dialect->application);
    } else if (name->known) {
        name_program(facts, name->application);
    } else if (opening->seconds) {
        /* no other program writes it; which library it has, the line in front of this one would tell */
        name_program(facts, NAMES_application_pegasus);
    }
    facts->opened = opening->dated || opening->server || opening->connect;
    if (facts->opened || name->has_role) {
        facts->has_role = true;
        facts->role = !facts->opened ? name->role : opening->server ? NAMES_role_server : NAMES_role_client;
    }
}

static bool uses_tokens(const struct batch *batch)
{
    int seen = 0, marked = 0;
    for (const struct event *event = batch->events, *end = event + batch->count;
         event < end && seen < TOKENS_LOOKED_AT; event++) {
        if (event->class != NAMES_class_data)
            continue;
        seen++;
        marked += event->token >= TOKEN_LF;
        if (marked == seen)
            return true; /* no body begins a talk: the first one tells */
    }
    return marked > 0 && marked * 4 >= seen;
}

/* The protocol that is surest of this text, as a server's first words or as a command. */
static const struct protocol *surest(const struct trade *trade, struct str text, bool command, int *most)
{
    const struct protocol *best = NULL;
    *most = 0;
    for (const struct protocol *const *each = trade->protocols; *each; each++) {
        int bid = command ? (*each)->bid_command(text) : (*each)->bid(text);
        if (bid > *most) {
            *most = bid;
            best = *each;
        }
    }
    return best;
}

static void recognised(struct prelude *prelude, struct session_facts *facts, const struct protocol *protocol,
                       enum tcplog_name source)
{
    prelude->protocol = protocol;
    facts->has_protocol_source = true;
    facts->protocol_source = source;
}

/* What was received comes from the other side (FORMAT 3). */
static enum tcplog_name arrow_of_server(enum tcplog_name role)
{
    return role == NAMES_role_server ? NAMES_arrow_sent : NAMES_arrow_received;
}

/* What a line of talk proves. */
struct evidence {
    const struct protocol *protocol; /* NULL: nothing */
    bool by_server, certain;
    enum tcplog_name server_arrow;
};

static struct evidence weigh(const struct trade *trade, const struct event *event)
{
    int greeting, command;
    const struct protocol *served = surest(trade, event_payload(event), false, &greeting);
    enum tcplog_name other = event->arrow == NAMES_arrow_sent ? NAMES_arrow_received : NAMES_arrow_sent;
    if (greeting >= SURE)
        return (struct evidence){ served, true, greeting == CERTAIN, event->arrow };
    const struct protocol *asked = surest(trade, event_payload(event), true, &command);
    return (struct evidence){ command >= SURE ? asked : NULL, false, false, other };
}

/* Text of a mail may look like talk: what contradicts the log's name or its arrows counts only as the very first word
 * behind an opening. */
static bool is_credible(const struct evidence *evidence, const struct session_facts *facts, int talk,
                        const struct log_name *name)
{
    bool stranger = name->has_protocol && evidence->protocol->id != name->protocol;
    bool turned = facts->has_role && evidence->server_arrow != arrow_of_server(facts->role);
    return (!stranger && !turned) || (talk == 1 && (facts->opened || (evidence->certain && !turned)));
}

/* Whether a client meets a server of another protocol than its log is of, or of none: in the first words behind the
 * opening, for what comes later may be anything. */
static bool is_stranger(const struct evidence *evidence, const struct session_facts *facts,
                        const struct event *event, const struct log_name *name)
{
    bool client = facts->opened && facts->role == NAMES_role_client;
    if (!client || event->arrow != arrow_of_server(facts->role))
        return false;
    return evidence->protocol
               ? evidence->by_server && name->has_protocol && evidence->protocol->id != name->protocol
               : event_payload(event).n > 0;
}

/* The first line of talk that can only be a server's or a client's settles protocol and direction. */
static void listen(struct prelude *prelude, struct session_facts *facts, const struct batch *batch,
                   const struct trade *trade, const struct log_name *name)
{
    int talk = 0;
    for (size_t i = 0; i < batch->count && talk < TALK_LOOKED_AT; i++) {
        const struct event *event = &batch->events[i];
        if (event->class != NAMES_class_data)
            continue;
        talk++;
        struct evidence evidence = weigh(trade, event);
        if (talk == 1 && is_stranger(&evidence, facts, event, name))
            facts->traces.stranger = batch->first_line + i;
        if (!evidence.protocol || !is_credible(&evidence, facts, talk, name))
            continue;
        recognised(prelude, facts, evidence.protocol,
                   evidence.by_server ? NAMES_protocol_source_greeting : NAMES_protocol_source_dialogue);
        prelude->server_arrow = evidence.server_arrow;
        return;
    }
}

static void orient(struct prelude *prelude, struct session_facts *facts, const struct batch *batch,
                   const struct trade *trade, const struct log_name *name)
{
    prelude->server_arrow = facts->has_role ? arrow_of_server(facts->role) : NAMES_count;
    listen(prelude, facts, batch, trade, name);
    if (!facts->has_role && prelude->server_arrow != NAMES_count) {
        facts->has_role = true;
        facts->role = prelude->server_arrow == NAMES_arrow_sent ? NAMES_role_server : NAMES_role_client;
    }
    for (const struct protocol *const *each = trade->protocols;
         !prelude->protocol && *each && name->has_protocol; each++)
        if ((*each)->id == name->protocol)
            recognised(prelude, facts, *each, NAMES_protocol_source_file_name);
    if (!prelude->protocol)
        prelude->protocol = trade->protocols[0];
}

/* The file was made before midnight, and the first line that is left of it stands behind? */
static int32_t day_of_name(const struct log_name *name, uint32_t stamp)
{
    enum { MINUTE = 60000 };
    bool next =
        name->day != DAY_NONE && stamp != STAMP_NONE && (int32_t)stamp + DAY_MS / 2 < name->minute * MINUTE;
    return name->day + next;
}

/* Without an opening: the date of the ending if it is near, minus the midnights before it; else the file name's. */
static int32_t day_of(const struct opening *opening, const struct batch *batch, const struct log_name *name)
{
    struct date date;
    if (opening->dated)
        return opening->date.day;
    int32_t midnights = 0;
    uint32_t first = STAMP_NONE, last = STAMP_NONE;
    for (size_t i = 0; i < batch->count; i++) {
        const struct event *event = &batch->events[i];
        if (event->stamp == STAMP_NONE)
            continue;
        first = first == STAMP_NONE ? event->stamp : first;
        midnights += last != STAMP_NONE && last > event->stamp && last - event->stamp > DAY_MS / 2;
        last = event->stamp;
        if (event->class == NAMES_class_closing && grammar_closing(event_text(event), &date))
            return date.day - midnights;
    }
    return day_of_name(name, first);
}

/* The log's day began before the opening's date was taken, or after: within a moment of midnight they may differ. */
static int32_t day_of_stamp(int32_t day, const struct opening *opening, uint32_t stamp)
{
    if (!opening->dated || stamp == STAMP_NONE)
        return day;
    int32_t apart = (int32_t)stamp - opening->date.ms;
    if (apart < -DAY_MS / 2)
        return day + 1;
    return apart > DAY_MS / 2 ? day - 1 : day;
}

/* The words with which a server opens the talk. What it says later may repeat a secret, and a prompt may help to guess
 * one: a hash of either would be a guessing oracle. */
static bool is_welcome(const struct prelude *prelude, const struct event *event)
{
    return event->arrow == prelude->server_arrow && prelude->protocol->welcomes(event_text(event));
}

/* The client speaks first, and what the server says then is one reply: its welcome is not in the log. Two in a row are a
 * welcome that came late. */
static bool lacks_welcome(const struct prelude *prelude, const struct batch *batch)
{
    bool spoken = false, answered = false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct event *event = &batch->events[i];
        if (event->class != NAMES_class_data)
            continue;
        bool server = event->arrow == prelude->server_arrow;
        if (answered || (server && !spoken))
            return answered && !(server && prelude->protocol->bid(event_payload(event)) > 0);
        spoken |= !server;
        answered = server;
    }
    return answered;
}

/* Where the text of an event goes into the id: behind its stamp. */
static char *put_stamp(char *to, const struct event *event)
{
    if (event->stamp == STAMP_NONE)
        return to;
    memcpy(to, event->line, STAMP_TEXT);
    return to + STAMP_TEXT;
}

static char *put_text(char *to, struct str text)
{
    memcpy(to, text.p, text.n);
    return to + text.n;
}

static bool opens(const struct event *event)
{
    return event->class == NAMES_class_opening || event->class == NAMES_class_connect;
}

/* Opening, time stamps and the server's welcome: never the client's text, which may be secret. Of the first lines only, so that
 * a session whose log goes on keeps its id. */
static size_t gather_id(const struct session_facts *facts, const struct prelude *prelude,
                        const struct batch *batch, char *scratch)
{
    char *to = scratch;
    const struct event *event = batch->events,
                       *end = event + (batch->count < PRELUDE_ID_LINES ? batch->count : PRELUDE_ID_LINES);
    for (bool welcome = facts->opened; event < end; event++) {
        bool data = event->class == NAMES_class_data;
        welcome = welcome && (!data || is_welcome(prelude, event));
        to = put_stamp(to, event);
        if (data ? welcome : opens(event))
            to = put_text(to, event_text(event));
        *to++ = '\n';
    }
    return (size_t)(to - scratch);
}

/* Reckoned, so that sixteen of them can be at once. */
static char hex_digit(int value)
{
    return (char)('0' + value + (value > 9 ? 'a' - '0' - 10 : 0));
}

static void make_id(struct session_facts *facts, const struct prelude *prelude, const struct batch *batch,
                    char *scratch)
{
    size_t n = gather_id(facts, prelude, batch, scratch);
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits(scratch, n));
    for (size_t i = 0; i < sizeof(digest.digest); i++) {
        facts->id[2 * i] = hex_digit(digest.digest[i] >> 4);
        facts->id[2 * i + 1] = hex_digit(digest.digest[i] & 15);
    }
}

void prelude_read(struct prelude *prelude, struct session_facts *facts, const struct batch *batch,
                  const struct trade *trade, const struct log_name *name, struct arena *kept, char *scratch)
{
    struct opening opening = { 0 };
    *prelude = (struct prelude){ .tokens = uses_tokens(batch) };
    read_opening(batch, &opening);
    identify(prelude, facts, &opening, trade, name);
    orient(prelude, facts, batch, trade, name);
    prelude->day = day_of_stamp(day_of(&opening, batch, name), &opening, batch->events[0].stamp);
    if (opening.host.n)
        *(opening.server ? &facts->peer : &facts->server) = utf8_keep(kept, opening.host);
    facts->timeout = opening.timeout;
    facts->protocol = prelude->protocol->id;
    facts->spoken = prelude->protocol;
    prelude->unwelcome = lacks_welcome(prelude, batch);
    if (scratch)
        make_id(facts, prelude, batch, scratch);
}
