/* Reads blocks, inflates them if they are gzip (any number of members), and cuts the bytes into lines. It owns the
 * file descriptor and the window; it reports nothing, the end it came to stands in `end`. */
#include "readback/stream.h"

#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { GZIP_WINDOW = 15 + 16 }; /* zlib's way to say: gzip only, largest window */

static void fail(struct stream *stream)
{
    stream->error = errno;
    stream->status = TCPLOG_UNREADABLE;
}

static ssize_t read_part(struct stream *stream, void *to, size_t room)
{
    ssize_t got = pread(stream->fd, to, room < stream->left ? room : stream->left, (off_t)stream->from);
    if (got > 0) {
        stream->from += (uint64_t)got;
        stream->left -= (uint64_t)got;
    }
    return got;
}

/* What read(2) gives, signals passed over; 0 at the end and on failure, which `end` tells apart. */
static size_t read_block(struct stream *stream, void *to, size_t room)
{
    ssize_t got;
    do
        got = stream->part ? read_part(stream, to, room) : read(stream->fd, to, room);
    while (got < 0 && errno == EINTR);
    if (got >= 0)
        return (size_t)got;
    fail(stream);
    stream->end = STREAM_FAILED;
    return 0;
}

/* The next compressed block; none at the end of the file, which inflate then finds out. */
static void read_raw(struct stream *stream)
{
    stream->raw_n = read_block(stream, stream->raw, sizeof stream->raw);
    stream->inflater.next_in = stream->raw;
    stream->inflater.avail_in = (uInt)stream->raw_n;
}

/* Between two members (RFC 1952 2.2: any number of them make a file): more members, padding of zeros (tapes,
 * rsync), the end, or foreign bytes. */
static void next_member(struct stream *stream)
{
    z_stream *inflater = &stream->inflater;
    for (;;) {
        if (inflater->avail_in == 0)
            read_raw(stream);
        if (inflater->avail_in == 0)
            break;
        if (*inflater->next_in != 0) {
            bool member = *inflater->next_in == 0x1f && inflateReset(inflater) == Z_OK;
            stream->end = member ? STREAM_OPEN : STREAM_TRAILING;
            return;
        }
        inflater->next_in++;
        inflater->avail_in--;
    }
    if (stream->end == STREAM_OPEN)
        stream->end = STREAM_WHOLE;
}

/* One step of inflate into the room given; answers the bytes made, which may be none before the end. */
static size_t inflate_block(struct stream *stream, char *to, size_t room)
{
    z_stream *inflater = &stream->inflater;
    if (inflater->avail_in == 0)
        read_raw(stream);
    inflater->next_out = (Bytef *)to;
    inflater->avail_out = (uInt)room;
    int result = inflate(inflater, Z_NO_FLUSH);
    /* a member is done; what stands behind it decides how the file goes on */
    if (result == Z_STREAM_END)
        next_member(stream);
    else if (result == Z_MEM_ERROR)
        stream->status = TCPLOG_MEMORY;
    /* Z_BUF_ERROR: the input ended inside a member */
    else if (result != Z_OK && stream->end == STREAM_OPEN)
        stream->end = STREAM_DAMAGED;
    if (stream->status == TCPLOG_MEMORY)
        stream->end = STREAM_FAILED;
    return room - inflater->avail_out;
}

/* The first block was read to tell gzip from plain; plain text leaves through here before more is read. */
static size_t plain_block(struct stream *stream, char *to, size_t room)
{
    size_t got = stream->raw_n;
    if (got > 0)
        memcpy(to, stream->raw, got);
    else
        got = read_block(stream, to, room);
    stream->raw_n = 0;
    if (got == 0 && stream->end == STREAM_OPEN)
        stream->end = STREAM_WHOLE;
    return got;
}

/* Moves what is left to the front of the window and adds a block behind it; false at the end. */
static bool fill(struct stream *stream)
{
    struct buf *window = &stream->window;
    if (stream->end != STREAM_OPEN)
        return false;
    if (stream->at > 0) {
        memmove(window->p, window->p + stream->at, window->n - stream->at);
        window->n -= stream->at;
        stream->at = 0;
    }
    char *room = tcplog_buf_room(window, STREAM_BLOCK);
    if (!room) {
        stream->end = STREAM_FAILED;
        stream->status = window->status;
        return false;
    }
    window->n += (stream->gzip ? inflate_block : plain_block)(stream, room, STREAM_BLOCK);
    return true;
}

/* Pipes may give a byte at a time, and two are needed to know gzip (ID1 and ID2, RFC 1952 2.3.1). */
static void read_magic(struct stream *stream)
{
    size_t got;
    do {
        got = read_block(stream, stream->raw + stream->raw_n, sizeof stream->raw - stream->raw_n);
        stream->raw_n += got;
    } while (got > 0 && stream->raw_n < 2);
    stream->gzip = stream->raw_n >= 2 && stream->raw[0] == 0x1f && stream->raw[1] == 0x8b;
}

static bool open_inflater(struct stream *stream)
{
    if (stream->gzip && inflateInit2(&stream->inflater, GZIP_WINDOW) != Z_OK) {
        stream->gzip = false;
        stream->status = TCPLOG_MEMORY;
    }
    stream->inflater.next_in = stream->raw;
    stream->inflater.avail_in = (uInt)stream->raw_n;
    return stream->status == TCPLOG_OK;
}

bool stream_open(struct stream *stream, const char *path)
{
    stream->ours = strcmp(path, "-") != 0;
    stream->fd = stream->ours ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (stream->fd < 0)
        fail(stream);
    else
        read_magic(stream);
    return open_inflater(stream);
}

/* Not by its first bytes: where they are damaged it is still no plain text. */
bool stream_open_members(struct stream *stream, int fd, uint64_t from, uint64_t bytes)
{
    stream->fd = fd;
    stream->part = stream->gzip = true;
    stream->from = from;
    stream->left = bytes;
    return open_inflater(stream);
}

void stream_open_text(struct stream *stream, struct str text)
{
    tcplog_buf_add(&stream->window, text);
    stream->status = stream->window.status;
    stream->end = stream->status == TCPLOG_OK ? STREAM_WHOLE : STREAM_FAILED;
}

int stream_peek(struct stream *stream)
{
    while (stream->at == stream->window.n)
        if (!fill(stream))
            return -1;
    return (unsigned char)stream->window.p[stream->at];
}

/* Has n bytes to look at; false: there are not so many. */
static bool has(struct stream *stream, size_t n)
{
    while (stream->window.n - stream->at < n)
        if (!fill(stream))
            return false;
    return true;
}

bool stream_begins(struct stream *stream, struct str text)
{
    return has(stream, text.n) && memcmp(stream->window.p + stream->at, text.p, text.n) == 0;
}

/* No further than a block: line ends may be all there is. */
int stream_sniff(struct stream *stream)
{
    struct str mark = STR(BYTE_ORDER_MARK);
    for (size_t i = stream_begins(stream, mark) ? mark.n : 0; i < STREAM_BLOCK && has(stream, i + 1); i++) {
        char c = stream->window.p[stream->at + i];
        if (c != '\r' && c != '\n')
            return (unsigned char)c;
    }
    return stream_peek(stream);
}

void stream_pass(struct stream *stream, size_t n)
{
    stream->at += n;
}

static uint64_t quotes_in(struct str text)
{
    uint64_t count = 0;
    for (const char *quote; (quote = memchr(text.p, '"', text.n)) != NULL; count++)
        text = str_from(text, (size_t)(quote - text.p) + 1);
    return count;
}

/* The first n bytes of the window leave it, as a line or as a part of one that is too long. */
static struct str take(struct stream *stream, size_t n)
{
    struct str taken = { stream->window.p + stream->at, n };
    stream->at += n;
    stream->searched = 0;
    return taken;
}

/* A line goes out; what was passed over of it before is told by too_long. */
static bool give(struct stream *stream, struct str *line, size_t n)
{
    *line = take(stream, n);
    stream->number++;
    if (stream->skipping)
        stream->quotes += quotes_in(*line);
    stream->too_long = stream->skipping;
    stream->skipping = false;
    stream->returned = 0;
    return true;
}

void stream_return(struct stream *stream, size_t n)
{
    stream->at -= n;
    stream->returned = n;
}

/* No end in sight: what there is of the line is forgotten, but for its quotes, which tell where a row of CSV ends. */
static void pass_over(struct stream *stream)
{
    struct str passed = take(stream, stream->searched);
    stream->quotes = (stream->skipping ? stream->quotes : 0) + quotes_in(passed);
    stream->skipping = true;
}

bool stream_line(struct stream *stream, struct str *line)
{
    struct buf *window = &stream->window;
    if (stream->returned)
        return give(stream, line, stream->returned);
    for (;;) {
        size_t from = stream->at + stream->searched;
        const char *end = from < window->n ? memchr(window->p + from, '\n', window->n - from) : NULL;
        if (end)
            return give(stream, line, (size_t)(end + 1 - (window->p + stream->at)));
        stream->searched = window->n - stream->at;
        if (stream->searched > STREAM_LINE_MOST)
            pass_over(stream);
        if (!fill(stream))
            break;
    }
    /* the end: a last line without line feed, unless damage has cut it */
    size_t rest = window->n - stream->at;
    bool wanted = stream->end == STREAM_WHOLE || stream->end == STREAM_TRAILING;
    return wanted && (rest > 0 || stream->skipping) && give(stream, line, rest);
}

void stream_close(struct stream *stream)
{
    if (stream->gzip)
        inflateEnd(&stream->inflater);
    if (stream->ours && stream->fd >= 0)
        close(stream->fd);
    tcplog_buf_free(&stream->window);
}
