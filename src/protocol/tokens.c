/* Records that hold several lines of the wire, with tokens for the line ends between them. */
#include "protocol/tokens.h"

#include "protocol/credentials.h"
#include "protocol/words.h"

/* What stands behind the line end at `at`; nothing where there is none. */
static struct str behind_line_end(struct str text, size_t at)
{
    enum { TOKEN = 4 };
    struct str rest = str_from(text, at);
    if (!str_starts(rest, STR("<cr>")) && !str_starts(rest, STR("<lf>")))
        return str_from(text, text.n);
    rest = str_from(rest, TOKEN);
    return str_from(rest, str_starts(rest, STR("<lf>")) ? TOKEN : 0);
}

bool tokens_any(struct str line)
{
    return line.n > 0;
}

size_t tokens_first_line(struct str text, bool (*begins)(struct str), bool credentials, size_t *used)
{
    struct outlook word = { 0 };
    const char *mark = text.n ? memchr(text.p, '<', text.n) : NULL;
    while (mark) {
        size_t at = (size_t)(mark - text.p);
        struct str behind = behind_line_end(text, at);
        size_t next = text.n - behind.n;
        if (behind.n && (begins(words_beginning(behind)) ||
                         (credentials && credentials_at(text, next, &word) < text.n))) {
            *used = next;
            return at;
        }
        mark = memchr(mark + 1, '<', text.n - at - 1);
    }
    return *used = text.n;
}
