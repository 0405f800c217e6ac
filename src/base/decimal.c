/* Numbers of more than eight digits: offsets in large logs, and what is negative. */
#include "base/decimal.h"

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
