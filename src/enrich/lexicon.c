/* The first four bytes of a word are hashed, and so are each four of a text: hardly any of those begin a word, so that a
 * text costs a few instructions a byte, however many words there are. */
#include "enrich/lexicon.h"

static unsigned slot_of(const char *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof(four));
    return (four * 2654435769u) >> (32 - 11);
}

_Static_assert(STAGES <= 16, "uint16_t has a bit for each stage");
_Static_assert(LEXICON_SLOTS == 1 << 11, "slot_of() answers as many bits");

static bool add_word(struct lexicon *lexicon, size_t row, unsigned where, struct str word)
{
    if (word.n < LEXICON_WORD_SHORTEST || lexicon->word_count == LEXICON_WORDS)
        return false;
    unsigned slot = slot_of(word.p);
    lexicon->words[lexicon->word_count++] =
        (struct lexicon_word){ word.p, (uint16_t)word.n, (uint16_t)row, lexicon->slots[slot] };
    lexicon->slots[slot] = (uint16_t)lexicon->word_count;
    lexicon->begins[slot] |= (uint16_t)where;
    return true;
}

static bool add_code(struct lexicon *lexicon, struct str code)
{
    if (lexicon->code_count == LEXICON_CODES)
        return false;
    lexicon->codes[lexicon->code_count++] = code;
    return true;
}

bool lexicon_add(struct lexicon *lexicon, size_t row, unsigned where, const char *pattern)
{
    bool fits = true;
    for (unsigned stage = 0; stage < STAGES; stage++)
        if (where >> stage & 1)
            row_set_add(&lexicon->at[stage], row);
    if (*pattern == '\0')
        row_set_add(&lexicon->anything, row);
    while (*pattern) {
        struct str sign = signs_next(&pattern);
        fits &= signs_is_words(sign) ? add_word(lexicon, row, where, sign) : add_code(lexicon, sign);
    }
    lexicon->codes_of[row + 1] = (uint16_t)lexicon->code_count;
    return fits;
}

/* The words that begin like the text at p. */
static void look_up(const struct lexicon *lexicon, struct str text, struct row_set *found)
{
    for (uint16_t i = lexicon->slots[slot_of(text.p)]; i; i = lexicon->words[i - 1].next) {
        const struct lexicon_word *word = &lexicon->words[i - 1];
        if (str_starts(text, (struct str){ word->p, word->n }))
            row_set_add(found, word->row);
    }
}

struct row_set lexicon_worded(const struct lexicon *lexicon, enum stage stage, const struct spoken *spoken)
{
    const struct row_set *heard = &lexicon->at[__builtin_ctz(stage)];
    struct row_set found = lexicon->anything;
    struct str text = spoken->text;
    for (size_t i = 0; i + LEXICON_WORD_SHORTEST <= text.n; i++)
        if (lexicon->begins[slot_of(text.p + i)] & stage)
            look_up(lexicon, str_from(text, i), &found);
    found.bits[0] &= heard->bits[0];
    found.bits[1] &= heard->bits[1];
    return found;
}

bool lexicon_coded(const struct lexicon *lexicon, size_t row, const struct spoken *spoken)
{
    size_t end = lexicon->codes_of[row + 1], i = lexicon->codes_of[row];
    while (i < end && !signs_code_fits(lexicon->codes[i], spoken))
        i++;
    return i < end;
}
