/* Texts as JSON strings (RFC 8259 7): quotes and escapes around what is already valid UTF-8. */
#ifndef WRITER_JSON_TEXT_H
#define WRITER_JSON_TEXT_H

#include "tcplog/buf.h"
#include "tcplog/record.h"

/* Both leave `slack` bytes of room behind them. */
void json_text(struct buf *out, struct str text, size_t slack);
void json_list(struct buf *out, struct list list, size_t slack);

#endif
