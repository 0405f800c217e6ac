/* One walk over a text. At each place every kind of identity is tried in the order of a table, the surest first; what
 * none of them takes is copied. No kind looks further ahead than a constant or than what it takes, so that a hostile
 * text costs no more than its length. */
#include "session/disguise.h"

#include "base/ascii.h"
#include "base/decimal.h"
#include "base/hostname.h"
#include "base/ip.h"
#include "base/quoted.h"
#include "session/certificate.h"

enum { LOCAL_MOST = 320 };

/* A walk: text[at] is looked at; nothing before it is looked at again, but to see where words begin. */
struct walk {
    const struct disguise *disguise;
    struct str text;
    size_t at;
    size_t local_end;  /* of the run of characters of a local part that text[at] is in */
    size_t local_from; /* what of it stands in front of this is none */
    bool certificate;  /* the text is about one */
    size_t hostless;   /* no host begins in front of this */
};

/* Adds what stands for an identity at walk->at and moves on behind it; false: there is none of its kind. */
typedef bool take(struct walk *walk);

static void add(const struct disguise *disguise, enum pseudonym_kind kind, struct str name)
{
    pseudonym_add(disguise->pseudonyms, kind, name, disguise->out);
}

static void copy(struct walk *walk, size_t n)
{
    tcplog_buf_add(walk->disguise->out, str_upto(str_from(walk->text, walk->at), n));
    walk->at += n;
}

static struct str rest_of(const struct walk *walk)
{
    return str_from(walk->text, walk->at);
}

/* Of another first letter are most. */
static bool starts(struct str text, struct str prefix)
{
    enum { CASE = 'a' ^ 'A' };
    return text.n >= prefix.n && ((text.p[0] ^ prefix.p[0]) & ~CASE) == 0 && ascii_starts(text, prefix);
}

static bool begins_word(const struct walk *walk)
{
    return hostname_letter(walk->text.p[walk->at]) &&
           (walk->at == 0 || !hostname_letter(walk->text.p[walk->at - 1]));
}

static bool in_local(char c)
{
    static const bool signs[256] = {
        ['.'] = true, ['!'] = true, ['#'] = true, ['$'] = true, ['%'] = true, ['&'] = true, ['\''] = true,
        ['*'] = true, ['+'] = true, ['-'] = true, ['/'] = true, ['='] = true, ['?'] = true, ['^'] = true,
        ['_'] = true, ['`'] = true, ['{'] = true, ['|'] = true, ['}'] = true, ['~'] = true,
    };
    return hostname_letter(c) || signs[(unsigned char)c];
}

/* The "250-" before a host is no part of its name. */
static bool take_code(struct walk *walk)
{
    const char *p = walk->text.p;
    bool first = walk->at == 0 || p[walk->at - 1] == '>';
    if (!first || walk->text.n - walk->at < 4 || p[walk->at + 3] != '-')
        return false;
    for (size_t i = 0; i < 3; i++)
        if (!is_digit(p[walk->at + i]))
            return false;
    copy(walk, 4);
    return true;
}

/* Bytes of what stands between a local part and its domain: '@', or how a link writes it. */
static size_t separator(struct str text)
{
    return text.n && text.p[0] == '@' ? 1 : str_starts(text, STR("%40")) ? 3 : 0;
}

/* The domain at walk->at, if it is there; a literal in brackets is left to those who take addresses. */
static void add_domain(struct walk *walk)
{
    struct str domain = str_upto(rest_of(walk), hostname_domain(rest_of(walk)));
    if (domain.n == 0)
        return;
    char same[IP_TEXT];
    if (ip_read_v4(domain, same) == domain.n)
        add(walk->disguise, PSEUDONYM_IP, str_of(same));
    else
        add(walk->disguise, PSEUDONYM_HOST, domain);
    walk->at += domain.n;
}

static void take_domain(struct walk *walk)
{
    copy(walk, separator(rest_of(walk)));
    add_domain(walk);
}

/* Letters, digits and underscores, and the sign behind them. */
static size_t name_length(struct str text)
{
    size_t n = 0;
    while (n < text.n && (hostname_letter(text.p[n]) || text.p[n] == '_'))
        n++;
    return n > 0 && n < text.n && text.p[n] == '=' ? n + 1 : 0;
}

/* "user=ann@b.example", "?id=ann%40b.example": the key is no part of the address; of VERP's "bounce=ann@…" it is. */
static size_t key_length(const struct walk *walk, struct str text)
{
    static const struct str keys[] = { { "user=", 5 },   { "from=", 5 },       { "to=", 3 },
                                       { "for=", 4 },    { "mail=", 5 },       { "email=", 6 },
                                       { "sender=", 7 }, { "rcpt=", 5 },       { "login=", 6 },
                                       { "authid=", 7 }, { "recipient=", 10 }, { "auth=", 5 } };
    if (walk->at > 0 && strchr("?&;", text.p[-1]) && text.p[-1])
        return name_length(text);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
        if (starts(text, keys[i]))
            return keys[i].n;
    return 0;
}

/* Where the run ends that text[at] is in; and where in it the last pair of an URL's query begins. */
static size_t local_end(struct walk *walk)
{
    size_t end = walk->at, pair = end;
    const char *p = walk->text.p;
    /* in an URL a slash ends what may stand before '@' */
    bool url = end > 1 && p[end - 1] == '/' && p[end - 2] == '/';
    if (end < walk->local_end)
        return walk->local_end;
    walk->local_from = end;
    for (; end < walk->text.n && in_local(p[end]) && !(url && p[end] == '/') &&
           !separator(str_from(walk->text, end));
         end++) {
        if (p[end] == '?' || p[end] == '&')
            pair = end + 1;
        else if (p[end] == '=')
            walk->local_from = pair;
    }
    walk->local_end = end;
    return end;
}

/* "ann@b.example"; the domain may be missing, where a line was cut. */
static bool take_address(struct walk *walk)
{
    size_t end = local_end(walk);
    if (walk->at < walk->local_from || !separator(str_from(walk->text, end)))
        return false;
    size_t key = key_length(walk, str_upto(rest_of(walk), end - walk->at));
    if (key && walk->at + key < end) {
        copy(walk, key);
        return true;
    }
    add(walk->disguise, PSEUDONYM_USER, str_upto(rest_of(walk), end - walk->at));
    walk->at = end;
    take_domain(walk);
    return true;
}

/* "\"ann b\"@c.example" */
static bool take_quoted(struct walk *walk)
{
    struct str rest = rest_of(walk);
    size_t n = rest.p[0] == '"' ? quoted_end(str_upto(rest, rest.n < LOCAL_MOST ? rest.n : LOCAL_MOST)) : 0;
    if (n < 3 || !separator(str_from(rest, n)))
        return false;
    disguise_quoted(walk->disguise, str_upto(rest, n));
    walk->at += n;
    take_domain(walk);
    return true;
}

/* "imap://ann;AUTH=*@b.example/": the domain behind it is found by itself (RFC 5092 3, 2384 4). */
static bool take_url_user(struct walk *walk)
{
    struct str rest = rest_of(walk);
    size_t n = 0;
    if (walk->at < 3 || rest.p[-1] != '/' || rest.p[-2] != '/' || rest.p[-3] != ':')
        return false;
    while (n < rest.n && (in_local(rest.p[n]) && rest.p[n] != '/'))
        n++;
    if (!starts(str_from(rest, n), STR(";AUTH=")))
        return false;
    add(walk->disguise, PSEUDONYM_USER, str_upto(rest, n));
    walk->at += n;
    return true;
}

/* "ORCPT=rfc822;ann+40b.example", "AUTH=ann+40b.example": signs that may not stand there are written as numbers (RFC 3461 4). */
static bool take_xtext(struct walk *walk)
{
    struct str rest = rest_of(walk);
    bool original = starts(rest, STR("ORCPT=rfc822;"));
    if (!original && !starts(rest, STR("AUTH=")))
        return false;
    size_t from = original ? 13 : 5, n = from;
    while (n < rest.n && n < LOCAL_MOST && in_local(rest.p[n]) && !str_starts(str_from(rest, n), STR("+40")))
        n++;
    if (n == from || !str_starts(str_from(rest, n), STR("+40")))
        return false;
    copy(walk, from);
    add(walk->disguise, PSEUDONYM_USER, str_upto(rest_of(walk), n - from));
    walk->at += n - from;
    copy(walk, 3);
    add_domain(walk);
    return true;
}

/* A domain without a local part: "@relay.example", "***@b.example" */
static bool take_lone_domain(struct walk *walk)
{
    if (walk->text.p[walk->at] != '@')
        return false;
    take_domain(walk);
    return true;
}

static bool add_ip(struct walk *walk, size_t n, const char *same)
{
    if (n > 0)
        add(walk->disguise, PSEUDONYM_IP, str_of(same));
    walk->at += n;
    return n > 0;
}

static bool take_ipv4(struct walk *walk)
{
    struct str text = rest_of(walk);
    char same[IP_TEXT];
    bool inside = walk->at > 1 && text.p[-1] == '.' && is_digit(text.p[-2]);
    return !inside && add_ip(walk, ip_read_v4(text, same), same);
}

/* "192.0.2.1-192.0.2.9", "192.0.2.1_x", where that is no host: "192.0.2.1-x.b.example" is one. */
static bool take_loose_ipv4(struct walk *walk)
{
    struct str rest = rest_of(walk);
    char same[IP_TEXT];
    size_t n = 0;
    bool inside = walk->at > 1 && rest.p[-1] == '.' && is_digit(rest.p[-2]);
    while (n < rest.n && n < IP_TEXT && (is_digit(rest.p[n]) || rest.p[n] == '.'))
        n++;
    bool loose = n < rest.n && (rest.p[n] == '-' || rest.p[n] == '_');
    return loose && !inside && add_ip(walk, ip_read_v4(str_upto(rest, n), same), same);
}

static bool take_ipv6(struct walk *walk)
{
    struct str text = rest_of(walk);
    char same[IP_TEXT];
    /* "a::b::c" is no address, and nothing in it is one */
    bool colons = walk->at > 1 && text.p[-1] == ':' && (text.p[0] == ':' || text.p[-2] == ':');
    bool inside = walk->at > 0 && (hostname_letter(text.p[-1]) || colons);
    return !inside && add_ip(walk, ip_read_v6(text, same), same);
}

/* "IPv6:" announces one: what follows is an address, whole or not. */
static bool take_literal(struct walk *walk)
{
    struct str rest = rest_of(walk);
    if (!starts(rest, STR("IPv6:")))
        return false;
    copy(walk, 5);
    if (walk->at < walk->text.n && take_ipv6(walk))
        return true;
    size_t n = 0;
    for (rest = rest_of(walk); n < rest.n && !strchr("]>) \t", rest.p[n]);)
        n++;
    if (n > 0)
        add(walk->disguise, PSEUDONYM_IP, str_upto(rest, n));
    walk->at += n;
    return true;
}

/* Words of the protocols that look like hosts; the first is how some servers describe the end of a mail. */
static bool is_spoken(struct str text)
{
    static const struct str words[] = {
        { "CRLF.CRLF", 9 },     { "BODY.PEEK[", 10 }, { "BINARY.PEEK[", 12 },
        { "BINARY.SIZE[", 12 }, { "RFC822.", 7 },     { "HEADER.FIELDS", 13 }
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (starts(text, words[i]))
            return true;
    return false;
}

static size_t host_length(struct walk *walk)
{
    size_t looked = 0;
    if (walk->at < walk->hostless || !begins_word(walk) || is_spoken(rest_of(walk)))
        return 0;
    size_t host = hostname_length(rest_of(walk), &looked);
    walk->hostless = host ? 0 : walk->at + looked;
    return host;
}

/* A name of the roster or a host with dots in it, whichever is longer. */
static bool take_name(struct walk *walk)
{
    enum party_kind kind = PARTY_HOST;
    size_t host = host_length(walk);
    size_t name =
        walk->disguise->roster ? roster_match(walk->disguise->roster, walk->text, walk->at, &kind) : 0;
    size_t n = host > name ? host : name;
    if (n == 0)
        return false;
    bool user = n == name && kind == PARTY_USER;
    add(walk->disguise, user ? PSEUDONYM_USER : PSEUDONYM_HOST, str_upto(rest_of(walk), n));
    walk->at += n;
    return true;
}

/* The value of "CN=", or a fingerprint. */
static bool take_attribute(struct walk *walk)
{
    struct attribute found;
    if (!walk->certificate || !certificate_attribute(walk->text, walk->at, &found))
        return false;
    copy(walk, found.key);
    struct str value = str_upto(rest_of(walk), found.value);
    walk->at += value.n;
    if (str_starts(value, STR("*.")) && value.n > 2) {
        tcplog_buf_add(walk->disguise->out, STR("*."));
        value = str_from(value, 2);
    }
    if (found.host && !memchr(value.p, ' ', value.n))
        disguise_name(walk->disguise,
                      (struct party){ memchr(value.p, '@', value.n) ? PARTY_USER : PARTY_HOST, value });
    else
        add(walk->disguise, PSEUDONYM_NAME, value);
    return true;
}

/* What begins where a word does, and what does anywhere. */
static take *const words[] = { take_code, take_literal, take_xtext, take_address,    take_url_user,
                               take_ipv4, take_ipv6,    take_name,  take_loose_ipv4, NULL };
static take *const others[] = { take_quoted, take_lone_domain, take_ipv6, take_name, NULL };

static bool take_any(struct walk *walk)
{
    if (take_attribute(walk))
        return true;
    for (take *const *each = begins_word(walk) ? words : others; *each; each++)
        if ((*each)(walk))
            return true;
    return false;
}

/* What begins neither here nor in the rest of the word: only attributes do that. */
static size_t nothing_here(const struct walk *walk)
{
    const struct str rest = rest_of(walk);
    size_t n = 1;
    if (hostname_letter(rest.p[0]) && !walk->certificate)
        while (n < rest.n && hostname_letter(rest.p[n]))
            n++;
    return n;
}

static void walk_on(struct walk *walk)
{
    while (walk->at < walk->text.n)
        if (!take_any(walk))
            copy(walk, nothing_here(walk));
}

static void walk_text(const struct disguise *disguise, struct str text)
{
    struct walk walk = { .disguise = disguise, .text = text, .certificate = certificate_told(text) };
    walk_on(&walk);
}

void disguise_subject(const struct disguise *disguise, struct str text)
{
    struct walk walk = { .disguise = disguise, .text = text, .certificate = true };
    walk_on(&walk);
}

void disguise_text(const struct disguise *disguise, struct str text, const struct party *named, size_t count)
{
    const char *at = text.p, *end = text.p + text.n;
    for (size_t i = 0; i < count; i++) {
        walk_text(disguise, (struct str){ at, (size_t)(named[i].name.p - at) });
        disguise_name(disguise, named[i]);
        at = named[i].name.p + named[i].name.n;
    }
    walk_text(disguise, (struct str){ at, (size_t)(end - at) });
}
