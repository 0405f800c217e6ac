/* Where a member stands in a text, the word that it begins with is all of a word there, too: only where some member begins so
 * it is tried how far one goes, each being found as a whole. */
#include "session/roster.h"

#include "base/decimal.h"
#include "base/fold.h"
#include "base/hostname.h"
#include "base/quoted.h"

enum { LABEL_LEAST = 4, QUOTED_MOST = 2 * ROSTER_NAME_MOST + 2 };

void roster_clear(struct roster *roster)
{
    memset(roster->first, 0, sizeof(roster->first));
    memset(roster->longest, 0, sizeof(roster->longest));
    memset(roster->lengths, 0, sizeof(roster->lengths));
    roster->lasting = roster->passing = 0;
    roster->missed = 0;
    roster->lines = 0;
}

/* Words that stand in any talk: who is called so is not given away by them, and a log without them could not be read. */
static bool is_vocabulary(struct str name)
{
    static const struct str words[] = {
        { "user", 4 },      { "pass", 4 },    { "apop", 4 },        { "auth", 4 },    { "login", 5 },
        { "plain", 5 },     { "mail", 4 },    { "from", 4 },        { "rcpt", 4 },    { "to", 2 },
        { "data", 4 },      { "quit", 4 },    { "rset", 4 },        { "noop", 4 },    { "helo", 4 },
        { "ehlo", 4 },      { "help", 4 },    { "vrfy", 4 },        { "size", 4 },    { "list", 4 },
        { "retr", 4 },      { "dele", 4 },    { "stat", 4 },        { "uidl", 4 },    { "top", 3 },
        { "capa", 4 },      { "stls", 4 },    { "starttls", 8 },    { "tls", 3 },     { "ssl", 3 },
        { "smtp", 4 },      { "esmtp", 5 },   { "pop", 3 },         { "pop3", 4 },    { "imap", 4 },
        { "imap4", 5 },     { "mx", 2 },      { "www", 3 },         { "ok", 2 },      { "err", 3 },
        { "no", 2 },        { "bad", 3 },     { "ready", 5 },       { "server", 6 },  { "service", 7 },
        { "host", 4 },      { "hello", 5 },   { "welcome", 7 },     { "here", 4 },    { "known", 5 },
        { "is", 2 },        { "the", 3 },     { "at", 2 },          { "by", 2 },      { "in", 2 },
        { "of", 2 },        { "on", 2 },      { "for", 3 },         { "and", 3 },     { "not", 3 },
        { "an", 2 },        { "are", 3 },     { "your", 4 },        { "you", 3 },     { "it", 2 },
        { "be", 2 },        { "as", 2 },      { "go", 2 },          { "queued", 6 },  { "with", 4 },
        { "mbox", 4 },      { "inbox", 5 },   { "error", 5 },       { "socket", 6 },  { "session", 7 },
        { "connect", 7 },   { "closed", 6 },  { "connection", 10 }, { "message", 7 }, { "messages", 8 },
        { "sent", 4 },      { "sender", 6 },  { "client", 6 },      { "unknown", 7 }, { "accepted", 8 },
        { "recipient", 9 }, { "timeout", 7 }, { "localhost", 9 },   { "local", 5 },   { "end", 3 },
        { "relay", 5 },     { "access", 6 },  { "denied", 6 },      { "refused", 7 }, { "fetch", 5 },
        { "select", 6 },    { "search", 6 },  { "store", 5 },       { "append", 6 },  { "idle", 4 },
        { "logout", 6 },    { "status", 6 },  { "uid", 3 },         { "flags", 5 },   { "exists", 6 },
        { "recent", 6 },    { "expunge", 7 }, { "body", 4 },        { "close", 5 },   { "examine", 7 },
        { "create", 6 },    { "delete", 6 },  { "rename", 6 },      { "copy", 4 },    { "move", 4 },
        { "check", 5 },     { "anyone", 6 },
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (ascii_same(words[i], name))
            return true;
    return false;
}

/* Too short or too common to be looked for, or a number such as a reply's code. */
static bool is_telling(struct str name)
{
    enum { CODE = 3 };
    bool letters = false, digits = true;
    for (size_t i = 0; i < name.n; i++) {
        letters |= hostname_letter(name.p[i]);
        digits &= is_digit(name.p[i]);
    }
    return name.n > 1 && letters && !(digits && name.n <= CODE) && !is_vocabulary(name);
}

static uint32_t hash_on(uint32_t hash, char c)
{
    enum { PRIME = 16777619 };
    return (hash ^ (unsigned char)c) * PRIME;
}

static size_t place_of(uint32_t hash)
{
    return (hash ^ hash >> 16) % ROSTER_CHAINS;
}

/* Of the word that text begins with, in lower case; of its first byte, where that is no letter. */
static size_t word_of(const struct roster *roster, struct str text)
{
    uint32_t hash = roster->seed;
    size_t n = 0;
    do
        hash = hash_on(hash, fold_at(text.p, n));
    while (++n < text.n && hostname_letter(text.p[n]) && hostname_letter(text.p[n - 1]));
    return place_of(hash);
}

static size_t chain_of(const struct roster *roster, struct str name)
{
    uint32_t hash = roster->seed;
    for (size_t i = 0; i < name.n; i++)
        hash = hash_on(hash, fold_at(name.p, i));
    return place_of(hash);
}

static struct str name_of(const struct member *member)
{
    return (struct str){ member->name, member->length };
}

static void link_in(struct roster *roster, size_t index)
{
    uint16_t *first = &roster->first[chain_of(roster, name_of(&roster->members[index]))];
    roster->members[index].next = *first;
    *first = (uint16_t)(index + 1);
    uint8_t *longest = &roster->longest[word_of(roster, name_of(&roster->members[index]))];
    *longest = *longest > roster->members[index].length ? *longest : roster->members[index].length;
    roster->lengths[roster->members[index].length] = true;
}

static void unlink_from(struct roster *roster, size_t index)
{
    uint16_t *at = &roster->first[chain_of(roster, name_of(&roster->members[index]))];
    while (*at != index + 1)
        at = &roster->members[*at - 1].next;
    *at = roster->members[index].next;
}

/* Members are in lower case. */
static bool is_spelt(const struct member *member, struct str name)
{
    size_t n = 0;
    if (member->length != name.n)
        return false;
    while (n < name.n && fold_at(name.p, n) == member->name[n])
        n++;
    return n == name.n;
}

static const struct member *find(const struct roster *roster, size_t chain, struct str name)
{
    for (uint16_t at = roster->first[chain]; at; at = roster->members[at - 1].next)
        if (is_spelt(&roster->members[at - 1], name))
            return &roster->members[at - 1];
    return NULL;
}

/* Where the next member goes; of those that pass the oldest makes room. */
static struct member *place(struct roster *roster, bool lasting)
{
    if (lasting)
        return &roster->members[roster->lasting++];
    size_t index = ROSTER_LASTING + roster->passing % ROSTER_PASSING;
    if (roster->passing++ >= ROSTER_PASSING) {
        roster->missed += roster->lines - roster->members[index].since < ROSTER_ASKED;
        unlink_from(roster, index);
    }
    return &roster->members[index];
}

static void enlist(struct roster *roster, enum party_kind kind, struct str name, bool lasting)
{
    /* most are known */
    if (name.n == 0 || find(roster, chain_of(roster, name), name) || !is_telling(name))
        return;
    bool full = name.n > ROSTER_NAME_MOST || (lasting && roster->lasting == ROSTER_LASTING);
    roster->missed += full;
    if (name.n > ROSTER_NAME_MOST)
        return;
    struct member *member = place(roster, lasting && !full);
    member->kind = (uint8_t)kind;
    member->length = (uint8_t)name.n;
    member->since = roster->lines;
    for (size_t i = 0; i < name.n; i++)
        member->name[i] = fold_at(name.p, i);
    link_in(roster, (size_t)(member - roster->members));
}

static bool is_numeric(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_digit(name.p[i]) && name.p[i] != '.' && name.p[i] != ':')
            return false;
    return true;
}

/* "pop.tern.example" may be greeted by "tern": its labels but the last are names, too. */
static void add_host(struct roster *roster, struct str name, bool lasting)
{
    name = roster_without_port(name);
    name.n -= name.n && name.p[name.n - 1] == '.';
    if (is_numeric(name) || (name.n && name.p[0] == '['))
        return;
    enlist(roster, PARTY_HOST, name, lasting);
    for (const char *dot; (dot = memchr(name.p, '.', name.n)) != NULL;) {
        struct str label = str_upto(name, (size_t)(dot - name.p));
        if (label.n >= LABEL_LEAST && label.n < name.n - 1)
            enlist(roster, PARTY_HOST, label, lasting);
        name = str_from(name, label.n + 1);
    }
}

/* Bytes in front of the first sign that parts names: a blank, or one of an address in front of another (RFC 5321 C, F.2). */
static size_t part_of(struct str name)
{
    size_t n = 0;
    while (n < name.n && !(name.p[n] && strchr(" %!@\"", name.p[n])))
        n++;
    return n;
}

/* "ann lee" may be called by either, and so may "ann%tern" and "tern!ann"; "ann+news" by what stands in front (RFC 5233). */
static void add_parts(struct roster *roster, struct str name, bool lasting)
{
    const char *plus = memchr(name.p, '+', name.n);
    if (plus && plus - name.p >= LABEL_LEAST)
        enlist(roster, PARTY_USER, str_upto(name, (size_t)(plus - name.p)), lasting);
    size_t n = part_of(name);
    if (n == name.n)
        return;
    for (; name.n; name = str_from(name, n + (n < name.n)), n = part_of(name))
        if (n >= LABEL_LEAST)
            enlist(roster, PARTY_USER, str_upto(name, n), lasting);
}

static void add_local(struct roster *roster, struct str name, bool lasting)
{
    if (name.n == 0)
        return;
    enlist(roster, PARTY_USER, name, lasting);
    add_parts(roster, name, lasting);
}

/* What is meant by a quoted string; more than the roster has room for is no name. */
static struct str plain_of(struct str name, char room[QUOTED_MOST])
{
    name = str_upto(name, name.n < QUOTED_MOST ? name.n : QUOTED_MOST);
    return (struct str){ room, quoted_plain(room, name) };
}

/* "ann", "ann@tern.example", "TERN\ann", "\"ann lee\"@tern.example" */
static void add_user(struct roster *roster, struct str name, bool lasting)
{
    char room[QUOTED_MOST];
    const char *at = name.n ? memrchr(name.p, '@', name.n) : NULL;
    if (at) {
        add_host(roster, str_from(name, (size_t)(at - name.p) + 1), lasting);
        name = str_upto(name, (size_t)(at - name.p));
    }
    if (name.n > 2 && name.p[0] == '"' && name.p[name.n - 1] == '"') {
        add_local(roster, plain_of(str_upto(str_from(name, 1), name.n - 2), room), lasting);
        return;
    }
    const char *slash = name.n ? memchr(name.p, '\\', name.n) : NULL;
    if (slash) {
        enlist(roster, PARTY_HOST, str_upto(name, (size_t)(slash - name.p)), lasting);
        name = str_from(name, (size_t)(slash - name.p) + 1);
    }
    add_local(roster, name, lasting);
}

void roster_add(struct roster *roster, struct party party, bool lasting)
{
    char room[QUOTED_MOST];
    switch (party.kind) {
    case PARTY_HOST: add_host(roster, party.name, lasting); break;
    case PARTY_QUOTED: add_user(roster, plain_of(party.name, room), lasting); break;
    default: add_user(roster, party.name, lasting); break;
    }
}

/* Whether a word goes on from one byte before this place to the one at it. */
static bool is_glued(struct str text, size_t at)
{
    return at > 0 && at < text.n && hostname_letter(text.p[at - 1]) && hostname_letter(text.p[at]);
}

size_t roster_match(const struct roster *roster, struct str text, size_t at, enum party_kind *kind)
{
    size_t longest = 0;
    /* asked first, for it holds of all names: most bytes stand within a word */
    if (is_glued(text, at))
        return 0;
    const struct str rest = str_from(text, at);
    size_t most = roster->longest[word_of(roster, rest)];
    uint32_t hash = roster->seed;
    for (size_t n = 1; n <= most && n <= rest.n; n++) {
        hash = hash_on(hash, fold_at(rest.p, n - 1));
        const struct member *found = NULL;
        if (roster->lengths[n] && !is_glued(rest, n))
            found = find(roster, place_of(hash), str_upto(rest, n));
        if (found) {
            longest = n;
            *kind = (enum party_kind)found->kind;
        }
    }
    return longest;
}
