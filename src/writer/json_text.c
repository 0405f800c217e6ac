/* JSON strings: long plain stretches are copied, the few bytes that need it escaped. */
#include "writer/json_text.h"

#include "base/scan.h"

static char *escape(char *to, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef", letters[] = "btn\0fr";
    *to++ = '\\';
    if (byte == '"' || byte == '\\') {
        *to++ = (char)byte;
    } else if (byte >= '\b' && byte <= '\r' && byte != '\v') {
        *to++ = letters[byte - '\b'];
    } else {
        memcpy(to, "u00", 3);
        to[3] = hex[byte >> 4];
        to[4] = hex[byte & 15];
        to += 5;
    }
    return to;
}

void json_text(struct buf *out, struct str text, size_t slack)
{
    enum { ESCAPE_LONGEST = 6, QUOTES = 2 };
    char *to = tcplog_buf_room(out, text.n * ESCAPE_LONGEST + QUOTES + slack);
    if (!to)
        return;
    *to++ = '"';
    for (size_t i = 0; i < text.n; i++) {
        size_t n = scan_plain(text.p + i, text.n - i, '"', '\\', 0x1F);
        memcpy(to, text.p + i, n);
        to += n;
        i += n;
        if (i < text.n)
            to = escape(to, (unsigned char)text.p[i]);
    }
    *to++ = '"';
    out->n = (size_t)(to - out->p);
}

void json_list(struct buf *out, struct list list, size_t slack)
{
    tcplog_buf_add(out, STR("["));
    for (size_t i = 0; i < list.count; i++) {
        if (i)
            tcplog_buf_add(out, STR(","));
        json_text(out, list.items[i], slack);
    }
    tcplog_buf_add(out, STR("]"));
    tcplog_buf_room(out, slack);
}
