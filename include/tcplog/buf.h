/* A growing run of bytes that owns its memory. Failure sticks in `status` (TCPLOG_MEMORY): after it
 * every call is a no-op, so that callers ask once, at the end. */
#ifndef TCPLOG_BUF_H
#define TCPLOG_BUF_H

#include "status.h"
#include "str.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct buf {
    char *p;
    size_t n, capacity;
    enum tcplog_status status;
};

/* Room for `more` bytes behind the n used ones; the place to write them, or NULL (and status set).
 * Write, then add what was used to `n`. */
char *tcplog_buf_room(struct buf *buf, size_t more);
/* Copies text behind what is there; text must not be a view into the buf itself. */
void tcplog_buf_add(struct buf *buf, struct str text);
/* The number as decimal digits. */
void tcplog_buf_number(struct buf *buf, int64_t number);
/* Gives the memory back; the buf is as new. */
void tcplog_buf_free(struct buf *buf);

/* What is in it: a view that dies when the buf grows. */
static inline struct str buf_str(const struct buf *buf)
{
    const struct str view = { buf->p, buf->n };
    return view;
}

#ifdef __cplusplus
}
#endif

#endif
