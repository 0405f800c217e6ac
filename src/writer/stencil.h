/* A stencil: the head of a row that was written before, to be copied whole and corrected in the few places where the
 * next record differs. It serves as long as records have the same fields, equal generations, and values of the same
 * width there: in a body that is nearly always so.
 * Whoever uses it says where the values lie; it knows neither keys nor quotes. */
#ifndef WRITER_STENCIL_H
#define WRITER_STENCIL_H

#include "base/decimal.h"
#include "model/sequel.h"

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
    uint64_t least, count,
        base; /* numbers that fit: least … least + count - 1; base: what eight digits do not show */
    uint64_t mask, before; /* which bytes of the word are digits, and the others */
    uint64_t last, word;   /* the number written last, and its word */
};

struct stencil {
    bool ready;
    uint8_t patch_count;
    uint16_t length;
    uint64_t present[FIELD_WORDS];
    uint64_t turn, session; /* generations */
    struct patch patches[PATCHES_MOST];
    char text[STENCIL_TEXT];
    /* what follows the head: one value of any length, and the same bytes behind it each time */
    uint8_t open; /* its field */
    uint8_t rest_length;
    char rest[STENCIL_REST];
};

/* A number that goes up by one from record to record: its word, as a patch has it. */
struct count {
    uint16_t at;
    uint64_t word, mask;
};

/* What the records of a sequel change in the head; counts from its end to its start. */
struct strip {
    struct patch *offset;
    unsigned count_count, stamp_count, clock_count;
    struct count counts[PATCHES_MOST];
    uint16_t stamps[PATCHES_MOST], clocks[PATCHES_MOST];
};

/* Begins anew, for a record like this one. */
void stencil_begin(struct stencil *stencil, const struct record *record);
/* A value of the record stands at text[at..at + width); a number has no other digits than these. */
void stencil_patch(struct stencil *stencil, enum field_id id, bool number, size_t at, size_t width);
/* The head as it was written, with the patches in it, and what stood behind the open value; not ready if any of it is
 * too long. */
void stencil_end(struct stencil *stencil, struct str head, enum field_id open, struct str rest,
                 const struct record *record);

/* The strip for what follows this record, which was the latest to be written with the stencil; false: there is none. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct strip *strip);

static inline bool stencil_fits(const struct stencil *stencil, const struct record *record)
{
    bool same = stencil->ready && stencil->turn == record->generation[LIFE_TURN] &&
                stencil->session == record->generation[LIFE_SESSION];
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        same &= stencil->present[word] == record->present[word];
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

/* Writes the head of the next record of a sequel; false: as above. Numbers go before what may stand before them, and
 * whose end their words may spoil. */
static inline bool stencil_follow(const struct stencil *stencil, struct strip *strip, char *to,
                                  const struct sequel_line *line)
{
    memcpy(to, stencil->text, stencil->length);
    bool fits = stencil_number(strip->offset, to, (int64_t)line->offset);
    for (struct count *count = strip->counts, *end = count + strip->count_count; count < end; count++) {
        if (count->word >> 56 == '9')
            fits &= stencil_carry(count);
        else
            count->word += (uint64_t)1 << 56;
        uint64_t word = htole64(count->word);
        memcpy(to + count->at, &word, sizeof(word));
    }
    for (unsigned i = 0; i < strip->stamp_count; i++)
        memcpy(to + strip->stamps[i], line->stamp, STAMP_TEXT);
    for (unsigned i = 0; i < strip->clock_count; i++)
        memcpy(to + strip->clocks[i], line->clock, STAMP_TEXT);
    return fits;
}

#endif
