/* Lines are kept until there are enough of them to be worth a write. */
#include "sink/index.h"

#include "base/decimal.h"

#include <errno.h>
#include <zlib.h>

enum { BLOCK = 64 * 1024, ENDS_ROOM = 192 };

/* What is kept counts as having left. */
static void leave(struct index *index)
{
    const struct buf *lines = &index->lines;
    /* zlib takes no text for a wish to begin anew */
    if (lines->n == 0)
        return;
    index->place.crc = crc32_z(index->place.crc, (const Bytef *)lines->p, lines->n);
    index->place.bytes += lines->n;
    index->next->class->write(index->next, buf_str(&index->lines));
    index->lines.n = 0;
}

static char *number(char *to, uint64_t value)
{
    to = decimal(to, (int64_t)value);
    *to++ = ' ';
    return to;
}

static char *put_crc(char *to, uint32_t crc)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[crc >> shift & 15];
    *to++ = ' ';
    return to;
}

/* The first line goes out with the first member. */
static void begin(struct index *index)
{
    tcplog_buf_add(&index->lines, STR(INDEX_BEGIN "\n"));
}

void index_add(struct index *index, size_t member, uint32_t crc, size_t text, struct str about)
{
    struct index_place *place = &index->place;
    if (!index->next)
        return;
    if (place->members++ == 0)
        begin(index);
    char *start = tcplog_buf_room(&index->lines, ENDS_ROOM), *to = start;
    if (!start)
        return;
    to = number(to, place->offset);
    to = number(to, member);
    to = put_crc(to, crc);
    to = number(to, place->text);
    to = number(to, text);
    index->lines.n += (size_t)(to - start);
    tcplog_buf_add(&index->lines, about);
    tcplog_buf_add(&index->lines, STR("\n"));
    place->offset += member;
    place->text += text;
    if (index->lines.n >= BLOCK)
        leave(index);
}

static void end(struct index *index)
{
    const struct index_place *place = &index->place;
    char line[ENDS_ROOM] = "end ", *to = line + 4;
    leave(index);
    to = number(to, place->members);
    to = number(to, place->offset);
    to = number(to, place->text);
    to = put_crc(to, (uint32_t)place->crc);
    to[-1] = '\n';
    index->next->class->write(index->next, (struct str){ line, (size_t)(to - line) });
}

bool index_appear(struct index *index)
{
    if (!index->next)
        return true;
    if (!index->ended)
        end(index);
    index->ended = true;
    return index->lines.status == TCPLOG_OK && sink_appear(index->next);
}

enum tcplog_status index_close(struct index *index, bool keep)
{
    if (!index->next)
        return TCPLOG_OK;
    keep = keep && index_appear(index);
    enum tcplog_status memory = index->lines.status;
    enum tcplog_status status = index->next->class->close(index->next, keep);
    int error = errno;
    tcplog_buf_free(&index->lines);
    errno = error;
    return status == TCPLOG_OK ? memory : status;
}
