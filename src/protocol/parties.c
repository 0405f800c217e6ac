/* Where commands name users and hosts: one table of verbs, one of SASL mechanisms, one of the shapes of talk. */
#include "protocol/parties.h"

#include "base/base64.h"
#include "base/decimal.h"
#include "base/quoted.h"
#include "protocol/credentials.h"
#include "protocol/imap_literal.h"
#include "protocol/mail_path.h"
#include "protocol/words.h"

/* Finds the names in the argument of a verb, of the kind that the verb's row says; answers how many. */
typedef size_t find(enum party_kind kind, struct str argument, struct party *found);

static size_t one(enum party_kind kind, struct str name, struct party *found)
{
    *found = (struct party){ kind, name };
    return name.n > 0;
}

static struct str upto_char(struct str text, char c)
{
    const char *at = text.n ? memchr(text.p, c, text.n) : NULL;
    return at ? str_upto(text, (size_t)(at - text.p)) : text;
}

static struct str behind_char(struct str text, char c)
{
    struct str before = upto_char(text, c);
    return before.n < text.n ? str_from(text, before.n + 1) : (struct str){ 0 };
}

/* Blanks belong to a user's name; a password behind it does not. */
static size_t find_whole(enum party_kind kind, struct str argument, struct party *found)
{
    return one(kind, words_trim(str_upto(argument, credentials_from(argument))), found);
}

/* A word, or a quoted string (RFC 9051 4.3); one without an end goes on to that of the line. */
static struct party next_of(enum party_kind kind, struct str *rest)
{
    if (rest->n == 0 || rest->p[0] != '"')
        return (struct party){ kind, words_trim(words_next(rest)) };
    size_t end = quoted_end(*rest), inside = end ? end - 2 : rest->n - 1;
    struct str name = str_upto(str_from(*rest, 1), inside);
    *rest = words_trim(str_from(*rest, end ? end : rest->n));
    return (struct party){ kind == PARTY_USER ? PARTY_QUOTED : kind, name };
}

static size_t find_word(enum party_kind kind, struct str argument, struct party *found)
{
    *found = next_of(kind, &argument);
    return found->name.n > 0;
}

/* ETRN: "b.example", "@b.example" with all that is below it, "#queue" (RFC 1985 5.2). */
static size_t find_node(enum party_kind kind, struct str argument, struct party *found)
{
    struct str node = words_next(&argument);
    return one(kind, str_from(node, node.n && strchr("@#", node.p[0])), found);
}

/* ATRN: "b.example,c.example" (RFC 2645 5.2.1) */
static size_t find_list(enum party_kind kind, struct str argument, struct party *found)
{
    size_t count = 0;
    while (argument.n && count < PARTIES_MOST) {
        count += one(kind, words_trim(upto_char(argument, ',')), &found[count]);
        argument = behind_char(argument, ',');
    }
    return count;
}

/* "INBOX ann lrs": behind a folder; rights that are taken away stand behind a dash (RFC 4314 3.1). */
static size_t find_second(enum party_kind kind, struct str argument, struct party *found)
{
    next_of(kind, &argument);
    *found = next_of(kind, &argument);
    found->name = str_from(found->name, found->name.n && found->name.p[0] == '-');
    return found->name.n > 0;
}

/* Where the path begins: behind "FROM:", or at the bracket where the colon was forgotten. */
static struct str path_in(struct str argument)
{
    struct str name = upto_char(argument, ':'), bare = upto_char(argument, '<');
    return words_trim(bare.n < name.n ? str_from(argument, bare.n) : behind_char(argument, ':'));
}

/* "FROM:<ann@b.example> SIZE=1", "TO:<@relay.example:ann@b.example>", "to: ann" */
static size_t find_path(enum party_kind kind, struct str argument, struct party *found)
{
    struct str path = path_in(argument);
    bool bracketed = path.n && path.p[0] == '<';
    path = str_from(path, bracketed);
    path = words_trim(str_upto(path, mail_path_end(path, bracketed ? '>' : ' ')));
    /* a parameter stands here where the address was lost in copying */
    if (path.n && memchr(path.p, '=', path.n) && !memchr(path.p, '@', path.n))
        return 0;
    /* a source route, obsolete: the hosts are on the way, the user is behind the colon (RFC 5321 4.1.1.3) */
    if (path.n && path.p[0] == '@')
        path = behind_char(path, ':');
    return one(kind, path, found);
}

/* XCLIENT and XFORWARD: "NAME=host ADDR=192.0.2.1 LOGIN=ann" */
static size_t find_attributes(enum party_kind kind, struct str argument, struct party *found)
{
    static const struct {
        struct str name;
        enum party_kind kind;
    } rows[] = { { { "NAME", 4 }, PARTY_HOST },
                 { { "HELO", 4 }, PARTY_HOST },
                 { { "LOGIN", 5 }, PARTY_USER },
                 { { "IDENT", 5 }, PARTY_USER },
                 { { "ADDR", 4 }, PARTY_HOST } };
    size_t count = 0;
    (void)kind;
    while (argument.n && count < PARTIES_MOST) {
        struct str word = words_next(&argument), name = upto_char(word, '=');
        for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
            if (words_are(name, rows[i].name) && word.n > name.n + 1)
                found[count++] = (struct party){ rows[i].kind, str_from(word, name.n + 1) };
    }
    return count;
}

/* What stands in MAIL and RCPT is called a user though it be an address: the roster takes it apart. */
static const struct naming {
    struct str verb;
    find *find;
    enum party_kind kind;
    bool tagged; /* stands behind a tag */
} namings[] = {
    { { "USER", 4 }, find_whole, PARTY_USER, false },
    { { "APOP", 4 }, find_word, PARTY_USER, false },
    { { "LOGIN", 5 }, find_word, PARTY_USER, true },
    { { "VRFY", 4 }, find_whole, PARTY_USER, false },
    { { "EXPN", 4 }, find_whole, PARTY_USER, false },
    { { "MAIL", 4 }, find_path, PARTY_USER, false },
    { { "RCPT", 4 }, find_path, PARTY_USER, false },
    { { "SEND", 4 }, find_path, PARTY_USER, false },
    { { "SOML", 4 }, find_path, PARTY_USER, false },
    { { "SAML", 4 }, find_path, PARTY_USER, false },
    { { "HELO", 4 }, find_word, PARTY_HOST, false },
    { { "EHLO", 4 }, find_word, PARTY_HOST, false },
    { { "LHLO", 4 }, find_word, PARTY_HOST, false },
    { { "ETRN", 4 }, find_node, PARTY_HOST, false },
    { { "ATRN", 4 }, find_list, PARTY_HOST, false },
    { { "XCLIENT", 7 }, find_attributes, PARTY_HOST, false },
    { { "XFORWARD", 8 }, find_attributes, PARTY_HOST, false },
    { { "SETACL", 6 }, find_second, PARTY_USER, true },
    { { "DELETEACL", 9 }, find_second, PARTY_USER, true },
    { { "LISTRIGHTS", 10 }, find_second, PARTY_USER, true },
};

static const struct naming *naming_of(struct str verb)
{
    /* of another first letter are most */
    const char first = (char)(verb.n ? verb.p[0] & ~('a' ^ 'A') : 0);
    for (size_t i = 0; i < sizeof(namings) / sizeof(*namings); i++)
        if (namings[i].verb.p[0] == first && words_are(verb, namings[i].verb))
            return &namings[i];
    return NULL;
}

size_t parties_of(struct str verb, struct str argument, struct party found[PARTIES_MOST])
{
    const struct naming *naming = naming_of(verb);
    return naming ? naming->find(naming->kind, words_trim(argument), found) : 0;
}

size_t parties_in(struct str line, struct party found[PARTIES_MOST])
{
    struct str rest = line, first = words_next(&rest);
    size_t count = parties_of(first, rest, found);
    if (count > 0)
        return count;
    struct str second = words_next(&rest);
    /* mechanisms are offered and chosen by the same word */
    bool tag = words_alphabetic(first) && !words_are(first, STR("AUTH")) && !words_are(first, STR("SASL"));
    const struct naming *naming = tag ? naming_of(second) : NULL;
    return naming && naming->tagged ? naming->find(naming->kind, words_trim(rest), found) : 0;
}

struct str parties_mechanism(struct str line, struct str *response)
{
    struct str first = words_next(&line);
    if (!words_are(first, STR("AUTH")) && !words_are(words_next(&line), STR("AUTHENTICATE")))
        return (struct str){ 0 };
    struct str mechanism = words_next(&line);
    *response = words_trim(line);
    return mechanism;
}

uint64_t parties_literal(struct str line)
{
    struct imap_literal literal;
    struct str rest = line;
    words_next(&rest);
    bool login = words_are(words_next(&rest), STR("LOGIN"));
    bool announced = login && rest.n && rest.p[0] == '{' && imap_announces(line, &literal);
    return announced ? literal.size : 0;
}

/* What a response looks like: behind what a user stands in it, and up to what, the first or the last of it. */
struct shape {
    struct str mechanism, before;
    char end;
    bool last;
};

/* The bytes behind `before`, up to the end; where that is no part of the response, up to its own. */
static struct str shaped(const struct shape *shape, struct str text)
{
    const char *at = shape->before.n ? memmem(text.p, text.n, shape->before.p, shape->before.n) : text.p;
    if (!at)
        return (struct str){ 0 };
    text = str_from(text, (size_t)(at - text.p) + shape->before.n);
    const char *end = shape->last && text.n ? memrchr(text.p, shape->end, text.n) : NULL;
    return end ? str_upto(text, (size_t)(end - text.p)) : upto_char(text, shape->end);
}

/* What the decoded responses look like, \0 and \1 being bytes:
 *
 *   PLAIN         admin \0 ann \0 secret                         RFC 4616 2
 *   LOGIN         ann                                             no RFC
 *   EXTERNAL      ann                                             RFC 4422 A
 *   CRAM-MD5      ann lee 0123456789abcdef0123456789abcdef        RFC 2195 2
 *   XOAUTH2       user=ann@b.example \1 auth=Bearer … \1 \1        no RFC
 *   OAUTHBEARER   n,a=ann@b.example, \1 host=… \1 auth=… \1 \1     RFC 7628 3.1
 *   DIGEST-MD5    username="ann",realm="b.example",…              RFC 2831 2.1.2
 *   SCRAM-SHA-1   n,,n=ann,r=…                                    RFC 5802 7 */
static const struct shape shapes[] = {
    { { "PLAIN", 5 }, { "", 0 }, '\0', false },
    { { "PLAIN", 5 }, { "\0", 1 }, '\0', false },
    { { "LOGIN", 5 }, { "", 0 }, '\0', false },
    { { "EXTERNAL", 8 }, { "", 0 }, '\0', false },
    { { "CRAM-MD5", 8 }, { "", 0 }, ' ', true },
    { { "XOAUTH2", 7 }, { "user=", 5 }, '\1', false },
    { { "OAUTHBEARER", 11 }, { "a=", 2 }, ',', false },
    { { "DIGEST-MD5", 10 }, { "username=\"", 10 }, '"', false },
    { { "SCRAM-", 6 }, { "n=", 2 }, ',', false },
};

size_t parties_response(struct str mechanism, struct str response, char *room,
                        struct party found[PARTIES_MOST])
{
    struct str decoded = { room, base64_decode(room, words_trim(response)) };
    size_t count = 0;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes) && decoded.n; i++) {
        const struct shape *shape = &shapes[i];
        bool family = shape->mechanism.p[shape->mechanism.n - 1] == '-' && mechanism.n > shape->mechanism.n;
        struct str name = family ? str_upto(mechanism, shape->mechanism.n) : mechanism;
        if (words_are(name, shape->mechanism))
            count += one(PARTY_USER, shaped(shape, decoded), &found[count]);
    }
    return count;
}

static bool is_among(struct str word, const struct str *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words_are(word, rows[i]))
            return true;
    return false;
}

bool parties_hidden(struct str word)
{
    static const struct str rows[] = { { "ACL", 3 }, { "LISTRIGHTS", 10 } };
    return is_among(word, rows, sizeof(rows) / sizeof(*rows));
}

/* Commands whose arguments are no text of a mail; SEARCH and APPEND are not among them. */
static bool is_command(struct str word)
{
    static const struct str rows[] = {
        { "LOGIN", 5 },        { "AUTHENTICATE", 12 }, { "CAPABILITY", 10 }, { "SELECT", 6 },
        { "EXAMINE", 7 },      { "FETCH", 5 },         { "LOGOUT", 6 },      { "NOOP", 4 },
        { "STARTTLS", 8 },     { "LIST", 4 },          { "LSUB", 4 },        { "STATUS", 6 },
        { "CREATE", 6 },       { "DELETE", 6 },        { "RENAME", 6 },      { "SUBSCRIBE", 9 },
        { "UNSUBSCRIBE", 11 }, { "CLOSE", 5 },         { "EXPUNGE", 7 },     { "STORE", 5 },
        { "COPY", 4 },         { "MOVE", 4 },          { "CHECK", 5 },       { "IDLE", 4 },
        { "NAMESPACE", 9 },    { "UID", 3 },           { "DONE", 4 },        { "QUIT", 4 },
        { "AUTH", 4 },         { "DATA", 4 },          { "RSET", 4 },        { "STAT", 4 },
        { "RETR", 4 },         { "DELE", 4 },          { "UIDL", 4 },        { "CAPA", 4 },
        { "STLS", 4 },         { "PASS", 4 },
    };
    struct party found[PARTIES_MOST];
    return is_among(word, rows, sizeof(rows) / sizeof(*rows)) || parties_of(word, STR("x:x"), found);
}

static bool is_status(struct str word)
{
    static const struct str rows[] = { { "OK", 2 }, { "NO", 2 }, { "BAD", 3 } };
    return is_among(word, rows, sizeof(rows) / sizeof(*rows));
}

/* "* 1 FETCH (…" carries headers and bodies, "* ACL …" tells of people; other untagged responses are about mailboxes. */
static bool is_untagged(struct str line)
{
    struct str first = words_next(&line), second = words_next(&line);
    return str_equal(first, STR("*")) && !words_are(words_next(&line), STR("FETCH")) &&
           !parties_hidden(second);
}

bool parties_talk(struct str line)
{
    bool coded = line.n >= 3 && is_digit(line.p[0]) && is_digit(line.p[1]) && is_digit(line.p[2]) &&
                 (line.n == 3 || line.p[3] == ' ' || line.p[3] == '-');
    if (line.n == 0 || coded || is_untagged(line))
        return true;
    struct str rest = line, first = words_next(&rest), second = words_next(&rest);
    bool status = str_equal(first, STR("+OK")) || str_equal(first, STR("-ERR")) || str_equal(first, STR("+"));
    bool tagged = words_alphabetic(first) && (is_status(second) || is_command(second));
    return status || tagged || is_command(first);
}
