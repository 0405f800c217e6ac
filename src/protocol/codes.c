/* Look-ups in the reply tables. A row is found by its code and its verb at once, so that this costs a record next to
 * nothing. */
#include "protocol/codes.h"

#include "base/decimal.h"
#include "protocol/words.h"

#include <pthread.h>

#define TEXT(literal)                   \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }
#define REPLY(code, context, meaning, reference, action) \
    { TEXT(code), TEXT(context), TEXT(meaning), TEXT(reference), TEXT(action) },
#define ENHANCED(code, meaning, reference, action) REPLY(code, "", meaning, reference, action)
static const struct reply smtp_rows[] = {
#include "protocol/smtp_replies.def"
};
static const struct reply enhanced_rows[] = {
#include "protocol/enhanced_codes.def"
};
static const struct reply pop3_rows[] = {
#include "protocol/pop3_replies.def"
};
static const struct reply imap_rows[] = {
#include "protocol/imap_replies.def"
};
#undef REPLY
#undef ENHANCED
#undef TEXT

enum {
    SMTP_ROWS = sizeof(smtp_rows) / sizeof(*smtp_rows),
    ENHANCED_ROWS = sizeof(enhanced_rows) / sizeof(*enhanced_rows),
    POP3_ROWS = sizeof(pop3_rows) / sizeof(*pop3_rows),
    IMAP_ROWS = sizeof(imap_rows) / sizeof(*imap_rows),
    SHELF_ROWS = 254, /* their indices + 1 fit into a byte */
    SLOT_BITS = 9,
    SLOTS = 1 << SLOT_BITS,
};

const struct code_table codes_smtp_tables[] = {
    { "SMTP replies", "RFC 5321 and its extensions, as of 2024-12-06", smtp_rows, SMTP_ROWS, false },
    { "SMTP enhanced status codes", "IANA, as of 2024-12-06", enhanced_rows, ENHANCED_ROWS, true },
    { 0 },
};
const struct code_table codes_pop3_tables[] = {
    { "POP3 replies", "RFC 1939 and its extensions; IANA, as of 2013-03-13", pop3_rows, POP3_ROWS, false },
    { 0 },
};
const struct code_table codes_imap_tables[] = {
    { "IMAP responses", "RFC 9051 and its extensions; IANA, as of 2024-11-26", imap_rows, IMAP_ROWS, false },
    { 0 },
};

struct str codes_enhanced(struct str text, char class)
{
    uint32_t number;
    size_t n = 1;
    /* "4.1.1" behind 550 would be a text that happens to look so: RFC 2034 4 wants the same class */
    if (text.n < 5 || text.p[0] != class || (class != '2' && class != '4' && class != '5'))
        return (struct str){ 0 };
    for (int part = 0; part < 2; part++) {
        size_t digits = n < text.n && text.p[n] == '.' ? decimal_read(str_from(text, n + 1), &number) : 0;
        if (digits < 1 || digits > 3)
            return (struct str){ 0 };
        n += 1 + digits;
    }
    return n == text.n || text.p[n] == ' ' ? str_upto(text, n) : (struct str){ 0 };
}

struct str codes_bracketed(struct str text)
{
    const char *close = text.n && text.p[0] == '[' ? memchr(text.p, ']', text.n) : NULL;
    if (!close)
        return (struct str){ 0 };
    struct str code = { text.p + 1, (size_t)(close - text.p) - 1 };
    for (size_t i = 0; i < code.n; i++)
        /* levels are parted by slashes: SYS/TEMP (RFC 2449 8) */
        if (!((code.p[i] >= 'A' && code.p[i] <= 'Z') || is_digit(code.p[i]) || code.p[i] == '-' ||
              code.p[i] == '/'))
            return (struct str){ 0 };
    return code;
}

struct str codes_bracketed_word(struct str text)
{
    enum { LONGEST = 32 };
    size_t n = 1;
    while (n < text.n && n <= LONGEST && text.p[n] > ' ' && text.p[n] != ']' && text.p[n] <= '~')
        n++;
    bool word = text.n && text.p[0] == '[' && n < text.n && (text.p[n] == ']' || text.p[n] == ' ');
    return (struct str){ text.p + word, word ? n - 1 : 0 };
}

/* The rows of a table by code and context: for each slot the index of its first row + 1, and for each row that of the next
 * one; 0: there is none. */
struct shelf {
    const struct reply *rows;
    uint64_t keys[SHELF_ROWS];
    uint8_t of_slot[SLOTS], next[SHELF_ROWS];
};

_Static_assert(SMTP_ROWS <= SHELF_ROWS && ENHANCED_ROWS <= SHELF_ROWS && POP3_ROWS <= SHELF_ROWS &&
                   IMAP_ROWS <= SHELF_ROWS,
               "a shelf has a place for each row");

/* The first four bytes of a word, or all of it. */
static inline uint32_t four_of(struct str word)
{
    uint32_t four = 0;
    if (word.n >= sizeof(four))
        memcpy(&four, word.p, sizeof(four));
    else if (word.n)
        four = (unsigned char)word.p[0] | (uint32_t)(unsigned char)word.p[word.n / 2] << 8 |
               (uint32_t)(unsigned char)word.p[word.n - 1] << 16;
    return four;
}

/* Nearly all codes and verbs are four bytes at most, and compared at once. */
static inline uint64_t key_of(struct str code, struct str verb)
{
    return (uint64_t)four_of(verb) << 32 | four_of(code);
}

static unsigned slot_of(uint64_t key)
{
    return (unsigned)(key * 0x9E3779B97F4A7C15u >> (64 - SLOT_BITS));
}

/* Of two words that begin alike. */
static bool goes_on_like(struct str row, struct str word)
{
    return row.n == word.n && (row.n <= 4 || memcmp(row.p, word.p, row.n) == 0);
}

/* The first of several that are alike wins. */
static void shelve(struct shelf *shelf, const struct reply *rows, size_t count)
{
    shelf->rows = rows;
    for (size_t i = count; i > 0; i--) {
        shelf->keys[i - 1] = key_of(rows[i - 1].code, rows[i - 1].context);
        uint8_t *first = &shelf->of_slot[slot_of(shelf->keys[i - 1])];
        shelf->next[i - 1] = *first;
        *first = (uint8_t)i;
    }
}

static struct shelf smtp_shelf, enhanced_shelf, pop3_shelf, imap_shelf;
static pthread_once_t shelved = PTHREAD_ONCE_INIT;

static void shelve_all(void)
{
    shelve(&smtp_shelf, smtp_rows, SMTP_ROWS);
    shelve(&enhanced_shelf, enhanced_rows, ENHANCED_ROWS);
    shelve(&pop3_shelf, pop3_rows, POP3_ROWS);
    shelve(&imap_shelf, imap_rows, IMAP_ROWS);
}

/* The row of this code for this very verb, "" for any. */
static const struct reply *row_of(const struct shelf *shelf, struct str code, struct str verb)
{
    uint64_t key = key_of(code, verb);
    pthread_once(&shelved, shelve_all);
    for (size_t i = shelf->of_slot[slot_of(key)]; i; i = shelf->next[i - 1]) {
        const struct reply *row = &shelf->rows[i - 1];
        if (shelf->keys[i - 1] == key && goes_on_like(row->context, verb) && goes_on_like(row->code, code))
            return row;
    }
    return NULL;
}

/* The row for this very verb wins over that for any, wherever the two stand. */
static const struct reply *row_for(const struct shelf *shelf, struct str code, struct str verb)
{
    const struct reply *row = row_of(shelf, code, verb);
    return row ? row : row_of(shelf, code, (struct str){ 0 });
}

static const struct reply *smtp_code(struct str code, struct str verb)
{
    const struct reply *row = row_for(&smtp_shelf, code, verb);
    /* "2", "4" and "5" stand for the codes that no document explains (RFC 5321 4.2.1: the first digit decides) */
    return row ? row : row_for(&smtp_shelf, str_upto(code, code.n > 0), verb);
}

/* "7.1" of "5.7.1", or "7" for a detail that nobody registered; x.0.x says nothing that the basic code does not. */
static const struct reply *enhanced_code(struct str detail)
{
    const struct str any = { 0 };
    if (str_starts(detail, STR("0.")))
        return NULL;
    const struct reply *row = row_of(&enhanced_shelf, detail, any);
    return row || detail.n < 2 || detail.p[1] != '.' ? row
                                                     : row_of(&enhanced_shelf, str_upto(detail, 1), any);
}

static bool is_any_of(struct str text, const struct str *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(rows[i], text))
            return true;
    return false;
}

/* Details that RFC 3463 3.2, 3.5 and 3.8 know in the other class alone: "450 4.1.1 unverified address" is no mailbox that
 * does not exist, and the recipient of "550 5.4.1 Access denied" no computer that does not answer. */
static bool is_of_other_class(struct str enhanced)
{
    static const struct str rows[] = { { "4.1.1", 5 }, { "4.1.2", 5 }, { "4.1.3", 5 }, { "4.7.1", 5 },
                                       { "5.4.1", 5 }, { "5.4.2", 5 }, { "5.4.3", 5 }, { "5.4.5", 5 } };
    return is_any_of(enhanced, rows, sizeof(rows) / sizeof(*rows));
}

/* Whether the basic code says more than the enhanced one. So do login codes where the detail is not about a login ("535 5.7.3" of
 * Exchange), codes of the order of commands beside X.5.1 ("503 5.5.1"), and codes that stand for one matter beside a detail
 * that only names one ("454 4.7.0"). */
static bool says_more(struct str code, struct str enhanced, struct str detail)
{
    static const struct str of_login[] = { { "7.8", 3 },  { "7.9", 3 },  { "7.10", 4 },
                                           { "7.11", 4 }, { "7.12", 4 }, { "7.13", 4 } };
    static const struct str of_several[] = { { "452", 3 }, { "503", 3 }, { "550", 3 },
                                             { "552", 3 }, { "553", 3 }, { "554", 3 } };
    if (str_starts(code, STR("53")))
        return !is_any_of(detail, of_login, sizeof(of_login) / sizeof(*of_login));
    if (str_equal(detail, STR("5.1")))
        return str_starts(code, STR("50")) || str_equal(code, STR("554"));
    if (is_of_other_class(enhanced))
        return true;
    return str_ends(detail, STR(".0")) &&
           !is_any_of(code, of_several, sizeof(of_several) / sizeof(*of_several));
}

const struct reply *codes_smtp(struct str code, struct str enhanced, struct str verb)
{
    /* for a failure the enhanced code says more; for a success the verb does */
    if (enhanced.n <= 2 || enhanced.p[0] == '2')
        return smtp_code(code, verb);
    struct str detail = str_from(enhanced, 2);
    const struct reply *listed = row_for(&smtp_shelf, code, verb);
    if (listed && says_more(code, enhanced, detail))
        return listed;
    const struct reply *row = enhanced_code(detail);
    return row ? row : smtp_code(code, verb);
}

/* The row of "IN-USE" for this verb, as "[IN-USE]"; hardly any reply has such a code. */
static __attribute__((noinline)) const struct reply *bracketed_row(struct str inside, struct str verb)
{
    /* longer than any code that IANA lists: what does not fit is in no row */
    char bracketed[32] = "[";
    if (inside.n >= sizeof(bracketed) - 2)
        return NULL;
    memcpy(bracketed + 1, inside.p, inside.n);
    bracketed[inside.n + 1] = ']';
    return row_for(&pop3_shelf, (struct str){ bracketed, inside.n + 2 }, verb);
}

const struct reply *codes_pop3(struct str code, struct str enhanced, struct str verb)
{
    const struct reply *row = enhanced.n ? bracketed_row(enhanced, verb) : NULL;
    return row ? row : row_for(&pop3_shelf, code, verb);
}

/* A word in capitals, which room has place for. */
static struct str upper(char *room, struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        room[i] = word.p[i] >= 'a' && word.p[i] <= 'z' ? (char)(word.p[i] - 'a' + 'A') : word.p[i];
    return (struct str){ room, word.n };
}

const struct reply *codes_imap(struct str code, struct str enhanced, struct str verb)
{
    /* longer than any code that IANA lists: what does not fit is in no row */
    enum { LONGEST = 38 };
    static const struct str uid = { "UID ", 4 };
    char status[LONGEST], text[LONGEST + 2] = "[";
    verb = str_starts(verb, uid) ? str_from(verb, uid.n) : verb;
    code = upper(status, str_upto(code, code.n < LONGEST ? code.n : 0));
    struct str inside = upper(text + 1, str_upto(enhanced, enhanced.n < LONGEST ? enhanced.n : 0));
    text[1 + inside.n] = ']';
    struct str bracketed = { text, inside.n ? inside.n + 2 : 0 }, any = { "", 0 };
    /* for a failure the response code says more; for a success the verb does */
    const struct reply *row = row_of(&imap_shelf, bracketed, verb);
    if (!row && str_equal(code, STR("OK")))
        row = row_of(&imap_shelf, code, verb);
    if (!row)
        row = row_of(&imap_shelf, bracketed, any);
    return row ? row : row_for(&imap_shelf, code, verb);
}
