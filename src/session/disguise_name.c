/* A text that is a name and nothing else: it is taken apart, and each part has its pseudonym. */
#include "base/ascii.h"
#include "base/ip.h"
#include "base/quoted.h"
#include "session/disguise.h"

/* Beyond it a name's end is not part of its pseudonym, either. */
enum { PLAIN_MOST = 1024 };

static struct str plain_of(struct str name, char room[PLAIN_MOST])
{
    return (struct str){ room,
                         quoted_plain(room, str_upto(name, name.n < PLAIN_MOST ? name.n : PLAIN_MOST)) };
}

static bool is_quoted(struct str name)
{
    return name.n > 2 && name.p[0] == '"' && name.p[name.n - 1] == '"';
}

void disguise_quoted(const struct disguise *disguise, struct str name)
{
    char room[PLAIN_MOST];
    struct str plain = plain_of(str_upto(str_from(name, 1), name.n - 2), room);
    pseudonym_add(disguise->pseudonyms, PSEUDONYM_USER, plain, disguise->out);
}

/* An address is written in many ways, and is what it is; any other name is one whole. The root's dot is no part of it. */
static void add_host(const struct disguise *disguise, struct str name)
{
    char same[IP_TEXT];
    struct str host = roster_without_port(name);
    host.n -= host.n && host.p[host.n - 1] == '.';
    if (name.n && (name.p[0] == '[' || ascii_starts(name, STR("IPv6:")))) {
        disguise_text(disguise, name, NULL, 0);
        return;
    }
    if (host.n && (ip_read_v4(host, same) == host.n || ip_read_v6(host, same) == host.n))
        pseudonym_add(disguise->pseudonyms, PSEUDONYM_IP, str_of(same), disguise->out);
    else if (host.n)
        pseudonym_add(disguise->pseudonyms, PSEUDONYM_HOST, host, disguise->out);
    tcplog_buf_add(disguise->out, str_from(name, host.n));
}

/* "ann", "B\ann", "\"ann lee\"" */
static void add_plain_user(const struct disguise *disguise, struct str user)
{
    if (is_quoted(user)) {
        disguise_quoted(disguise, user);
        return;
    }
    const char *slash = user.n ? memchr(user.p, '\\', user.n) : NULL;
    if (slash) {
        add_host(disguise, str_upto(user, (size_t)(slash - user.p)));
        tcplog_buf_add(disguise->out, STR("\\"));
        user = str_from(user, (size_t)(slash - user.p) + 1);
    }
    if (user.n)
        pseudonym_add(disguise->pseudonyms, PSEUDONYM_USER, user, disguise->out);
}

/* The same, or "ann@b.example". */
static void add_user(const struct disguise *disguise, struct str name)
{
    const char *at = name.n ? memrchr(name.p, '@', name.n) : NULL;
    if (!at) {
        add_plain_user(disguise, name);
        return;
    }
    if (at > name.p)
        add_plain_user(disguise, str_upto(name, (size_t)(at - name.p)));
    tcplog_buf_add(disguise->out, STR("@"));
    add_host(disguise, str_from(name, (size_t)(at - name.p) + 1));
}

/* What stands around an address: the brackets of a Message-ID, "@relay.example:" of a route (RFC 5321 C). */
static size_t around(const struct disguise *disguise, struct str name, struct str *inside)
{
    const char *colon = name.n && name.p[0] == '@' ? memchr(name.p, ':', name.n) : NULL;
    bool bracketed = name.n > 1 && name.p[0] == '<' && name.p[name.n - 1] == '>';
    size_t before = colon ? (size_t)(colon - name.p) + 1 : bracketed;
    disguise_text(disguise, str_upto(name, before), NULL, 0);
    *inside = str_upto(str_from(name, before), name.n - before - bracketed);
    return name.n - bracketed;
}

void disguise_name(const struct disguise *disguise, struct party party)
{
    char room[PLAIN_MOST];
    struct str inside;
    size_t behind = around(disguise, party.name, &inside);
    /* a mask is nobody's name */
    if (str_equal(inside, STR("***")))
        tcplog_buf_add(disguise->out, inside);
    else if (party.kind == PARTY_HOST)
        add_host(disguise, inside);
    else
        add_user(disguise, party.kind == PARTY_QUOTED ? plain_of(inside, room) : inside);
    tcplog_buf_add(disguise->out, str_from(party.name, behind));
}
