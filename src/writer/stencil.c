/* Makes stencils: seldom, so without haste. */
#include "writer/stencil.h"

enum { WORD = sizeof(uint64_t), STENCIL_BAD = UINT16_MAX };

void stencil_begin(struct stencil *stencil, const struct record *record, const uint64_t *head)
{
    stencil->ready = false;
    stencil->patch_count = 0;
    stencil->length = 0;
    stencil->session = record->generation[LIFE_SESSION];
    for (unsigned word = 0; word < FIELD_WORDS; word++)
        stencil->present[word] = record->present[word] & head[word];
}

void stencil_patch(struct stencil *stencil, enum field_id id, bool number, size_t at, size_t width)
{
    /* a digit too many, or no room before it for a whole word? this head is not for stencils */
    bool room = at + width <= STENCIL_TEXT && (!number || at + width >= WORD);
    if (stencil->patch_count == PATCHES_MOST || !room) {
        stencil->length = STENCIL_BAD;
        return;
    }
    stencil->patches[stencil->patch_count++] =
        (struct patch){ .id = (uint8_t)id, .number = number, .at = (uint16_t)at, .width = (uint16_t)width };
}

static uint64_t power(size_t exponent)
{
    uint64_t result = 1;
    while (exponent--)
        result *= 10;
    return result;
}

/* Which numbers may take the place of this one, and how they are written there as one word. */
static void fit_number(struct patch *patch, const char *text, uint64_t number)
{
    size_t shown = patch->width < WORD ? patch->width : WORD;
    /* beyond the digits shown nothing may change: behind 1234567890, 1299999999 is the last that fits */
    patch->base = number - number % power(shown);
    patch->least = patch->base;
    patch->count = power(shown);
    /* no leading zeros, but for zero itself */
    if (patch->width <= WORD && patch->width > 1) {
        patch->least = power(shown - 1);
        patch->count -= patch->least;
    }
    /* a number has a digit at least */
    patch->mask = shown ? ~(uint64_t)0 << (WORD - shown) * 8 : 0;
    memcpy(&patch->word, text + patch->at + patch->width - WORD, WORD);
    patch->word = le64toh(patch->word);
    patch->before = patch->word & ~patch->mask;
    patch->last = number;
}

void stencil_end(struct stencil *stencil, struct str head, const struct record *record)
{
    stencil->ready = stencil->length != STENCIL_BAD && head.n <= STENCIL_TEXT;
    if (!stencil->ready)
        return;
    memcpy(stencil->text, head.p, head.n);
    stencil->length = (uint16_t)head.n;
    for (struct patch *patch = stencil->patches; patch < stencil->patches + stencil->patch_count; patch++)
        if (patch->number)
            fit_number(patch, stencil->text, (uint64_t)record->values[patch->id].number);
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

static void add_count(struct strip *strip, const struct patch *patch)
{
    strip->counts[strip->count_count++] = (struct count){ .at = (uint16_t)(patch->at + patch->width - WORD),
                                                          .word = patch->word,
                                                          .mask = patch->mask };
}

/* The sequence at the end of an id is counted as a number is. */
static void add_sequence(const struct stencil *stencil, struct strip *strip, const struct patch *text,
                         uint64_t sequence)
{
    char digits[DECIMAL_ROOM];
    struct patch number = { .number = true };
    number.width = (uint16_t)(decimal(digits, (int64_t)sequence) - digits);
    number.at = (uint16_t)(text->at + text->width - number.width);
    fit_number(&number, stencil->text, sequence);
    add_count(strip, &number);
}

/* False: no place for what changes here. */
static bool add_place(const struct stencil *stencil, struct strip *strip, struct patch *patch,
                      const struct record *record)
{
    switch (sequel_change((enum field_id)patch->id)) {
    case CHANGE_NONE: return !patch->number;
    case CHANGE_COUNT: add_count(strip, patch); break;
    case CHANGE_SEQUENCE: add_sequence(stencil, strip, patch, (uint64_t)sequel_sequence(record)); break;
    case CHANGE_OFFSET: strip->offset = patch; break;
    case CHANGE_STAMP: strip->stamp = patch->at; break;
    case CHANGE_TIME: strip->clock = (uint16_t)(patch->at + SEQUEL_CLOCK); break;
    case CHANGE_TEXT: return false;
    }
    return true;
}

/* Texts that no record of the sequel changes, too, may have changed since the head was kept. */
bool stencil_strip(struct stencil *stencil, const struct record *record, struct str lead, struct str rest,
                   struct strip *strip)
{
    bool fits = stencil->ready && rest.n <= STENCIL_REST && stencil->length + lead.n <= STENCIL_TEXT;
    *strip = (struct strip){ 0 };
    for (struct patch *patch = stencil->patches + stencil->patch_count; fits && patch-- > stencil->patches;) {
        if (!patch->number)
            memcpy(stencil->text + patch->at, record->values[patch->id].text.p, patch->width);
        fits = add_place(stencil, strip, patch, record);
    }
    if (!fits || !strip->offset)
        return false;
    memcpy(stencil->text + stencil->length, lead.p, lead.n);
    memcpy(strip->rest, rest.p, rest.n);
    strip->length = (uint16_t)(stencil->length + lead.n);
    strip->rest_length = (uint8_t)rest.n;
    return true;
}
