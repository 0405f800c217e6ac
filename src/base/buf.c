/* The growing buffer of include/tcplog/buf.h. It owns its bytes and remembers its first failure;
 * it knows nothing of what is written into it. */
#include "tcplog/buf.h"

#include "base/decimal.h"

#include <stdlib.h>

/* A page of memory: what is smaller would grow again at once. */
enum { SMALLEST = 4096 };

/* A failure keeps what is there: the caller may still write it, and asks for the status at the end. */
char *tcplog_buf_room(struct buf *buf, size_t more)
{
    if (buf->status != TCPLOG_OK)
        return NULL;
    if (buf->capacity - buf->n >= more)
        return buf->p + buf->n;
    /* doubling keeps the number of copies logarithmic; the sum cannot wrap: both are far below SIZE_MAX / 2 */
    size_t capacity = buf->capacity < SMALLEST ? SMALLEST : buf->capacity * 2;
    if (capacity < buf->n + more)
        capacity = buf->n + more;
    char *p = realloc(buf->p, capacity);
    if (!p) {
        buf->status = TCPLOG_MEMORY;
        return NULL;
    }
    buf->p = p;
    buf->capacity = capacity;
    return p + buf->n;
}

void tcplog_buf_add(struct buf *buf, struct str text)
{
    if (text.n == 0)
        return;
    char *room = tcplog_buf_room(buf, text.n);
    if (!room)
        return;
    memcpy(room, text.p, text.n);
    buf->n += text.n;
}

void tcplog_buf_number(struct buf *buf, int64_t number)
{
    char *room = tcplog_buf_room(buf, DECIMAL_ROOM);
    if (room)
        buf->n += (size_t)(decimal(room, number) - room);
}

void tcplog_buf_free(struct buf *buf)
{
    free(buf->p);
    *buf = (struct buf){ 0 };
}
