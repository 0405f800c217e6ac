/* What unit tests share: cmocka with the headers that must stand before it, and views held against literals. */
#ifndef VIEWS_H
#define VIEWS_H

#include "tcplog/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Reports the place of the assertion, not of this function; NULs inside are compared, too. */
static inline void same_view(struct str found, struct str expected, const char *file, int line)
{
    if (str_equal(found, expected))
        return;
    print_error("'%.*s' (%zu bytes) is not '%.*s' (%zu bytes)\n", (int)(found.n < 200 ? found.n : 200),
                found.p ? found.p : "", found.n, (int)(expected.n < 200 ? expected.n : 200), expected.p,
                expected.n);
    _fail(file, line);
}

#define assert_view(found, literal) same_view((found), STR(literal), __FILE__, __LINE__)
#define assert_str(found, expected) same_view((found), (expected), __FILE__, __LINE__)

/* A copy of exactly these bytes, so that a sanitizer sees a read past their end. The caller frees it. */
static inline struct str exactly(struct str text)
{
    char *p = malloc(text.n ? text.n : 1);
    assert_non_null(p);
    if (text.n)
        memcpy(p, text.p, text.n);
    return (struct str){ p, text.n };
}

#endif
