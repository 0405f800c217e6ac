/* Groups of three digits; and numbers of more than nine digits: offsets in large logs, and what is negative. */
#include "base/decimal.h"

/* A table of a thousand, of three macros for its hundreds, tens and ones. */
#define TEN(row, h, t)                                                                              \
    row(h, t, '0'), row(h, t, '1'), row(h, t, '2'), row(h, t, '3'), row(h, t, '4'), row(h, t, '5'), \
        row(h, t, '6'), row(h, t, '7'), row(h, t, '8'), row(h, t, '9')
#define TENS(row, h)                                                                          \
    TEN(row, h, '1'), TEN(row, h, '2'), TEN(row, h, '3'), TEN(row, h, '4'), TEN(row, h, '5'), \
        TEN(row, h, '6'), TEN(row, h, '7'), TEN(row, h, '8'), TEN(row, h, '9')
#define HUNDREDS(row)                                                                               \
    TEN(row, '1', '0'), TENS(row, '1'), TEN(row, '2', '0'), TENS(row, '2'), TEN(row, '3', '0'),     \
        TENS(row, '3'), TEN(row, '4', '0'), TENS(row, '4'), TEN(row, '5', '0'), TENS(row, '5'),     \
        TEN(row, '6', '0'), TENS(row, '6'), TEN(row, '7', '0'), TENS(row, '7'), TEN(row, '8', '0'), \
        TENS(row, '8'), TEN(row, '9', '0'), TENS(row, '9')
#define THREE(h, t, o) \
    {                  \
        { h, t, o }, 3 \
    }
#define TWO(h, t, o) \
    {                \
        { t, o }, 2  \
    }
#define ONE(h, t, o) \
    {                \
        { o }, 1     \
    }

const struct decimal_group decimal_groups[1000] = {
    TEN(THREE, '0', '0'),
    TENS(THREE, '0'),
    HUNDREDS(THREE),
};

const struct decimal_group decimal_firsts[1000] = {
    TEN(ONE, '0', '0'),
    TENS(TWO, '0'),
    HUNDREDS(THREE),
};

char *decimal_long(char *to, int64_t number)
{
    /* negated without a sign: the least number has no positive counterpart */
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    if (number < 0)
        *to++ = '-';
    /* eight digits at a time, the first ones first: at most three words, so at most two calls deep */
    if (rest >= DECIMAL_WORD)
        to = decimal_long(to, (int64_t)(rest / DECIMAL_WORD));
    else
        return decimal(to, (int64_t)rest);
    uint64_t digits = htole64(decimal_digits((uint32_t)(rest % DECIMAL_WORD)) | 0x3030303030303030u);
    memcpy(to, &digits, sizeof(digits));
    return to + sizeof(digits);
}
