/* Makes stencils: seldom, so without haste. */
#include "writer/stencil.h"

enum { WORD = sizeof(uint64_t) };

void stencil_begin(struct stencil *stencil, const struct record *record)
{
    stencil->ready = true;
    stencil->patch_count = 0;
    stencil->turn = record->generation[LIFE_TURN];
    stencil->session = record->generation[LIFE_SESSION];
    memcpy(stencil->present, record->present, sizeof(stencil->present));
}

void stencil_patch(struct stencil *stencil, enum field_id id, bool number, size_t at, size_t width)
{
    /* a digit too many, or no room before it for a whole word? this head is not for stencils */
    bool room = at + width <= STENCIL_TEXT && (!number || at + width >= WORD);
    if (stencil->patch_count == PATCHES_MOST || !room) {
        stencil->ready = false;
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

void stencil_end(struct stencil *stencil, struct str head, enum field_id open, struct str rest,
                 const struct record *record)
{
    stencil->ready &= head.n <= STENCIL_TEXT && rest.n <= STENCIL_REST;
    if (!stencil->ready)
        return;
    stencil->open = (uint8_t)open;
    stencil->rest_length = (uint8_t)rest.n;
    memcpy(stencil->rest, rest.p, rest.n);
    memcpy(stencil->text, head.p, head.n);
    stencil->length = (uint16_t)head.n;
    for (struct patch *patch = stencil->patches; patch < stencil->patches + stencil->patch_count; patch++)
        if (patch->number)
            fit_number(patch, stencil->text, (uint64_t)record->values[patch->id].number);
}
