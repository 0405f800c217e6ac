/* A stencil: the head of a row, what all kinds of records share, kept to be copied whole and corrected in the few places
 * where the next record differs. It serves as long as records of one session have the same fields there, and values of
 * the same width: nearly always. A strip is made of one for a sequel, whose records differ in still less.
 * Whoever uses it says where the values lie; it knows neither keys nor quotes. */
#ifndef WRITER_STENCIL_H
#define WRITER_STENCIL_H

#include "base/copy.h"
#include "base/decimal.h"
#include "model/sequel.h"

/* Bytes of the longest head; of the longest rest; places of each sort in a head that change. */
enum { STENCIL_TEXT = 4096, STENCIL_REST = 32, PLACES_MOST = 8 };
enum { FIELD_WORDS = (FIELD_count + 63) / 64 };

/* The head of a record: the fields that every kind has, in front of all else. */
#define HEAD_END ((enum field_id)(FIELD_offset + 1))
_Static_assert(HEAD_END <= 64, "the head is of one word");

/*   text   {"kind":"line", … "sequence":1234567890,"line":…
 *                                         └ word ┘   the last eight digits, or what stands before them
 *
 * A number fits if it has as many digits as the one before it, and the same ones beyond the last eight; those are written
 * as one word, which also brings back what stands before them. */
struct number {
    uint8_t id;
    uint16_t at; /* of the word */
    /* numbers that fit: least … least + count - 1; base: what eight digits do not show */
    uint64_t least, count, base;
    uint64_t mask, before; /* which bytes of the word are digits, and the others */
    uint64_t last, word;   /* the number written last, and its word */
};

/* A text of that width. */
struct words {
    uint8_t id;
    uint16_t at, width;
};

struct stencil {
    bool ready, bad; /* bad: cannot become ready */
    uint8_t number_count, words_count;
    uint16_t length;
    uint64_t present; /* fields of the head */
    uint64_t session; /* generation */
    struct number numbers[PLACES_MOST];
    struct words words[PLACES_MOST];
    char text[STENCIL_TEXT];
};

/* A number that goes up by one from record to record: its word, as above. */
struct count {
    uint16_t at;
    uint64_t word, mask;
};

/* What the records of a sequel change; all else is in the stencil's text. */
struct strip {
    struct number *offset;
    unsigned count_count;
    struct count counts[PLACES_MOST]; /* from the end of the head to its start */
    uint16_t stamp, clock;            /* where they stand; 0: nowhere */
    uint16_t length;                  /* of the head, and of what stands between it and the text */
    uint8_t rest_length;
    char rest[STENCIL_REST]; /* what stands behind the text */
};

/* Begins anew, for records that have the fields of this one in their heads; it is not ready. */
void stencil_begin(struct stencil *stencil, const struct record *record);
/* A number ends at text[end]. */
void stencil_number(struct stencil *stencil, enum field_id id, size_t end, int64_t value);
/* A text of the record does; if the record's sequence ends it, only that is taken to change. */
void stencil_text(struct stencil *stencil, enum field_id id, size_t end, const struct record *record);
/* The head as it was written: ready, unless it is too long. */
void stencil_end(struct stencil *stencil, struct str head);
/* The strip for what follows this record, which was the latest to be written with the stencil: `lead` stood between head
 * and text, `rest` behind it. False: there is none. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct str lead, struct str rest,
                   struct strip *strip);

static inline uint64_t stencil_present(const struct record *record)
{
    return record->present[0] & (((uint64_t)1 << HEAD_END) - 1);
}

/* Whether a record has the same fields in its head as the one that the stencil was begun for. */
static inline bool stencil_like(const struct stencil *stencil, const struct record *record)
{
    return stencil->session == record->generation[LIFE_SESSION] &&
           stencil->present == stencil_present(record);
}

/* The last digit stands in the highest byte of a word. Most numbers count lines: the next one differs in it alone. */
static inline bool stencil_put(struct number *place, char *to, int64_t value)
{
    uint64_t number = (uint64_t)value, word = place->word;
    if (number == place->last + 1 && word >> 56 != '9') {
        word += (uint64_t)1 << 56;
    } else if (number - place->least < place->count) {
        uint64_t digits = decimal_digits((uint32_t)(number - place->base)) | 0x3030303030303030u;
        word = (digits & place->mask) | place->before;
    } else {
        return false;
    }
    place->last = number;
    place->word = word;
    word = htole64(word);
    memcpy(to + place->at, &word, sizeof(word));
    return true;
}

/* Writes the head of a record that fits; false: a value has another width, and what was written does not count. */
static inline bool stencil_write(struct stencil *stencil, char *to, const struct record *record)
{
    memcpy(to, stencil->text, stencil->length);
    /* from the last one on: a word may spoil the end of the value before it, which then is written anyway */
    for (struct number *each = stencil->numbers + stencil->number_count; each-- > stencil->numbers;)
        if (!stencil_put(each, to, record->values[each->id].number))
            return false;
    for (const struct words *each = stencil->words, *end = each + stencil->words_count; each < end; each++) {
        struct str text = record->values[each->id].text;
        if (text.n != each->width)
            return false;
        copy_short(to + each->at, text.p, text.n);
    }
    return true;
}

/* Goes on from a word whose last digit is 9; false: it needs another digit. */
bool stencil_carry(struct count *count);

/* Writes the next record of a sequel up to its text; false: as above. Numbers go before what may stand before them, and
 * whose end their words may spoil. */
static inline bool stencil_follow(const struct stencil *stencil, struct strip *strip, char *to,
                                  const struct sequel_line *line)
{
    memcpy(to, stencil->text, strip->length);
    bool fits = stencil_put(strip->offset, to, (int64_t)line->offset);
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
