/* The canonical form, most significant byte first, so that the digits are those that xxh128sum prints. */
#include "base/fingerprint.h"

#include <stdio.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

struct fingerprint {
    XXH3_state_t state;
};

struct fingerprint *fingerprint_make(void)
{
    /* the state wants more alignment than malloc gives */
    struct fingerprint *print = aligned_alloc(_Alignof(struct fingerprint), sizeof(struct fingerprint));
    if (print)
        fingerprint_begin(print);
    return print;
}

void fingerprint_free(struct fingerprint *print)
{
    free(print);
}

void fingerprint_begin(struct fingerprint *print)
{
    XXH3_INITSTATE(&print->state);
    XXH3_128bits_reset(&print->state);
}

void fingerprint_add(struct fingerprint *print, struct str bytes)
{
    XXH3_128bits_update(&print->state, bytes.p, bytes.n);
}

void fingerprint_tell(const struct fingerprint *print, char digits[FINGERPRINT_DIGITS + 1])
{
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits_digest(&print->state));
    for (size_t i = 0; i < sizeof(bytes.digest); i++)
        snprintf(digits + 2 * i, 3, "%02x", bytes.digest[i]);
}
