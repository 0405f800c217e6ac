/* gzip in front of a file: every write becomes a member of its own, which can be read without the others. The first one
 * is packed here, and with one job all of them; the others go through a crew. How a text is cut into members is the
 * writer's affair, so the bytes are the same for any number of jobs. */
#include "sink/crew.h"
#include "sink/sink.h"

#include <errno.h>
#include <stdlib.h>

struct gzip_sink {
    struct sink sink;
    struct sink *next;
    struct packing packing;
    void *state;
    struct buf packed;
    bool begun; /* there is a member */
    struct crew *crew;
};

/* No bytes: packing failed. */
static void pass_on(struct gzip_sink *gzip, struct str member)
{
    if (gzip->sink.status != TCPLOG_OK)
        return;
    if (member.n == 0) {
        gzip->sink.status = TCPLOG_MEMORY;
        return;
    }
    gzip->next->class->write(gzip->next, member);
    gzip->sink.status = gzip->next->status;
    gzip->sink.error = gzip->next->error;
}

/* What is ready leaves, and what is not as well where room is needed for one more, or `all` is to leave. */
static void drain(struct gzip_sink *gzip, bool all)
{
    const struct str *member;
    while ((member = crew_next(gzip->crew, all || crew_is_full(gzip->crew))) != NULL)
        pass_on(gzip, *member);
}

/* What fits into one member needs no threads; where none can be had it goes without. */
static void call_crew(struct gzip_sink *gzip)
{
    if (!gzip->begun || gzip->crew || gzip->packing.jobs < 2)
        return;
    gzip->crew = crew_make(&gzip->packing);
    if (!gzip->crew)
        gzip->packing.jobs = 1;
}

static void gzip_write(struct sink *sink, struct str bytes)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    if (sink->status != TCPLOG_OK)
        return;
    call_crew(gzip);
    gzip->begun = true;
    if (!gzip->crew) {
        pass_on(gzip, engine_pack(gzip->packing.engine, gzip->state, bytes, &gzip->packed));
        return;
    }
    drain(gzip, false);
    if (!crew_add(gzip->crew, bytes))
        sink->status = TCPLOG_MEMORY;
}

/* A gzip file without a member is none: no text at all is a member, too. */
static enum tcplog_status gzip_close(struct sink *sink, bool keep)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    if (keep && !gzip->begun)
        gzip_write(sink, STR(""));
    if (keep && gzip->crew)
        drain(gzip, true);
    if (gzip->crew)
        crew_free(gzip->crew);
    enum tcplog_status own = sink->status;
    enum tcplog_status status = gzip->next->class->close(gzip->next, keep && own == TCPLOG_OK);
    int error = errno;
    gzip->packing.engine->close(gzip->state);
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
        *gzip = (struct gzip_sink){ .sink.class = &gzip_class, .next = next, .packing = *packing };
        gzip->state = packing->engine->open(packing->level);
    }
    if (gzip && gzip->state)
        return &gzip->sink;
    free(gzip);
    next->class->close(next, false);
    *status = TCPLOG_MEMORY;
    return NULL;
}
