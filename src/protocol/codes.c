/* Look-ups in the reply tables. SMTP's rows are found by their code, POP3's by their verb, so that a look-up costs a record
 * next to nothing. */
#include "protocol/codes.h"

#include "base/decimal.h"
#include "protocol/words.h"

#include <assert.h>
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
    ENHANCED_ROWS = sizeof(enhanced_rows) / sizeof(*enhanced_rows)
};
enum {
    CODES_END = 600, /* of three digits, the first of them 2 to 5 */
    POP3_ROWS = sizeof(pop3_rows) / sizeof(*pop3_rows),
    IMAP_ROWS = sizeof(imap_rows) / sizeof(*imap_rows)
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

/* Whether a row's text is this one, in this case of letters. Most are verbs of four letters or codes of three bytes, and are
 * compared at once; of the others nearly all differ in length or in the first byte. */
static bool is(struct str row, struct str text)
{
    if (row.n != text.n)
        return false;
    switch (row.n) {
    case 0: return true;
    case 3: return memcmp(row.p, text.p, 3) == 0;
    case 4: return memcmp(row.p, text.p, 4) == 0;
    default: return row.p[0] == text.p[0] && memcmp(row.p, text.p, row.n) == 0;
    }
}

/* The row for this verb, or the one for any, among those of one code from `row` on. Contexts are looked at first, for they
 * differ sooner: whatever fits first is of this code, or no row of it fits. */
static const struct reply *of_verb(const struct reply *row, const struct reply *end, struct str code,
                                   struct str verb)
{
    while (row < end && row->context.n != 0 && !is(row->context, verb))
        row++;
    return row < end && is(row->code, code) ? row : NULL;
}

/* For each code of SMTP, 200 to 599 and one digit alone, the index of its first row + 1; 0: it has none. */
static struct {
    uint8_t of_code[CODES_END], of_class[10];
} first_rows;
static pthread_once_t sorted = PTHREAD_ONCE_INIT, sorted_verbs = PTHREAD_ONCE_INIT;

_Static_assert(SMTP_ROWS < UINT8_MAX, "an index of a row fits into a byte");

/* Where a code has its place in first_rows; NULL: it is none. */
static uint8_t *place_of(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (!is_digit(code.p[i]))
            return NULL;
    if (code.n == 1)
        return &first_rows.of_class[code.p[0] - '0'];
    unsigned number = code.n == 3 ? (unsigned)(code.p[0] - '0') * 100 + (unsigned)(code.p[1] - '0') * 10 +
                                        (unsigned)(code.p[2] - '0')
                                  : CODES_END;
    return number < CODES_END ? &first_rows.of_code[number] : NULL;
}

static void sort(void)
{
    for (size_t i = SMTP_ROWS; i > 0; i--) {
        uint8_t *place = place_of(smtp_rows[i - 1].code);
        assert(place);
        *place = (uint8_t)i;
    }
}

/* The first row of this code; behind the last one if it has none. */
static const struct reply *first_of(struct str code)
{
    pthread_once(&sorted, sort);
    const uint8_t *place = place_of(code);
    return smtp_rows + (place && *place ? *place - 1u : SMTP_ROWS);
}

static const struct reply *smtp_code(struct str code, struct str verb)
{
    const struct reply *row = of_verb(first_of(code), smtp_rows + SMTP_ROWS, code, verb);
    if (row || code.n < 1)
        return row;
    /* "2", "4" and "5" stand for the codes that no document explains (RFC 5321 4.2.1: the first digit decides) */
    struct str class = str_upto(code, 1);
    return of_verb(first_of(class), smtp_rows + SMTP_ROWS, class, verb);
}

static const struct reply *enhanced_row(struct str code)
{
    for (size_t i = 0; i < ENHANCED_ROWS; i++)
        if (is(enhanced_rows[i].code, code))
            return &enhanced_rows[i];
    return NULL;
}

/* "7.1" of "5.7.1", or "7" for a detail that nobody registered; x.0.x says nothing that the basic code does not. */
static const struct reply *enhanced_code(struct str detail)
{
    if (str_starts(detail, STR("0.")))
        return NULL;
    const struct reply *row = enhanced_row(detail);
    return row || detail.n < 2 || detail.p[1] != '.' ? row : enhanced_row(str_upto(detail, 1));
}

static bool is_any_of(struct str text, const struct str *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is(rows[i], text))
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
    if (is(detail, STR("5.1")))
        return str_starts(code, STR("50")) || is(code, STR("554"));
    if (is_of_other_class(enhanced))
        return true;
    return str_ends(detail, STR(".0")) &&
           !is_any_of(code, of_several, sizeof(of_several) / sizeof(*of_several));
}

const struct reply *codes_smtp(struct str code, struct str enhanced, struct str verb)
{
    struct str detail = str_from(enhanced, enhanced.n > 2 ? 2 : enhanced.n);
    /* for a failure the enhanced code says more; for a success the verb does */
    if (detail.n == 0 || enhanced.p[0] == '2')
        return smtp_code(code, verb);
    const struct reply *listed = of_verb(first_of(code), smtp_rows + SMTP_ROWS, code, verb);
    if (listed && says_more(code, enhanced, detail))
        return listed;
    const struct reply *row = enhanced_code(detail);
    return row ? row : smtp_code(code, verb);
}

/* The rows of POP3 by their verbs, for a code has nearly as many rows as there are verbs: for each slot of a context, the
 * index of its first row + 1, and for each row that of the next one; 0: there is none. */
enum { VERB_SLOTS = 64 };
static struct {
    uint8_t of_slot[VERB_SLOTS], next[POP3_ROWS];
} verb_rows;

_Static_assert(POP3_ROWS < UINT8_MAX, "an index of a row fits into a byte");

static unsigned slot_of(struct str verb)
{
    unsigned first = verb.n ? (unsigned char)verb.p[0] : 0, third = verb.n > 2 ? (unsigned char)verb.p[2] : 0;
    return (first * 14 + third) % VERB_SLOTS;
}

static void sort_verbs(void)
{
    for (size_t i = POP3_ROWS; i > 0; i--) {
        uint8_t *first = &verb_rows.of_slot[slot_of(pop3_rows[i - 1].context)];
        verb_rows.next[i - 1] = *first;
        *first = (uint8_t)i;
    }
}

static const struct reply *pop3_row(struct str code, struct str verb)
{
    for (size_t i = verb_rows.of_slot[slot_of(verb)]; i; i = verb_rows.next[i - 1])
        if (is(pop3_rows[i - 1].context, verb) && is(pop3_rows[i - 1].code, code))
            return &pop3_rows[i - 1];
    return NULL;
}

/* The row for this very verb wins over that for any, wherever the two stand. */
static const struct reply *pop3_code(struct str code, struct str verb)
{
    pthread_once(&sorted_verbs, sort_verbs);
    const struct reply *row = pop3_row(code, verb);
    return row ? row : pop3_row(code, (struct str){ 0 });
}

const struct reply *codes_pop3(struct str code, struct str enhanced, struct str verb)
{
    /* longer than any code that IANA lists: what does not fit is in no row */
    char bracketed[32] = "[";
    if (enhanced.n > 0 && enhanced.n < sizeof(bracketed) - 2) {
        memcpy(bracketed + 1, enhanced.p, enhanced.n);
        bracketed[enhanced.n + 1] = ']';
        const struct reply *row = pop3_code((struct str){ bracketed, enhanced.n + 2 }, verb);
        if (row)
            return row;
    }
    return pop3_code(code, verb);
}

/* The row of a code in any case, for this very verb or for any. */
static const struct reply *imap_row(struct str code, struct str verb)
{
    for (size_t i = 0; i < IMAP_ROWS; i++)
        if (words_are(code, imap_rows[i].code) && is(imap_rows[i].context, verb))
            return &imap_rows[i];
    return NULL;
}

const struct reply *codes_imap(struct str code, struct str enhanced, struct str verb)
{
    static const struct str uid = { "UID ", 4 };
    verb = str_starts(verb, uid) ? str_from(verb, uid.n) : verb;
    char text[40] = "[";
    size_t n = enhanced.n < sizeof(text) - 2 ? enhanced.n : 0;
    if (n)
        memcpy(text + 1, enhanced.p, n);
    text[n + 1] = ']';
    struct str bracketed = { text, n ? n + 2 : 0 }, any = { "", 0 };
    /* for a failure the response code says more; for a success the verb does */
    bool good = words_are(code, STR("OK"));
    const struct reply *row = imap_row(bracketed, verb);
    if (!row && good)
        row = imap_row(code, verb);
    if (!row)
        row = imap_row(bracketed, any);
    if (!row)
        row = imap_row(code, verb);
    return row ? row : imap_row(code, any);
}
