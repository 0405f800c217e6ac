/* "/C=NZ/L=Dunedin/O=Tern Post Ltd/CN=smtp.tern.example" (OpenSSL), "cn=host, o=Org, l=Town, sp=State, c=NL" (CryptLib).
 * Of all attributes only the country tells too little to be hidden. */
#include "session/certificate.h"

#include "base/ascii.h"

enum { KEY_MOST = 24 };

static bool is_letter(char c)
{
    return (unsigned char)((c & 0xDF) - 'A') <= 'Z' - 'A';
}

/* Letters and '=' at the start of text: their length with it, or 0. */
static size_t key_length(struct str text)
{
    size_t n = 0;
    while (n < text.n && n < KEY_MOST && is_letter(text.p[n]))
        n++;
    return n > 0 && n < text.n && text.p[n] == '=' ? n + 1 : 0;
}

static bool holds(struct str text, struct str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (text.p[i] == word.p[0] && ascii_starts(str_from(text, i), word))
            return true;
    return false;
}

bool certificate_told(struct str text)
{
    return (text.n && memchr(text.p, '=', text.n) &&
            (holds(text, STR("CN=")) || holds(text, STR("cn=")) || holds(text, STR("/O=")))) ||
           holds(text, STR("ertificate "));
}

static bool is_key(struct str key, const char *name)
{
    return ascii_same(str_of(name), str_upto(key, key.n - 1));
}

/* Up to the next attribute, the quote that closes the subject, or the end. */
static size_t value_length(struct str text)
{
    for (size_t n = 0; n < text.n; n++) {
        struct str rest = str_from(text, n + 1);
        while (text.p[n] == ',' && rest.n && rest.p[0] == ' ')
            rest = str_from(rest, 1);
        bool next = (text.p[n] == '/' || text.p[n] == ',') && key_length(rest) > 0;
        bool closed = text.p[n] == '\'' && (rest.n == 0 || rest.p[0] == '.');
        if (next || closed)
            return n;
    }
    return text.n;
}

bool certificate_attribute(struct str text, size_t at, struct attribute *found)
{
    static const struct str fingerprint = { "fingerprint is ", 15 };
    struct str rest = str_from(text, at);
    bool parts = at == 0 || strchr("/, '\"", text.p[at - 1]) != NULL;
    if (!parts)
        return false;
    if (str_starts(rest, fingerprint)) {
        *found = (struct attribute){ .key = fingerprint.n, .value = rest.n - fingerprint.n };
        return found->value > 0 && !str_equal(str_from(rest, fingerprint.n), STR("unavailable"));
    }
    struct str key = str_upto(rest, key_length(rest));
    if (key.n == 0 || is_key(key, "C"))
        return false;
    *found = (struct attribute){ .key = key.n,
                                 .value = value_length(str_from(rest, key.n)),
                                 .host = is_key(key, "CN") || is_key(key, "emailAddress") };
    return found->value > 0;
}
