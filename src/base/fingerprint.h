/* A hash of bytes that come piece by piece (XXH3-128): equal for equal bytes, however they were cut. It tells one file
 * from another, and protects nothing: it is for whole logs, never for a text that could be a secret. */
#ifndef BASE_FINGERPRINT_H
#define BASE_FINGERPRINT_H

#include "tcplog/str.h"

enum { FINGERPRINT_DIGITS = 32 };

struct fingerprint;

/* NULL: no memory. */
struct fingerprint *fingerprint_make(void);
void fingerprint_free(struct fingerprint *print);
/* Forgets what it was shown. */
void fingerprint_begin(struct fingerprint *print);
void fingerprint_add(struct fingerprint *print, struct str bytes);
/* Of all bytes since it began, as hexadecimal digits. */
void fingerprint_tell(const struct fingerprint *print, char digits[FINGERPRINT_DIGITS + 1]);

#endif
