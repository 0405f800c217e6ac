/* Texts as JSON strings (RFC 8259 7): quotes and escapes around what is already valid UTF-8. The caller has room for
 * six bytes a byte, the quotes, and ROW_PAST more. */
#ifndef WRITER_JSON_TEXT_H
#define WRITER_JSON_TEXT_H

#include "base/scan.h"
#include "tcplog/record.h"

/* All answer the end of what they wrote. */
char *json_list(char *to, struct list list);
/* What stands between the quotes, where some of it must be escaped. */
char *json_escaped(char *to, struct str text);

/* The same of any text. */
static inline __attribute__((always_inline)) char *json_inside(char *to, struct str text)
{
    return scan_copy_all(to, text.p, text.n, '"', '\\', 0x1F) ? to + text.n : json_escaped(to, text);
}

static inline char *json_text(char *to, struct str text)
{
    *to++ = '"';
    to = json_inside(to, text);
    *to++ = '"';
    return to;
}

#endif
