/* Of a header's lines only one is looked at: a glance at its first byte passes over nearly all others. */
#include "session/mail_header.h"

#include "base/ascii.h"

#include <string.h>

void mail_header_begins(struct mail_header *header)
{
    header->open = true;
    header->id_is_next = header->split = false;
    header->piece_n = 0;
}

void mail_header_goes_on(struct mail_header *header)
{
    header->split = header->piece_n > 0;
}

static struct str trim(struct str text)
{
    while (text.n && (text.p[0] == ' ' || text.p[0] == '\t'))
        text = str_from(text, 1);
    while (text.n && (unsigned char)text.p[text.n - 1] <= ' ')
        text.n--;
    return text;
}

/* Keeps a line behind the piece that it goes on with; what is too long for a Message-ID is none. */
static bool hold(struct mail_header *header, struct str line)
{
    size_t before = header->split ? header->piece_n : 0;
    bool fits = line.n <= PIECE_MOST - before;
    header->split = false;
    header->piece_n = fits ? before + line.n : 0;
    if (fits && line.n)
        memcpy(header->piece + before, line.p, line.n);
    return fits;
}

static struct str joined(struct mail_header *header, struct str line)
{
    if (header->split && hold(header, line))
        line = (struct str){ header->piece, header->piece_n };
    header->piece_n = 0;
    return line;
}

struct str mail_header_line(struct mail_header *header, struct str line, bool whole)
{
    static const struct str name = { "Message-ID:", 11 }, none = { 0 };
    if (!whole && hold(header, line))
        return none;
    line = joined(header, line);
    bool folded = header->id_is_next && line.n && (line.p[0] == ' ' || line.p[0] == '\t');
    bool named = line.n >= name.n && (line.p[0] & 0xDF) == 'M' && ascii_starts(line, name);
    header->id_is_next = false;
    header->open = line.n > 0;
    if (!folded && !named)
        return none;
    struct str id = trim(str_from(line, named ? name.n : 0));
    header->id_is_next = named && id.n == 0;
    return id;
}
