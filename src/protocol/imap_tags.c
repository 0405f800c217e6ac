/* Of a tag its last bytes are kept, for there clients count. */
#include "protocol/imap_tags.h"

#include "base/decimal.h"

#include <ctype.h>

enum { MOST = sizeof((struct hearing){ 0 }.tags) / sizeof(uint64_t), KEPT = sizeof(uint64_t) };

/* Zeros fill it up; no tag holds one. */
static uint64_t tail_of(struct str tag)
{
    uint64_t tail = 0;
    if (tag.n)
        memcpy(&tail, tag.p + (tag.n > KEPT ? tag.n - KEPT : 0), tag.n > KEPT ? KEPT : tag.n);
    return tail;
}

static void forget(struct hearing *hearing, unsigned i)
{
    hearing->tag_count--;
    memmove(&hearing->tags[i], &hearing->tags[i + 1], (hearing->tag_count - i) * sizeof(*hearing->tags));
}

void imap_tags_add(struct hearing *hearing, struct str tag)
{
    /* whatever was said before has been answered, or never will be */
    if (!hearing->open) {
        hearing->tag_count = 0;
        hearing->tags_forgotten = false;
    }
    if (hearing->tag_count == MOST) {
        forget(hearing, 0);
        hearing->tags_forgotten = true;
    }
    hearing->tags[hearing->tag_count++] = tail_of(tag);
}

/* Its place; their count, if it is not among them. */
static unsigned find(const struct hearing *hearing, struct str tag)
{
    const uint64_t tail = tail_of(tag);
    unsigned i = 0;
    while (i < hearing->tag_count && hearing->tags[i] != tail)
        i++;
    return i;
}

void imap_tags_remove(struct hearing *hearing, struct str tag)
{
    unsigned i = find(hearing, tag);
    if (i < hearing->tag_count)
        forget(hearing, i);
}

/* Without the number at its end. */
static struct str stem(struct str tag)
{
    while (tag.n && is_digit(tag.p[tag.n - 1]))
        tag.n--;
    return tag;
}

/* Both are letters of one case, or digits; or they are the same. */
static bool are_alike(char a, char b)
{
    bool lower = islower((unsigned char)a) && islower((unsigned char)b);
    bool upper = isupper((unsigned char)a) && isupper((unsigned char)b);
    return a == b || lower || upper || (is_digit(a) && is_digit(b));
}

bool imap_tags_counts(struct str tag)
{
    for (size_t i = 0; i < tag.n; i++)
        if (is_digit(tag.p[i]))
            return true;
    return false;
}

/* "a9" goes on as "a10", "zcq" as "zcr". Of a long one the beginning was not kept. */
bool imap_tags_go_on(const struct hearing *hearing, struct str tag)
{
    if (!hearing->open || hearing->tag_count == 0)
        return true;
    char kept[KEPT];
    memcpy(kept, &hearing->tags[hearing->tag_count - 1], KEPT);
    const struct str newest = { kept, strnlen(kept, KEPT) }, before = stem(newest), after = stem(tag);
    bool counts = before.n < newest.n, long_one = newest.n == KEPT;
    /* "1f" as "20", "39ga" as "nb6h" */
    if (imap_tags_counts(tag) && imap_tags_counts(newest) && (long_one ? tag.n >= KEPT : tag.n == newest.n))
        return true;
    if (counts != (after.n < tag.n) || (long_one ? after.n < before.n : after.n != before.n))
        return false;
    const char *end = after.p + after.n - before.n;
    for (size_t i = 0; i < before.n; i++)
        if (counts ? end[i] != before.p[i] : !are_alike(end[i], before.p[i]))
            return false;
    return true;
}

bool imap_tags_wait(const struct hearing *hearing, struct str tag)
{
    bool forgotten = hearing->tags_forgotten && imap_tags_go_on(hearing, tag);
    return !hearing->open || hearing->tag_count == 0 || find(hearing, tag) < hearing->tag_count || forgotten;
}
