/* Which dialect an opening is of, and what the remarks of the two network libraries say of TLS. */
#include "registry.h"
#include "views.h"

static const struct dialect *best(const char *first, const char *second, enum tcplog_name application)
{
    struct opening opening = { 0 };
    const struct dialect *found = NULL;
    int most = 0;
    grammar_opening(str_of(first), &opening);
    grammar_opening(str_of(second), &opening);
    for (const struct dialect *const *each = registry_dialects; *each; each++)
        if ((*each)->bid(&opening, application) > most) {
            most = (*each)->bid(&opening, application);
            found = *each;
        }
    return found;
}

#define OLD "--- Thu Apr 07 03:14:07 2011 ---"
#define NEW "--- 6 Aug 2014, 21:41:43.760 ---"
#define DOT "Connect to 'mx', timeout 30."
#define SECONDS "Connect to 'mx', timeout 30 seconds."
#define SERVED "Connection from 1.2.3.4, Thu Apr 07 03:14:07 2011"

static const struct {
    const char *first, *second;
    enum tcplog_name application;
    const char *dialect;
} openings[] = {
    { OLD, SECONDS, NAMES_count, "pegasus-old" },
    { NEW, SECONDS, NAMES_count, "pegasus-new" },
    { OLD, DOT, NAMES_count, "mercury-client" },
    { SERVED, "", NAMES_count, "mercury-server" },
    { SERVED, "", NAMES_application_pegasus, "mercury-server" },
    { OLD, DOT, NAMES_application_mercury, "mercury-client" },
    { NEW, DOT, NAMES_application_mercury, "mercury-client" },
    { OLD, "", NAMES_application_pegasus, "pegasus-old" },
    { NEW, "", NAMES_application_pegasus, "pegasus-new" },
    { NEW, "", NAMES_count, "pegasus-new" },
    { "", "", NAMES_count, NULL },
    { "", "", NAMES_application_mercury, NULL },
};

static void openings_tell_the_dialect(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(openings); i++) {
        const struct dialect *found = best(openings[i].first, openings[i].second, openings[i].application);
        const char *name = found ? found->name : "none", *wanted = openings[i].dialect;
        if (strcmp(name, wanted ? wanted : "none") != 0)
            fail_msg("row %zu is %s", i, name);
    }
}

static void names_agree(void **state)
{
    (void)state;
    for (const struct dialect *const *each = registry_dialects; *each; each++)
        assert_str(tcplog_name_texts[(*each)->id], str_of((*each)->name));
}

static const struct {
    struct str text;
    bool established;
    struct str version, cipher, subject;
} old[] = {
    { STR("[*] SSL/TLS session established: AES, CBC mode, keysize 256 bits"), true, STR(""),
      STR("AES, CBC mode, keysize 256 bits"), STR("") },
    { STR("[*] SSL/TLS session established"), true, STR(""), STR(""), STR("") },
    { STR("[*] SSL/TLS session established: "), true, STR(""), STR(""), STR("") },
    { STR("[*] Certificate user is cn=host, o=Org, c=NL"), false, STR(""), STR(""),
      STR("cn=host, o=Org, c=NL") },
    { STR("[*] Certificate user is unavailable"), false, STR(""), STR(""), STR("") },
    { STR("[*] Certificate fingerprint is E7C6"), false, STR(""), STR(""), STR("") },
    { STR("[*] "), false, STR(""), STR(""), STR("") },
    { STR(""), false, STR(""), STR(""), STR("") },
};

static void remarks_of_the_old_library(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(old); i++) {
        struct tls_facts facts = { 0 };
        dialect_old_tls_remark(old[i].text, &facts);
        assert_int_equal(facts.established, old[i].established);
        assert_str(facts.version, old[i].version);
        assert_str(facts.cipher, old[i].cipher);
        assert_str(facts.subject, old[i].subject);
    }
}

static const struct {
    struct str text;
    bool established;
    struct str version, cipher, subject;
} new[] = {
    { STR("[*] SSL/TLS session established"), true, STR(""), STR(""), STR("") },
    { STR("[*] ECDHE-RSA-AES128-GCM-SHA256, TLSv1.2, Kx=ECDH, Au=RSA, Enc=AESGCM(128), Mac=AEAD"), false,
      STR("TLSv1.2"), STR("ECDHE-RSA-AES128-GCM-SHA256"), STR("") },
    { STR("[*] RC4-MD5, SSLv3"), false, STR("SSLv3"), STR("RC4-MD5"), STR("") },
    { STR("[*] Some words, and others"), false, STR(""), STR(""), STR("") },
    { STR("[*] Some words"), false, STR(""), STR(""), STR("") },
    { STR("[*] Peer's certificate name is '/C=US/O=O'Reilly/CN=host'."), false, STR(""), STR(""),
      STR("/C=US/O=O'Reilly/CN=host") },
    { STR("[*] Peer's certificate name is '/CN=cut"), false, STR(""), STR(""), STR("/CN=cut") },
    { STR("[*] Peer's certificate name is '"), false, STR(""), STR(""), STR("") },
    { STR("[!] Warning: x, TLSv1"), false, STR(""), STR(""), STR("") },
    { STR(""), false, STR(""), STR(""), STR("") },
};

static void remarks_of_the_new_library(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(new); i++) {
        struct tls_facts facts = { 0 };
        dialect_new_tls_remark(new[i].text, &facts);
        assert_int_equal(facts.established, new[i].established);
        assert_str(facts.version, new[i].version);
        assert_str(facts.cipher, new[i].cipher);
        assert_str(facts.subject, new[i].subject);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(openings_tell_the_dialect),
        cmocka_unit_test(names_agree),
        cmocka_unit_test(remarks_of_the_old_library),
        cmocka_unit_test(remarks_of_the_new_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
