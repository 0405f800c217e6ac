/* What the [*] remarks of the two network libraries say of TLS (FORMAT 2.2). */
#include "dialect/dialect.h"

static struct str upto_char(struct str text, char c)
{
    const char *at = memchr(text.p, c, text.n);
    return str_upto(text, at ? (size_t)(at - text.p) : text.n);
}

/* What the remarks say differs from its first letter on, behind the mark. */
static bool says(struct str text, struct str words)
{
    enum { MARK = 4 };
    return text.n >= words.n && text.p[MARK] == words.p[MARK] && str_starts(text, words);
}

static bool established(struct str text, struct tls_facts *facts, struct str *rest)
{
    static const struct str words = { "[*] SSL/TLS session established", 31 };
    if (!says(text, words))
        return false;
    facts->established = true;
    *rest = str_from(text, words.n);
    return true;
}

/* ": AES, CBC mode, keysize 256 bits"; "[*] Certificate user is cn=host, o=Org", or "unavailable". The old library
 * never names the version of TLS. */
void dialect_old_tls_remark(struct str text, struct tls_facts *facts)
{
    static const struct str user = { "[*] Certificate user is ", 24 };
    struct str rest;
    if (established(text, facts, &rest)) {
        if (str_starts(rest, STR(": ")))
            facts->cipher = str_from(rest, 2);
    } else if (str_starts(text, user) && !str_equal(str_from(text, user.n), STR("unavailable"))) {
        facts->subject = str_from(text, user.n);
    }
}

/* "[*] ECDHE-RSA-AES128-GCM-SHA256, TLSv1.2, Kx=ECDH, …"; "[*] Peer's certificate name is '/C=US/…/CN=host'." */
void dialect_new_tls_remark(struct str text, struct tls_facts *facts)
{
    static const struct str name = { "[*] Peer's certificate name is '", 32 };
    struct str rest;
    if (established(text, facts, &rest) || !str_starts(text, STR("[*] ")))
        return;
    if (says(text, name)) {
        rest = str_from(text, name.n);
        const char *quote = memrchr(rest.p, '\'', rest.n);
        facts->subject = quote ? str_upto(rest, (size_t)(quote - rest.p)) : rest;
        return;
    }
    struct str cipher = upto_char(str_from(text, 4), ',');
    rest = str_from(text, 4 + cipher.n);
    /* any remark may have a comma in it: the version behind it shows that this one names a cipher */
    if (str_starts(rest, STR(", TLSv")) || str_starts(rest, STR(", SSLv"))) {
        facts->cipher = cipher;
        facts->version = upto_char(str_from(rest, 2), ',');
    }
}
