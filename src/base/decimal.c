/* Decimal digits, two at a time from a table: the one conversion that every record pays for several times. */
#include "base/decimal.h"

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                            "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                            "8081828384858687888990919293949596979899";

static unsigned digits(uint64_t number)
{
    unsigned n = 1;
    while (number >= 10000) {
        number /= 10000;
        n += 4;
    }
    return n + (number >= 10) + (number >= 100) + (number >= 1000);
}

/* Most durations and counts. */
static char *small(char *to, unsigned number)
{
    if (number < 10) {
        *to = (char)('0' + number);
        return to + 1;
    }
    if (number >= 100)
        *to++ = (char)('0' + number / 100);
    memcpy(to, pairs + (size_t)(number % 100) * 2, 2);
    return to + 2;
}

char *decimal(char *to, int64_t number)
{
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    if (rest < 1000 && number >= 0)
        return small(to, (unsigned)rest);
    if (number < 0)
        *to++ = '-';
    char *end = to + digits(rest), *at = end;
    while (rest >= 100) {
        at -= 2;
        memcpy(at, pairs + rest % 100 * 2, 2);
        rest /= 100;
    }
    if (rest >= 10)
        memcpy(at - 2, pairs + rest * 2, 2);
    else
        at[-1] = (char)('0' + rest);
    return end;
}

void counter_renew(struct counter *counter)
{
    char digits[sizeof(counter->digits)] = { 0 };
    counter->length = (uint32_t)(decimal(digits, counter->number) - digits);
    counter->left = (uint32_t)('9' - digits[counter->length - 1]);
    memcpy(counter->digits, digits, sizeof(digits));
}
