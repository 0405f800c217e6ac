/* gzip in front of a file: every write becomes a member of its own, which can be read without the others. The first one
 * is packed here, and with one job all of them; the others go through a crew, to which whoever writes belongs. How a text is cut into members is the
 * writer's affair, so the bytes are the same for any number of jobs. */
#include "sink/crew.h"
#include "sink/index.h"
#include "sink/sink.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>

struct gzip_sink {
    struct sink sink;
    struct sink *next;
    struct packing packing;
    void *state;
    struct buf packed, about;
    struct index index;
    struct index_place *place; /* NULL, or whose it is: where it ends is told there */
    bool begun;                /* there is a member */
    struct crew *crew;
};

/* Of a member: it stands in the trailer, its lowest byte first. */
static uint32_t crc_of(struct str member)
{
    uint32_t crc;
    memcpy(&crc, member.p + member.n - GZIP_TRAILER, sizeof(crc));
    return le32toh(crc);
}

static void pass_on(struct gzip_sink *gzip, const struct packed *member)
{
    struct sink *sink = &gzip->sink, *next = gzip->next;
    if (sink->status != TCPLOG_OK)
        return;
    if (member->bytes.n == 0) {
        sink->status = TCPLOG_MEMORY;
        return;
    }
    next->class->write(next, member->bytes);
    index_add(&gzip->index, member->bytes.n, crc_of(member->bytes), member->text, member->about);
    sink->status = next->status;
    sink->error = next->error;
}

/* What is ready leaves, and what is not as well where room is needed for one more, or `all` is to leave. */
static void drain(struct gzip_sink *gzip, bool all)
{
    const struct packed *member;
    while ((member = crew_next(gzip->crew, all || crew_is_full(gzip->crew))) != NULL)
        pass_on(gzip, member);
}

/* What fits into one member needs no threads; where none can be had it goes without. */
static void call_crew(struct gzip_sink *gzip)
{
    if (!gzip->begun || gzip->crew || gzip->packing.jobs < 2)
        return;
    gzip->crew = crew_make(&gzip->packing, gzip->state);
    if (!gzip->crew)
        gzip->packing.jobs = 1;
}

static void drop(struct buf *bytes, size_t n)
{
    bytes->n -= n;
    if (bytes->n)
        memmove(bytes->p, bytes->p + n, bytes->n);
}

static void pack(struct gzip_sink *gzip, struct buf *bytes, size_t n)
{
    const struct str text = str_upto(buf_str(bytes), n);
    const struct packed member = { .bytes =
                                       engine_pack(gzip->packing.engine, gzip->state, text, &gzip->packed),
                                   .about = buf_str(&gzip->about),
                                   .text = text.n };
    pass_on(gzip, &member);
    drop(bytes, n);
}

static void gzip_take(struct sink *sink, struct buf *bytes, size_t n)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    if (sink->status != TCPLOG_OK) {
        drop(bytes, n);
        return;
    }
    call_crew(gzip);
    gzip->begun = true;
    if (gzip->crew) {
        drain(gzip, false);
        if (!crew_add(gzip->crew, bytes, n, buf_str(&gzip->about)))
            sink->status = TCPLOG_MEMORY;
    } else {
        pack(gzip, bytes, n);
    }
    gzip->about.n = 0;
}

/* For those who keep what they write. */
static void gzip_write(struct sink *sink, struct str bytes)
{
    struct buf copy = { 0 };
    tcplog_buf_add(&copy, bytes);
    if (copy.status == TCPLOG_OK)
        gzip_take(sink, &copy, copy.n);
    else
        sink->status = copy.status;
    tcplog_buf_free(&copy);
}

static void gzip_about(struct sink *sink, struct str text)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    gzip->about.n = 0;
    if (gzip->index.next)
        tcplog_buf_add(&gzip->about, text);
    if (gzip->about.status != TCPLOG_OK)
        sink->status = TCPLOG_MEMORY;
}

/* A gzip file without a member is none: no text at all is a member, too. */
static void finish(struct gzip_sink *gzip)
{
    if (!gzip->begun && gzip->index.place.members == 0)
        gzip_write(&gzip->sink, STR(""));
    if (gzip->crew)
        drain(gzip, true);
}

static void release(struct gzip_sink *gzip)
{
    if (gzip->place)
        *gzip->place = gzip->index.place;
    gzip->packing.engine->close(gzip->state);
    tcplog_buf_free(&gzip->packed);
    tcplog_buf_free(&gzip->about);
    free(gzip);
}

/* Nothing that is there is touched before all is written. The index takes its name first, for that can be taken back without
 * a loss: an export that was to be replaced is still there then. */
static bool appear(struct gzip_sink *gzip)
{
    return sink_settle(gzip->next) && index_appear(&gzip->index) && sink_appear(gzip->next);
}

static enum tcplog_status gzip_close(struct sink *sink, bool keep)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    if (keep)
        finish(gzip);
    if (gzip->crew)
        crew_free(gzip->crew);
    keep = keep && sink->status == TCPLOG_OK && appear(gzip);
    enum tcplog_status status = sink->status;
    enum tcplog_status written = gzip->next->class->close(gzip->next, keep);
    status = status == TCPLOG_OK ? written : status;
    int error = errno;
    enum tcplog_status listed = index_close(&gzip->index, keep);
    if (status == TCPLOG_OK)
        error = errno;
    status = status == TCPLOG_OK ? listed : status;
    release(gzip);
    errno = error;
    return status;
}

/* The index is a regular file. */
static bool gzip_never_waits(const struct sink *sink)
{
    return sink_never_waits(((const struct gzip_sink *)sink)->next);
}

static const struct sink_class gzip_class = {
    .name = "gzip",
    .write = gzip_write,
    .take = gzip_take,
    .about = gzip_about,
    .never_waits = gzip_never_waits,
    .close = gzip_close,
};

struct sink *sink_gzip(struct sink *next, struct sink *index, const struct packing *packing,
                       enum tcplog_status *status)
{
    struct gzip_sink *gzip = calloc(1, sizeof(*gzip));
    if (gzip) {
        *gzip = (struct gzip_sink){
            .sink.class = &gzip_class, .next = next, .index.next = index, .packing = *packing
        };
        gzip->state = packing->engine->open(packing->level);
    }
    if (gzip && gzip->state)
        return &gzip->sink;
    free(gzip);
    next->class->close(next, false);
    if (index)
        index->class->close(index, false);
    *status = TCPLOG_MEMORY;
    return NULL;
}

void sink_gzip_go_on(struct sink *sink, struct index_place *place)
{
    struct gzip_sink *gzip = (struct gzip_sink *)sink;
    gzip->place = place;
    gzip->index.place = *place;
}
