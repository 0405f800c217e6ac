/* Integers as decimal digits, and the two- and three-digit fields of time stamps, without locale or format strings.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "tcplog/str.h"

#include <endian.h>
#include <stdint.h>

/* Bytes that the longest number takes; what the room for one must be, since digits are stored in words. */
enum { DECIMAL_MOST = 20, DECIMAL_ROOM = 32 };

/* Below this a number is one word of eight digits. */
enum { DECIMAL_WORD = 100000000 };

/* The eight digits of number < DECIMAL_WORD, each 0 to 9 in a byte, the first one in the lowest. Hundreds, tens and ones
 * of all places are split at once: a division by a constant is a multiplication, and no product reaches the next lane.
 *
 *   12345678   fours     |    5678 |    1234 |     lanes, the lowest at the right: it is stored first
 *              twos      | 78 | 56 | 34 | 12 |     n * 10486 >> 20 is n / 100 for all n below 10000
 *              digits    |8|7|6|5|4|3|2|1|         n * 103 >> 10 is n / 10 for all n below 100 */
static inline uint64_t decimal_digits(uint32_t number)
{
    uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
    uint64_t hundreds = (fours * 10486) >> 20 & 0x0000007F0000007Fu;
    uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    uint64_t tens = (twos * 103) >> 10 & 0x000F000F000F000Fu;
    return tens | (twos - tens * 10) << 8;
}

/* The digits of a number below 1000, and how many they are: all three; and without the zeros in front. */
struct decimal_group {
    char digits[3];
    uint8_t count;
};
extern const struct decimal_group decimal_groups[1000], decimal_firsts[1000];

/* What has more than nine digits, or is negative. */
char *decimal_long(char *to, int64_t number);

/* The digits of number < 1000 at `to`, without the zeros in front; writes four bytes. */
static inline char *decimal_first(char *to, uint64_t number)
{
    memcpy(to, &decimal_firsts[number], sizeof(struct decimal_group));
    return to + decimal_firsts[number].count;
}

/* All three digits of number < 1000; writes four bytes. */
static inline char *decimal_next(char *to, uint32_t number)
{
    memcpy(to, &decimal_groups[number], sizeof(struct decimal_group));
    return to + 3;
}

/* number / 1000 as the product that it is by a constant: in a function of many numbers compilers take each for rare, and
 * divide to save some bytes. */
static inline uint32_t decimal_thousands(uint32_t number)
{
    return (uint32_t)((uint64_t)number * 274877907u >> 38);
}

/* Writes number at `to`, which has DECIMAL_ROOM, and answers the end of it. Groups of three come out of a table: numbers
 * stand in every record, and most have few digits. */
static inline __attribute__((always_inline)) char *decimal(char *to, int64_t number)
{
    if (__builtin_expect((uint64_t)number < 1000, 1))
        return decimal_first(to, (uint64_t)number);
    if ((uint64_t)number >= 1000000000)
        return decimal_long(to, number);
    uint32_t all = (uint32_t)number, thousands = decimal_thousands(all),
             millions = decimal_thousands(thousands);
    if (millions == 0)
        return decimal_next(decimal_first(to, thousands), all - thousands * 1000);
    to = decimal_next(decimal_first(to, millions), thousands - millions * 1000);
    return decimal_next(to, all - thousands * 1000);
}

/* The two digits of a number below 100; answers their end. */
static inline char *decimal_two(char *to, unsigned number)
{
    to[0] = (char)('0' + number / 10);
    to[1] = (char)('0' + number % 10);
    return to + 2;
}

/* The three digits of one below 1000. */
static inline char *decimal_three(char *to, unsigned number)
{
    to[0] = (char)('0' + number / 100);
    return decimal_two(to + 1, number % 100);
}

/* Of ASCII, whatever the locale; isdigit(3) would ask it. */
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

/* As decimal_read for sizes: up to 18 digits, which fit into an int64_t, too. */
static inline size_t decimal_read_long(struct str text, uint64_t *number)
{
    size_t i = 0;
    for (*number = 0; i < text.n && i < 18 && is_digit(text.p[i]); i++)
        *number = *number * 10 + (uint64_t)(text.p[i] - '0');
    return i;
}

#endif
