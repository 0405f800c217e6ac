/* gzip in front of a file: every write becomes a member of its own, which can be read without the others. It owns the
 * engine's memory and the room for a member; how a text is cut into members is the writer's affair. */
#include "sink/sink.h"
#include "tcplog/buf.h"

#include <errno.h>
#include <stdlib.h>

struct gzip_sink {
    struct sink sink;
    struct sink *next;
    const struct engine *engine;
    void *state;
    struct buf packed;
    bool begun; /* there is a member */
};

static void pack(struct gzip_sink *gzip, struct str text)
{
    struct buf *packed = &gzip->packed;
    size_t room = gzip->engine->room(gzip->state, text.n);
    char *to = tcplog_buf_room(packed, room);
    packed->n = to ? gzip->engine->pack(gzip->state, text, (unsigned char *)to, room) : 0;
    if (packed->n == 0)
        gzip->sink.status = TCPLOG_MEMORY;
}

static void pass_on(struct gzip_sink *gzip, struct str member)
{
    gzip->next->class->write(gzip->next, member);
    gzip->sink.status = gzip->next->status;
    gzip->sink.error = gzip->next->error;
}

static void gzip_write(struct sink *sink, struct str bytes)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    if (sink->status == TCPLOG_OK)
        pack(gzip, bytes);
    if (sink->status == TCPLOG_OK)
        pass_on(gzip, buf_str(&gzip->packed));
    gzip->packed.n = 0;
    gzip->begun = true;
}

/* A gzip file without a member is none: no text at all is a member, too. */
static enum tcplog_status gzip_close(struct sink *sink, bool keep)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    if (keep && !gzip->begun)
        gzip_write(sink, STR(""));
    enum tcplog_status own = sink->status;
    enum tcplog_status status = gzip->next->class->close(gzip->next, keep && own == TCPLOG_OK);
    int error = errno;
    gzip->engine->close(gzip->state);
    tcplog_buf_free(&gzip->packed);
    free(gzip);
    errno = error;
    return status == TCPLOG_OK ? own : status;
}

static const struct sink_class gzip_class = {
    .name = "gzip",
    .write = gzip_write,
    .close = gzip_close,
};

struct sink *sink_gzip(struct sink *next, const struct packing *packing, enum tcplog_status *status)
{
    struct gzip_sink *gzip = calloc(1, sizeof(*gzip));
    if (gzip) {
        *gzip = (struct gzip_sink){ .sink.class = &gzip_class, .next = next, .engine = packing->engine };
        gzip->state = packing->engine->open(packing->level);
    }
    if (gzip && gzip->state)
        return &gzip->sink;
    free(gzip);
    next->class->close(next, false);
    *status = TCPLOG_MEMORY;
    return NULL;
}
