/* One look at the text: a quoted local part may hold what else would end the path, as in <"a>b"@c.example>. */
#include "protocol/mail_path.h"

#include <stdbool.h>

size_t mail_path_end(struct str text, char end)
{
    bool quoted = false;
    size_t first = text.n;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == end && first == text.n)
            first = i;
        if (!quoted && text.p[i] == end)
            return i;
        if (text.p[i] == '"')
            quoted = !quoted;
        else if (quoted && text.p[i] == '\\')
            i++;
    }
    /* a quote that never ends is none */
    return quoted ? first : text.n;
}
