/* Eight hexadecimal digits of the keyed hash: two of ten thousand names share a pseudonym once in a hundred logs, which
 * is the price of columns that people can read. */
#include "session/pseudonym.h"

#include "base/fold.h"

#include <stdlib.h>

enum { NAME_LONGEST = 1024, DIGITS = 8 };

bool pseudonyms_make(struct pseudonyms *pseudonyms)
{
    pseudonyms->kept = calloc(PSEUDONYMS_KEPT, sizeof(*pseudonyms->kept));
    return pseudonyms->kept != NULL;
}

void pseudonyms_free(struct pseudonyms *pseudonyms)
{
    keyed_hash_forget(&pseudonyms->hash);
    free(pseudonyms->kept);
    pseudonyms->kept = NULL;
}

/* Where a name is kept: no more than a place, so that who chooses names can at worst make us slow. */
static size_t place_of(enum pseudonym_kind kind, const char *name, size_t n)
{
    uint32_t hash = 2166136261u ^ (uint32_t)kind;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return (hash ^ hash >> 15) % PSEUDONYMS_KEPT;
}

static void make_digits(const struct pseudonyms *pseudonyms, enum pseudonym_kind kind, struct str name,
                        char digits[DIGITS])
{
    unsigned char hash[KEYED_HASH_BYTES];
    keyed_hash(&pseudonyms->hash, (char)('a' + (int)kind), name, hash);
    keyed_hash_hex(digits, hash, DIGITS / 2);
}

static void find_digits(struct pseudonyms *pseudonyms, enum pseudonym_kind kind, struct str name,
                        char digits[DIGITS])
{
    if (name.n > PSEUDONYM_NAME_KEPT) {
        make_digits(pseudonyms, kind, name, digits);
        return;
    }
    struct kept *kept = &pseudonyms->kept[place_of(kind, name.p, name.n)];
    /* an empty place has no length, and no name is empty */
    if (kept->length != name.n || kept->kind != kind || memcmp(kept->name, name.p, name.n) != 0) {
        kept->kind = (uint8_t)kind;
        kept->length = (uint8_t)name.n;
        memcpy(kept->name, name.p, name.n);
        make_digits(pseudonyms, kind, name, kept->digits);
    }
    memcpy(digits, kept->digits, DIGITS);
}

void pseudonym_add(struct pseudonyms *pseudonyms, enum pseudonym_kind kind, struct str name, struct buf *out)
{
    static const struct str words[PSEUDONYM_KINDS] = {
        [PSEUDONYM_USER] = { "user-", 5 },
        [PSEUDONYM_HOST] = { "host-", 5 },
        [PSEUDONYM_IP] = { "ip-", 3 },
        [PSEUDONYM_NAME] = { "name-", 5 },
    };
    char text[NAME_LONGEST], digits[DIGITS];
    /* the case does not count, nor what is beyond any real name's length */
    name = str_upto(name, name.n < NAME_LONGEST ? name.n : NAME_LONGEST);
    for (size_t i = 0; i < name.n; i++)
        text[i] = fold_at(name.p, i);
    find_digits(pseudonyms, kind, (struct str){ text, name.n }, digits);
    tcplog_buf_add(out, words[kind]);
    tcplog_buf_add(out, (struct str){ digits, DIGITS });
}
