/* What is taken for an identity in a text, and what is not. In what is expected, {u:ann} stands for the pseudonym of the
 * user ann; h is a host, i an IP address, n a name in a certificate. */
#include "session/disguise.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct pseudonyms pseudonyms;
static struct roster roster;

static const struct row {
    const char *text, *expected;
} rows[] = {
    /* addresses */
    { "MAIL FROM:<ann@b.example> SIZE=677", "MAIL FROM:<{u:ann}@{h:b.example}> SIZE=677" },
    { "550 ann@B.Example.", "550 {u:ann}@{h:b.example}." },
    { "user=ann@b.example,x", "user={u:ann}@{h:b.example},x" },
    { "<bounce+ann=b.example@c.example>", "<{u:bounce+ann=b.example}@{h:c.example}>" },
    { "\"ann lee\"@b.example", "{u:ann lee}@{h:b.example}" },
    { "o'brien@localhost said", "{u:o'brien}@{h:localhost} said" },
    { "<@relay,@c.example:ann@b.example>", "<@{h:relay},@{h:c.example}:{u:ann}@{h:b.example}>" },
    { "a@[192.0.2.1] b@192.0.2.1", "{u:a}@[{i:192.0.2.1}] {u:b}@{i:192.0.2.1}" },
    { "http://b.example/?m=ann%40c.example&x", "http://{h:b.example}/?m={u:ann}%40{h:c.example}&x" },
    { "/Why?s=mfrom&id=ann%40b.example;x", "/Why?s=mfrom&id={u:ann}%40{h:b.example};x" },
    { "/Why?s=mfrom;id=ann%40b.example", "/Why?s=mfrom;id={u:ann}%40{h:b.example}" },
    { "/x?sender=ann@b.example", "/x?sender={u:ann}@{h:b.example}" },
    { "imap://ann;AUTH=*@b.example/", "imap://{u:ann};AUTH=*@{h:b.example}/" },
    { "ORCPT=rfc822;ann+40b.example AUTH=ann+40b.example AUTH=LOGIN",
      "ORCPT=rfc822;{u:ann}+40{h:b.example} AUTH={u:ann}+40{h:b.example} AUTH=LOGIN" },
    { "\"a\\nn\"@b.example, \"a\\\"b\"@c.example", "{u:ann}@{h:b.example}, {u:a\"b}@{h:c.example}" },
    { "J\xC3\x96RG@\xC5\x81\xC3\x93\xC5\xB9.example",
      "{u:j\xC3\xB6rg}@{h:\xC5\x82\xC3\xB3\xC5\xBA.example}" },
    { "<1614704.23633@mx.b.example>", "<{u:1614704.23633}@{h:mx.b.example}>" },
    { "RCPT TO:<ann@", "RCPT TO:<{u:ann}@" },
    { "***@b.example @ @@", "***@{h:b.example} @ @@" },
    { "j\xC3\xB6rg@m\xC3\xBCnchen.example", "{u:j\xC3\xB6rg}@{h:m\xC3\xBCnchen.example}" },
    /* hosts */
    { "250-mx.b.example Hello c.example.net; go", "250-{h:mx.b.example} Hello {h:c.example.net}; go" },
    { "ok<cr><lf>250-mx.b.example", "ok<cr><lf>250-{h:mx.b.example}" },
    { "220 MX.B.EXAMPLE ready", "220 {h:mx.b.example} ready" },
    { "queued at mx.b.example.", "queued at {h:mx.b.example}." },
    { "host xn--a.xn--p1ai, a_b.c-d.example", "host {h:xn--a.xn--p1ai}, {h:a_b.c-d.example}" },
    { "id 7si.b.example.58", "id {h:7si.b.example}.58" },
    /* IP addresses, the same however they are written */
    { "from 192.0.2.1, 192.000.002.001:25", "from {i:192.0.2.1}, {i:192.0.2.1}:25" },
    { "192.0.2.1-192.0.2.9 192.0.2.1_x 192.0.2.1-",
      "{i:192.0.2.1}-{i:192.0.2.9} {i:192.0.2.1}_x {i:192.0.2.1}-" },
    { "192.0.2.1-x.b.example", "{h:192.0.2.1-x.b.example}" },
    { "[IPv6:2001:DB8::1] ipv6:2001:db8:0:0:0:0:0:1", "[IPv6:{i:2001:db8::1}] ipv6:{i:2001:db8::1}" },
    { "on ::1 or fe80::1%eth0, ::ffff:192.0.2.1", "on {i:::1} or {i:fe80::1}%eth0, {i:192.0.2.1}" },
    { "2001:db8::1: no. 2001:db8::1.", "{i:2001:db8::1}: no. {i:2001:db8::1}." },
    { "EHLO [IPv6:2001:db8:]", "EHLO [IPv6:{i:2001:db8:}]" },
    /* certificates */
    { "[*] Peer's certificate name is '/C=NZ/L=New Town/O=Tern/Gull Ltd/CN=mx.b.example'.",
      "[*] Peer's certificate name is '/C=NZ/L={n:New Town}/O={n:Tern/Gull Ltd}/CN={h:mx.b.example}'." },
    { "cn=*.b.example, o=Org, Inc, l=Town, sp=State, c=NL",
      "cn=*.{h:b.example}, o={n:Org, Inc}, l={n:Town}, sp={n:State}, c=NL" },
    { "CN=falcon, emailAddress=ann@b.example, OU=x",
      "CN={h:falcon}, emailAddress={u:ann}@{h:b.example}, OU={n:x}" },
    { "/CN=192.0.2.1/O=O'Brien's", "/CN={i:192.0.2.1}/O={n:O'Brien's}" },
    { "[*] Certificate fingerprint is E7C6", "[*] Certificate fingerprint is {n:E7C6}" },
    { "[*] Certificate user is unavailable", "[*] Certificate user is unavailable" },
    { "[*] Certificate is valid from Mon Nov 23 04:52:28 2026 to Tue Dec 28 04:52:28 2027",
      "[*] Certificate is valid from Mon Nov 23 04:52:28 2026 to Tue Dec 28 04:52:28 2027" },
    /* names that the session has given: a user jan.b and o'neil, the hosts c2 and falcon */
    { "+OK jan.b is known, JAN.B!", "+OK {u:jan.b} is known, {u:jan.b}!" },
    { "mailbox /var/jan.b/x_jan.b_y", "mailbox /var/{u:jan.b}/x_{u:jan.b}_y" },
    { "jan.b1 ajan.b jan b", "jan.b1 ajan.b jan b" },
    { "Hello c2; not ac2, c23", "Hello {h:c2}; not ac2, c23" },
    { "o'neil has falcon-1 and falcon.lan", "{u:o'neil} has {h:falcon}-1 and {h:falcon.lan}" },
    { "tern.example", "{h:tern.example}" },
    { "here is tern", "here is {h:tern}" },
    /* no identities */
    { "550 5.1.1 no", "550 5.1.1 no" },
    { "550-5.1.1 The account", "550-5.1.1 The account" },
    { "Mercury/32 v4.72, Pegasus Mail for Windows (4.70), Exim 4.92.3",
      "Mercury/32 v4.72, Pegasus Mail for Windows (4.70), Exim 4.92.3" },
    { "250 2.0.0 OK 1407354110 xx9sm1234567abc.0 - gsmtp",
      "250 2.0.0 OK 1407354110 xx9sm1234567abc.0 - gsmtp" },
    { "1 GLSWMCS.CNM5D76C8CD", "1 GLSWMCS.CNM5D76C8CD" },
    { "250-SIZE 35882577", "250-SIZE 35882577" },
    { "21:41:43.760 at 08:15:41 +0200", "21:41:43.760 at 08:15:41 +0200" },
    { "oid 1.3.6.1.4.1.311, 1.2.3.256, 1.2.3", "oid 1.3.6.1.4.1.311, 1.2.3.256, 1.2.3" },
    { "a::b::c std::x :: e.g. i.e. ...", "a::b::c std::x :: e.g. i.e. ..." },
    { "354 end with CRLF.CRLF", "354 end with CRLF.CRLF" },
    { "a FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER.FIELDS (TO)])",
      "a FETCH 1 (RFC822.SIZE BODY.PEEK[HEADER.FIELDS (TO)])" },
    { "", "" },
};

static const struct {
    const char *letter;
    enum pseudonym_kind kind;
} letters[] = {
    { "{u:", PSEUDONYM_USER }, { "{h:", PSEUDONYM_HOST }, { "{i:", PSEUDONYM_IP }, { "{n:", PSEUDONYM_NAME }
};

static void expand(const char *text, struct buf *out)
{
    for (; *text; text++) {
        bool found = false;
        for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
            if (strncmp(text, letters[i].letter, 3) != 0)
                continue;
            size_t n = strcspn(text + 3, "}");
            pseudonym_add(&pseudonyms, letters[i].kind, (struct str){ text + 3, n }, out);
            text += 3 + n;
            found = true;
        }
        if (!found)
            tcplog_buf_add(out, (struct str){ text, 1 });
    }
}

static int set_up(void **state)
{
    static const struct party known[] = {
        { PARTY_USER, { "Jan.B", 5 } },        { PARTY_USER, { "o'neil@tern.example", 19 } },
        { PARTY_HOST, { "c2", 2 } },           { PARTY_HOST, { "falcon:110", 10 } },
        { PARTY_USER, { "ready", 5 } },        { PARTY_USER, { "550", 3 } },
        { PARTY_HOST, { "[192.0.2.1]", 11 } },
    };
    (void)state;
    memset(pseudonyms.hash.key, 7, sizeof(pseudonyms.hash.key));
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        roster_add(&roster, known[i], true);
    return pseudonyms_make(&pseudonyms) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    pseudonyms_free(&pseudonyms);
    return 0;
}

/* The text stands at the end of its memory, so that a sanitizer sees who reads past it. */
static char *exact_copy(struct str text)
{
    char *copy = malloc(text.n ? text.n : 1);
    assert_non_null(copy);
    memcpy(copy, text.p, text.n);
    return copy;
}

static void table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct buf expected = { 0 }, out = { 0 };
        const struct disguise disguise = { &pseudonyms, &roster, &out };
        struct str text = str_of(rows[i].text);
        char *copy = exact_copy(text);
        expand(rows[i].expected, &expected);
        disguise_text(&disguise, (struct str){ copy, text.n }, NULL, 0);
        tcplog_buf_add(&expected, (struct str){ "", 1 });
        tcplog_buf_add(&out, (struct str){ "", 1 });
        if (strcmp(out.p, expected.p) != 0)
            fail_msg("%s\n  gives    %s\n  expected %s", rows[i].text, out.p, expected.p);
        tcplog_buf_free(&expected);
        tcplog_buf_free(&out);
        free(copy);
    }
}

/* Whatever a text holds, it stays within its room, and what it was made of does not matter to anything behind it. */
static void any_text(void **state)
{
    static const char alphabet[] = "aB1.@-_:/\"'<>=,* []%4\\\n\xC3\xA9";
    char text[64];
    (void)state;
    srand(1);
    for (int round = 0; round < 20000; round++) {
        struct buf out = { 0 };
        const struct disguise disguise = { &pseudonyms, &roster, &out };
        size_t n = (size_t)rand() % sizeof(text);
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[(size_t)rand() % (sizeof(alphabet) - 1)];
        char *copy = exact_copy((struct str){ text, n });
        disguise_text(&disguise, (struct str){ copy, n }, NULL, 0);
        assert_true(out.n <= n * DISGUISE_GROWTH);
        tcplog_buf_free(&out);
        free(copy);
    }
}

static void named_wholly(void **state)
{
    static const struct {
        struct party party;
        const char *expected;
    } names[] = {
        { { PARTY_USER, { "x", 1 } }, "{u:x}" },
        { { PARTY_USER, { "mail", 4 } }, "{u:mail}" },
        { { PARTY_USER, { "ann lee@mx", 10 } }, "{u:ann lee}@{h:mx}" },
        { { PARTY_USER, { "TERN\\ann", 8 } }, "{h:tern}\\{u:ann}" },
        { { PARTY_QUOTED, { "TERN\\\\a\\\"nn", 11 } }, "{h:tern}\\{u:a\"nn}" },
        { { PARTY_USER, { "\"a\\nn\"@mx", 9 } }, "{u:ann}@{h:mx}" },
        { { PARTY_HOST, { "mx.b.example.", 13 } }, "{h:mx.b.example}." },
        { { PARTY_USER, { "***", 3 } }, "***" },
        { { PARTY_USER, { "<a b@mx>", 8 } }, "<{u:a b}@{h:mx}>" },
        { { PARTY_USER, { "@relay:ann@mx", 13 } }, "@{h:relay}:{u:ann}@{h:mx}" },
        { { PARTY_USER, { "@", 1 } }, "@" },
        { { PARTY_USER, { "", 0 } }, "" },
        { { PARTY_HOST, { "box.srv01", 9 } }, "{h:box.srv01}" },
        { { PARTY_HOST, { "falcon:110", 10 } }, "{h:falcon}:110" },
        { { PARTY_HOST, { "192.0.2.1:110", 13 } }, "{i:192.0.2.1}:110" },
        { { PARTY_HOST, { "2001:db8::1", 11 } }, "{i:2001:db8::1}" },
        { { PARTY_HOST, { "[192.0.2.1]", 11 } }, "[{i:192.0.2.1}]" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct buf expected = { 0 }, out = { 0 };
        const struct disguise disguise = { &pseudonyms, &roster, &out };
        expand(names[i].expected, &expected);
        disguise_name(&disguise, names[i].party);
        assert_int_equal(out.n, expected.n);
        assert_true(str_equal(buf_str(&out), buf_str(&expected)));
        tcplog_buf_free(&expected);
        tcplog_buf_free(&out);
    }
}

static struct str digits_of(struct pseudonyms *by, enum pseudonym_kind kind, const char *name,
                            struct buf *out)
{
    out->n = 0;
    pseudonym_add(by, kind, str_of(name), out);
    return str_from(buf_str(out), out->n - 8);
}

static void keyed_and_kept(void **state)
{
    struct pseudonyms other = { 0 };
    struct buf one = { 0 }, two = { 0 };
    char name[32];
    (void)state;
    assert_true(pseudonyms_make(&other));
    memset(other.hash.key, 8, sizeof(other.hash.key));
    struct str here = digits_of(&pseudonyms, PSEUDONYM_USER, "ann", &one);
    assert_false(str_equal(here, digits_of(&other, PSEUDONYM_USER, "ann", &two)));
    assert_false(str_equal(here, digits_of(&pseudonyms, PSEUDONYM_HOST, "ann", &two)));
    assert_true(str_equal(here, digits_of(&pseudonyms, PSEUDONYM_USER, "ANN", &two)));
    /* more names than are kept, and again */
    for (int i = 0; i < 3 * PSEUDONYMS_KEPT; i++) {
        snprintf(name, sizeof(name), "user%d", i);
        digits_of(&pseudonyms, PSEUDONYM_USER, name, &two);
    }
    assert_true(str_equal(here, digits_of(&pseudonyms, PSEUDONYM_USER, "ann", &two)));
    pseudonyms_free(&other);
    tcplog_buf_free(&one);
    tcplog_buf_free(&two);
}

static void roster_is_bounded(void **state)
{
    static struct roster full;
    char name[32];
    enum party_kind kind;
    (void)state;
    for (int i = 0; i < ROSTER_PASSING + 2 * ROSTER_LASTING; i++) {
        size_t n = (size_t)snprintf(name, sizeof(name), "guest%d", i);
        roster_add(&full, (struct party){ i % 100 ? PARTY_USER : PARTY_HOST, { name, n } }, i % 50 == 0);
        assert_int_equal(roster_match(&full, (struct str){ name, n }, 0, &kind), n);
    }
    /* the first of those that stay is there, and of those that pass the first is gone */
    assert_int_equal(roster_match(&full, STR("guest0"), 0, &kind), 6);
    assert_int_equal(kind, PARTY_HOST);
    assert_int_equal(roster_match(&full, STR("guest1"), 0, &kind), 0);
    assert_true(full.missed > 0);
    roster_clear(&full);
    assert_int_equal(roster_match(&full, STR("guest0"), 0, &kind), 0);
}

/* What makes room is missed where it may still be asked for, and so is a name that has no room at all. */
static void roster_tells_what_it_missed(void **state)
{
    static struct roster full;
    static const char long_name[ROSTER_NAME_MOST + 1] = { [0 ... ROSTER_NAME_MOST] = 'x' };
    char name[32];
    (void)state;
    for (int i = 0; i < 2 * ROSTER_PASSING; i++, full.lines++)
        roster_add(&full,
                   (struct party){ PARTY_USER, { name, (size_t)snprintf(name, sizeof(name), "user%d", i) } },
                   false);
    assert_int_equal(full.missed, 0);
    roster_add(&full, (struct party){ PARTY_USER, { long_name, ROSTER_NAME_MOST } }, false);
    assert_int_equal(full.missed, 0);
    roster_add(&full, (struct party){ PARTY_USER, { long_name, sizeof(long_name) } }, false);
    assert_int_equal(full.missed, 1);
    roster_clear(&full);
    for (int i = 0; i <= ROSTER_PASSING; i++)
        roster_add(&full,
                   (struct party){ PARTY_USER, { name, (size_t)snprintf(name, sizeof(name), "user%d", i) } },
                   false);
    assert_int_equal(full.missed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),
        cmocka_unit_test(any_text),
        cmocka_unit_test(named_wholly),
        cmocka_unit_test(keyed_and_kept),
        cmocka_unit_test(roster_is_bounded),
        cmocka_unit_test(roster_tells_what_it_missed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
