/* Makes stencils: seldom, so without haste. */
#include "writer/stencil.h"

enum { WORD = sizeof(uint64_t) };

void stencil_begin(struct stencil *stencil, const struct record *record)
{
    stencil->ready = stencil->bad = false;
    stencil->number_count = stencil->words_count = 0;
    stencil->length = 0;
    stencil->session = record->generation[LIFE_SESSION];
    stencil->present = stencil_present(record);
}

static uint64_t power(size_t exponent)
{
    uint64_t result = 1;
    while (exponent--)
        result *= 10;
    return result;
}

/* Which numbers may take the place of this one. */
static struct number number_at(enum field_id id, size_t end, size_t width, uint64_t value)
{
    size_t shown = width < WORD ? width : WORD;
    struct number number = { .id = (uint8_t)id, .at = (uint16_t)(end - WORD), .last = value };
    /* beyond the digits shown nothing may change: behind 1234567890, 1299999999 is the last that fits */
    number.base = value - value % power(shown);
    number.least = number.base;
    number.count = power(shown);
    /* no leading zeros, but for zero itself */
    if (width <= WORD && width > 1) {
        number.least = power(shown - 1);
        number.count -= number.least;
    }
    /* a number has a digit at least */
    number.mask = shown ? ~(uint64_t)0 << (WORD - shown) * 8 : 0;
    return number;
}

void stencil_number(struct stencil *stencil, enum field_id id, size_t end, int64_t value)
{
    char digits[DECIMAL_ROOM];
    size_t width = (size_t)(decimal(digits, value) - digits);
    /* no room before it for a whole word, or a sign? this head is not for stencils */
    if (stencil->number_count == PLACES_MOST || end > STENCIL_TEXT || end < WORD || value < 0)
        stencil->bad = true;
    else
        stencil->numbers[stencil->number_count++] = number_at(id, end, width, (uint64_t)value);
}

/* Whether it does what a field of CHANGE_SEQUENCE should. */
static bool ends_with_sequence(const struct record *record, struct str text)
{
    char digits[DECIMAL_ROOM];
    size_t n = (size_t)(decimal(digits, sequel_sequence(record)) - digits);
    return record_has(record, FIELD_sequence) && str_ends(text, (struct str){ digits, n });
}

void stencil_text(struct stencil *stencil, enum field_id id, size_t end, const struct record *record)
{
    struct str text = record->values[id].text;
    if (sequel_change(id) == CHANGE_SEQUENCE && ends_with_sequence(record, text))
        stencil_number(stencil, FIELD_sequence, end, sequel_sequence(record));
    else if (stencil->words_count == PLACES_MOST || end > STENCIL_TEXT || end < text.n)
        stencil->bad = true;
    else
        stencil->words[stencil->words_count++] =
            (struct words){ .id = (uint8_t)id, .at = (uint16_t)(end - text.n), .width = (uint16_t)text.n };
}

void stencil_end(struct stencil *stencil, struct str head)
{
    stencil->ready = !stencil->bad && head.n <= STENCIL_TEXT;
    if (!stencil->ready)
        return;
    memcpy(stencil->text, head.p, head.n);
    stencil->length = (uint16_t)head.n;
    for (struct number *each = stencil->numbers; each < stencil->numbers + stencil->number_count; each++) {
        memcpy(&each->word, stencil->text + each->at, WORD);
        each->word = le64toh(each->word);
        each->before = each->word & ~each->mask;
    }
}

bool stencil_carry(struct count *count)
{
    for (unsigned shift = 56;; shift -= 8) {
        uint64_t digit = count->word >> shift & 0xFF;
        if ((count->mask >> shift & 1) == 0)
            return false;
        if (digit != '9') {
            count->word += (uint64_t)1 << shift;
            return true;
        }
        count->word -= (uint64_t)9 << shift;
        if (shift == 0)
            return false;
    }
}

/* False: no place for what changes here. */
static bool add_number(struct strip *strip, struct number *number)
{
    switch (sequel_change((enum field_id)number->id)) {
    case CHANGE_OFFSET: strip->offset = number; return true;
    case CHANGE_COUNT:
        strip->counts[strip->count_count++] =
            (struct count){ .at = number->at, .word = number->word, .mask = number->mask };
        return true;
    default: return false;
    }
}

static bool add_text(struct strip *strip, const struct words *words)
{
    switch (sequel_change((enum field_id)words->id)) {
    case CHANGE_NONE: return true;
    case CHANGE_STAMP: strip->stamp = words->at; return words->width == STAMP_TEXT;
    case CHANGE_TIME:
        strip->clock = (uint16_t)(words->at + SEQUEL_CLOCK);
        return words->width >= SEQUEL_CLOCK + STAMP_TEXT;
    default: return false;
    }
}

/* Texts that no record of the sequel changes may have changed since the head was kept. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct str lead, struct str rest,
                   struct strip *strip)
{
    bool fits = stencil->ready && rest.n <= STENCIL_REST && stencil->length + lead.n <= STENCIL_TEXT;
    *strip = (struct strip){ 0 };
    for (struct number *each = stencil->numbers + stencil->number_count; fits && each-- > stencil->numbers;)
        fits = add_number(strip, each);
    for (struct words *each = stencil->words; fits && each < stencil->words + stencil->words_count; each++) {
        copy_short(stencil->text + each->at, record->values[each->id].text.p, each->width);
        fits = add_text(strip, each);
    }
    if (!fits || !strip->offset)
        return false;
    memcpy(stencil->text + stencil->length, lead.p, lead.n);
    memcpy(strip->rest, rest.p, rest.n);
    strip->length = (uint16_t)(stencil->length + lead.n);
    strip->rest_length = (uint8_t)rest.n;
    return true;
}
