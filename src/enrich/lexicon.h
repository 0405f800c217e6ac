/* The signs of all rows of diagnosis.def, so arranged that one walk along a text finds all words of them that stand in it.
 * Made once from patterns of signs.h, and never changed after that. */
#ifndef ENRICH_LEXICON_H
#define ENRICH_LEXICON_H

#include "enrich/signs.h"
#include "model/traces.h"

enum {
    LEXICON_WORDS = 768,
    LEXICON_CODES = 256,
    LEXICON_SLOTS = 2048,
    LEXICON_WORD_SHORTEST = 4, /* bytes that are looked up at each place of a text */
};

/* A word, by the slot of its first bytes; `next` is the index + 1 of another one there. */
struct lexicon_word {
    const char *p;
    uint32_t four; /* what it begins with */
    uint16_t n, row, next;
};

struct lexicon {
    struct lexicon_word words[LEXICON_WORDS];
    struct str codes[LEXICON_CODES]; /* all that is no word; those of a row stand together */
    size_t word_count, code_count;
    uint16_t slots[LEXICON_SLOTS];        /* index + 1 of the first word; 0: none */
    uint16_t begins[LEXICON_SLOTS];       /* the stages, as bits, that have words there */
    struct row_set at[STAGES];            /* the rows that are heard there */
    struct row_set anything;              /* the rows that fit everything */
    uint16_t codes_of[FINDINGS_MOST + 1]; /* row r: from codes_of[r] up to codes_of[r + 1] */
};

/* Adds the next row, heard at these stages; false: there is no room for it, or it has too short a word. */
bool lexicon_add(struct lexicon *lexicon, size_t row, unsigned where, const char *pattern);
/* The rows of a stage of which a word stands in the text, or that fit everything. */
struct row_set lexicon_worded(const struct lexicon *lexicon, enum stage stage, const struct spoken *spoken);
/* Whether a code of the row fits. */
bool lexicon_coded(const struct lexicon *lexicon, size_t row, const struct spoken *spoken);

#endif
