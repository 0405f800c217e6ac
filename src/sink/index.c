/* Lines are kept until there are enough of them to be worth a write. */
#include "sink/index.h"

#include "base/decimal.h"

#include <endian.h>
#include <errno.h>
#include <zlib.h>

enum { BLOCK = 64 * 1024, ENDS_ROOM = 192 };

/* What is kept counts as having left. */
static void leave(struct index *index)
{
    const struct buf *lines = &index->lines;
    index->crc = crc32_z(index->crc, (const Bytef *)lines->p, lines->n);
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

/* Of a member: it stands in the trailer, its lowest byte first. */
static uint32_t crc_of(struct str member)
{
    uint32_t crc;
    memcpy(&crc, member.p + member.n - GZIP_TRAILER, sizeof(crc));
    return le32toh(crc);
}

/* The first line goes out with the first member. */
static void begin(struct index *index)
{
    tcplog_buf_add(&index->lines, STR(INDEX_BEGIN "\n"));
}

void index_add(struct index *index, struct str member, size_t text, struct str about)
{
    if (!index->next)
        return;
    if (index->members++ == 0)
        begin(index);
    char *start = tcplog_buf_room(&index->lines, ENDS_ROOM), *to = start;
    if (!start)
        return;
    to = number(to, index->offset);
    to = number(to, member.n);
    to = put_crc(to, crc_of(member));
    to = number(to, index->text);
    to = number(to, text);
    index->lines.n += (size_t)(to - start);
    tcplog_buf_add(&index->lines, about);
    tcplog_buf_add(&index->lines, STR("\n"));
    index->offset += member.n;
    index->text += text;
    if (index->lines.n >= BLOCK)
        leave(index);
}

static void end(struct index *index)
{
    char line[ENDS_ROOM] = "end ", *to = line + 4;
    to = number(to, index->members);
    to = number(to, index->offset);
    to = number(to, index->text);
    leave(index);
    to = put_crc(to, (uint32_t)index->crc);
    to[-1] = '\n';
    tcplog_buf_add(&index->lines, (struct str){ line, (size_t)(to - line) });
    leave(index);
}

enum tcplog_status index_close(struct index *index, bool keep)
{
    if (!index->next)
        return TCPLOG_OK;
    if (keep)
        end(index);
    enum tcplog_status memory = index->lines.status;
    enum tcplog_status status = index->next->class->close(index->next, keep && memory == TCPLOG_OK);
    int error = errno;
    tcplog_buf_free(&index->lines);
    errno = error;
    return status == TCPLOG_OK ? memory : status;
}
