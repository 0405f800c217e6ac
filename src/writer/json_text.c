/* JSON strings: long plain stretches are copied, the few bytes that need it escaped. */
#include "writer/json_text.h"

/* RFC 8259 7: \b to \r have letters, but for \v; other control characters are numbers. */
static inline char *escape(char *to, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef", letters[] = "btn\0fr";
    *to++ = '\\';
    if (byte == '"' || byte == '\\') {
        *to++ = (char)byte;
    } else if (byte >= '\b' && byte <= '\r' && byte != '\v') {
        *to++ = letters[byte - '\b'];
    } else {
        *to++ = 'u';
        *to++ = '0';
        *to++ = '0';
        *to++ = hex[byte >> 4];
        *to++ = hex[byte & 15];
    }
    return to;
}

char *json_escaped(char *to, struct str text)
{
    for (;;) {
        size_t n = scan_copy(to, text.p, text.n, '"', '\\', 0x1F);
        to += n;
        if (n == text.n)
            return to;
        to = escape(to, (unsigned char)text.p[n]);
        text = str_from(text, n + 1);
    }
}

char *json_list(char *to, struct list list)
{
    *to++ = '[';
    for (size_t i = 0; i < list.count; i++) {
        if (i)
            *to++ = ',';
        to = json_text(to, list.items[i]);
    }
    *to++ = ']';
    return to;
}
