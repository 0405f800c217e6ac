/* A stencil: the head of a row, what all kinds of records share, kept to be copied whole and corrected in the few places
 * where the next record differs. It serves as long as records of one session have the same fields there, and values of
 * the same width: nearly always. A strip is made of one for a sequel, whose records differ in still less.
 * Whoever uses it says where the values lie; it knows neither keys nor quotes. */
#ifndef WRITER_STENCIL_H
#define WRITER_STENCIL_H

#include "base/decimal.h"
#include "model/sequel.h"

/* Bytes of the longest head; of the longest rest; places in a head that change. */
enum { STENCIL_TEXT = 4096, STENCIL_REST = 32, PATCHES_MOST = 16 };
enum { FIELD_WORDS = (FIELD_count + 63) / 64 };

/*   text   {"kind":"line", … "sequence":1234567890,"line":…
 *                                         └ word ┘   the last eight digits
 *                                       └─ width ┘   begins at `at`
 *
 * A place where a value goes. A number fits if it has as many digits as the one before it, and the same ones beyond the
 * last eight; those are written as one word, which also brings back what stands before them. */
struct patch {
    uint8_t id;
    bool number;
    uint16_t at, width;
    /* numbers that fit: least … least + count - 1; base: what eight digits do not show */
    uint64_t least, count, base;
    uint64_t mask, before; /* which bytes of the word are digits, and the others */
    uint64_t last, word;   /* the number written last, and its word */
};

struct stencil {
    bool ready;
    uint8_t patch_count;
    uint16_t length;
    uint64_t present[FIELD_WORDS]; /* of the fields of the head */
    uint64_t session;              /* generation */
    struct patch patches[PATCHES_MOST];
    char text[STENCIL_TEXT];
};

/* A number that goes up by one from record to record: its word, as a patch has it. */
struct count {
    uint16_t at;
    uint64_t word, mask;
};

/* What the records of a sequel change; all else is in the stencil's text. */
struct strip {
    struct patch *offset;
    unsigned count_count;
    struct count counts[PATCHES_MOST]; /* from the end of the head to its start */
    uint16_t stamp, clock;             /* where they stand; 0: nowhere */
    enum field_id open;                /* the text that each record has of its own */
    uint16_t length;                   /* of the head, and of what stands between it and that text */
    uint8_t rest_length;
    char rest[STENCIL_REST]; /* what stands behind that */
};

/* Begins anew, for records that have these fields of those in `head`; it is not ready. */
void stencil_begin(struct stencil *stencil, const struct record *record, const uint64_t *head);
/* A value of the record stands at text[at..at + width); a number has no other digits than these. */
void stencil_patch(struct stencil *stencil, enum field_id id, bool number, size_t at, size_t width);
/* The head as it was written, with the patches in it: ready, unless it is too long. */
void stencil_end(struct stencil *stencil, struct str head, const struct record *record);
/* The strip for what follows this record, which was the latest to be written with the stencil: `lead` stood between head
 * and text, `rest` behind it. False: there is none. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct str lead, struct str rest,
                   struct strip *strip);

/* Whether a record has the same fields in its head as the one that the stencil was begun for. */
static inline bool stencil_like(const struct stencil *stencil, const struct record *record,
                                const uint64_t *head)
{
    bool same = stencil->session == record->generation[LIFE_SESSION];
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        same &= stencil->present[word] == (record->present[word] & head[word]);
    return same;
}

/* The last digit stands in the highest byte of a word. Most numbers count lines: the next one differs in it alone. */
static inline bool stencil_number(struct patch *patch, char *to, int64_t value)
{
    uint64_t number = (uint64_t)value, word = patch->word;
    if (number == patch->last + 1 && word >> 56 != '9') {
        word += (uint64_t)1 << 56;
    } else if (number - patch->least < patch->count) {
        uint64_t digits = decimal_digits((uint32_t)(number - patch->base)) | 0x3030303030303030u;
        word = (digits & patch->mask) | patch->before;
    } else {
        return false;
    }
    patch->last = number;
    patch->word = word;
    word = htole64(word);
    memcpy(to + patch->at + patch->width - sizeof(word), &word, sizeof(word));
    return true;
}

/* A name or a time; false: it has not the width of the one that is there. */
static inline bool stencil_word(const struct patch *patch, char *to, struct str text)
{
    if (text.n != patch->width)
        return false;
    to += patch->at;
    if (text.n < 16) {
        memcpy(to, text.p, text.n);
        return true;
    }
    for (size_t i = 0; i + 16 < text.n; i += 16)
        memcpy(to + i, text.p + i, 16);
    memcpy(to + text.n - 16, text.p + text.n - 16, 16);
    return true;
}

/* Writes the head of a record that fits; false: a value has another width, and what was written does not count. */
static inline bool stencil_write(struct stencil *stencil, char *to, const struct record *record)
{
    bool fits = true;
    memcpy(to, stencil->text, stencil->length);
    /* from the last one on: a word may spoil the end of the value before it, which then is written anyway */
    for (struct patch *patch = stencil->patches + stencil->patch_count; patch-- > stencil->patches;) {
        const union value *value = &record->values[patch->id];
        fits &=
            patch->number ? stencil_number(patch, to, value->number) : stencil_word(patch, to, value->text);
    }
    return fits;
}

/* Goes on from a word whose last digit is 9; false: it needs another digit. */
bool stencil_carry(struct count *count);

/* Writes the next record of a sequel up to its text; false: as above. Numbers go before what may stand before them, and
 * whose end their words may spoil. */
static inline bool stencil_follow(const struct stencil *stencil, struct strip *strip, char *to,
                                  const struct sequel_line *line)
{
    memcpy(to, stencil->text, strip->length);
    bool fits = stencil_number(strip->offset, to, (int64_t)line->offset);
    for (struct count *count = strip->counts, *end = count + strip->count_count; count < end; count++) {
        if (count->word >> 56 == '9')
            fits &= stencil_carry(count);
        else
            count->word += (uint64_t)1 << 56;
        uint64_t word = htole64(count->word);
        memcpy(to + count->at, &word, sizeof(word));
    }
    if (strip->stamp)
        memcpy(to + strip->stamp, line->stamp, STAMP_TEXT);
    if (strip->clock)
        memcpy(to + strip->clock, line->clock, STAMP_TEXT);
    return fits;
}

#endif
