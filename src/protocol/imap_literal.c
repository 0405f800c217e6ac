/* The arithmetic of literals. A line's end may be the literal's, or that of the command or response around it. */
#include "protocol/imap_literal.h"

#include "base/decimal.h"
#include "model/event.h"

bool imap_announces(struct str line, struct imap_literal *literal)
{
    const char *close = line.n ? memrchr(line.p, '}', line.n) : NULL;
    const char *open = close ? memrchr(line.p, '{', (size_t)(close - line.p)) : NULL;
    if (!open)
        return false;
    struct str behind = str_from(line, (size_t)(close + 1 - line.p));
    /* what is left of a line end's token may stand behind it */
    if (behind.n && behind.p[0] != '<')
        return false;
    size_t at = (size_t)(open - line.p), n = (size_t)(close - open) - 1;
    bool waits = n == 0 || open[n] != '+';
    struct str digits = { open + 1, waits ? n : n - 1 };
    /* more digits than decimal_read_long takes are more bytes than any log has */
    if (digits.n == 0 || decimal_read_long(digits, &literal->size) != digits.n)
        return false;
    /* "~{12}": a literal that may hold NULs (RFC 3516) */
    literal->at = at - (at > 0 && line.p[at - 1] == '~');
    literal->waits = waits;
    return true;
}

bool imap_is_rest(struct str line)
{
    return line.n == 0 || line.p[0] == ' ' || line.p[0] == ')';
}

/* Mercury does not log a client's literals, so the rest of the command may stand where one is expected. */
bool imap_holds(struct str line, uint64_t announced, bool lines)
{
    if (line.n >= announced)
        return line.n == announced || imap_is_rest(str_from(line, announced));
    return lines && !imap_is_rest(line);
}

bool imap_take(uint64_t *remaining, bool tokens, struct str line, unsigned end, struct utterance *said)
{
    said->used = line.n < *remaining ? line.n : *remaining;
    said->payload = (uint32_t)said->used;
    *remaining -= said->used;
    bool more = *remaining > 0;
    /* the line end belongs to the literal only where bytes of it are still to come */
    said->whole = more && end > 0;
    *remaining -= *remaining < end ? *remaining : end;
    /* cut by the program, or by a NUL? */
    return more && (line.n >= TRAFFIC_MOST || (tokens && end == 0));
}
