/* Texts as JSON strings (RFC 8259 7): quotes and escapes around what is already valid UTF-8. The caller has room for
 * six bytes a byte, the quotes, and ROW_PAST more. */
#ifndef WRITER_JSON_TEXT_H
#define WRITER_JSON_TEXT_H

#include "tcplog/record.h"

/* Both answer the end of what they wrote. */
char *json_text(char *to, struct str text);
char *json_list(char *to, struct list list);

#endif
