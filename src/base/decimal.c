/* The groups of three digits; and numbers of more than nine digits: offsets in large logs, and what is negative. */
#include "base/decimal.h"

/* Those with hundreds and tens given, and those with hundreds given. A zero in front counts only behind zeros. */
#define GROUP(h, t, o, zeros) \
    {                         \
        { h, t, o }, zeros    \
    }
#define ONES(h, t, zeros)                                                                                   \
    GROUP(h, t, '0', zeros), GROUP(h, t, '1', zeros), GROUP(h, t, '2', zeros), GROUP(h, t, '3', zeros),     \
        GROUP(h, t, '4', zeros), GROUP(h, t, '5', zeros), GROUP(h, t, '6', zeros), GROUP(h, t, '7', zeros), \
        GROUP(h, t, '8', zeros), GROUP(h, t, '9', zeros)
#define TENS(h, below_ten, zeros)                                                           \
    ONES(h, '0', below_ten), ONES(h, '1', zeros), ONES(h, '2', zeros), ONES(h, '3', zeros), \
        ONES(h, '4', zeros), ONES(h, '5', zeros), ONES(h, '6', zeros), ONES(h, '7', zeros), \
        ONES(h, '8', zeros), ONES(h, '9', zeros)

const struct decimal_group decimal_groups[1000] = {
    TENS('0', 2, 1), TENS('1', 0, 0), TENS('2', 0, 0), TENS('3', 0, 0), TENS('4', 0, 0),
    TENS('5', 0, 0), TENS('6', 0, 0), TENS('7', 0, 0), TENS('8', 0, 0), TENS('9', 0, 0),
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
