/* What a byte is in a command line, looked up. Blanks part the words of a command; those of a stray line are parted by
 * control bytes and no-break spaces of either encoding, too. Private to words.c and credentials.c. */
#ifndef PROTOCOL_WORD_BYTES_H
#define PROTOCOL_WORD_BYTES_H

#include <stdbool.h>

enum { BLANK = 1, SEPARATOR = 2, DIGIT = 4, LETTER = 8 };

extern const unsigned char word_bytes[256];

static inline bool is_byte(char c, unsigned kind)
{
    return word_bytes[(unsigned char)c] & kind;
}

static inline bool blank(char c)
{
    return is_byte(c, BLANK);
}

static inline bool separates(char c)
{
    return is_byte(c, SEPARATOR);
}

static inline bool is_letter(char c)
{
    return is_byte(c, LETTER);
}

static inline bool is_alnum(char c)
{
    return is_byte(c, DIGIT | LETTER);
}

#endif
