/* Integers as decimal digits, and the two- and three-digit fields of time stamps, without locale or format strings.
 * The caller has room: DECIMAL_MOST bytes hold any number. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "tcplog/str.h"

#include <stdint.h>

enum { DECIMAL_MOST = 20 };

/* Writes number at `to` and answers the end of it. Four digits a step: numbers stand in every record. */
char *decimal(char *to, int64_t number);

/* A number that mostly counts up by one: its digits are kept, and the last one moved on. They live in words, written and
 * read as words: a word that is read right after one of its bytes was written waits for the store to leave the core.
 * Zeroed: nothing counted yet. */
struct counter {
    int64_t number;
    uint32_t length; /* digits kept; 0: none */
    uint32_t left;   /* steps until the last digit carries */
    uint64_t digits[3];
};

/* Makes the digits anew. */
void counter_renew(struct counter *counter);

/* Writes number at `to`, which has room for 24 bytes, and answers the end of it. */
static inline char *counter_write(struct counter *counter, char *to, int64_t number)
{
    bool next = number > 0 && number - 1 == counter->number;
    counter->number = number;
    if (!next) {
        counter->length = 0;
        return decimal(to, number);
    }
    if (counter->length && counter->left) {
        uint32_t last = counter->length - 1, bit = last % 8 * 8;
        counter->left--;
        counter->digits[last / 8] += (uint64_t)1
                                     << (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? bit : 56 - bit);
    } else {
        counter_renew(counter);
    }
    memcpy(to, &counter->digits[0], 8);
    memcpy(to + 8, &counter->digits[1], 8);
    memcpy(to + 16, &counter->digits[2], 8);
    return to + counter->length;
}

static inline char *decimal_two(char *to, unsigned number)
{
    to[0] = (char)('0' + number / 10);
    to[1] = (char)('0' + number % 10);
    return to + 2;
}

static inline char *decimal_three(char *to, unsigned number)
{
    to[0] = (char)('0' + number / 100);
    return decimal_two(to + 1, number % 100);
}

static inline bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* The digits at the start of text as a number, and how many there are (at most nine, so that nothing wraps). */
static inline size_t decimal_read(struct str text, uint32_t *number)
{
    size_t i = 0;
    for (*number = 0; i < text.n && i < 9 && is_digit(text.p[i]); i++)
        *number = *number * 10 + (uint32_t)(text.p[i] - '0');
    return i;
}

/* As decimal_read for sizes: up to 18 digits. */
static inline size_t decimal_read_long(struct str text, uint64_t *number)
{
    size_t i = 0;
    for (*number = 0; i < text.n && i < 18 && is_digit(text.p[i]); i++)
        *number = *number * 10 + (uint64_t)(text.p[i] - '0');
    return i;
}

#endif
