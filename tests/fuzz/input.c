/* Bytes for the targets; see input.h. */
#include "input.h"

enum { BYTE_AGAIN = 0x1E, LINE_AGAIN = 0x1F, BYTES = 257, LINES = 17, OPTIONS_OFF = '\n' };
enum { LONGEST = 256 * 1024, SIP = 1021 };

static void add(struct buf *bytes, struct str more, size_t times)
{
    for (; times > 0 && more.n <= LONGEST - bytes->n; times--)
        tcplog_buf_add(bytes, more);
}

/* The latest line, with its line end. It is copied: the buffer moves when it grows. */
static void add_line(struct buf *bytes, size_t times)
{
    char line[256];
    size_t at = bytes->n;
    while (at > 0 && bytes->n - at < sizeof(line) && (at == bytes->n || bytes->p[at - 1] != '\n'))
        at--;
    struct str latest = { line, bytes->n - at };
    memcpy(line, bytes->p + at, latest.n);
    add(bytes, latest, latest.n ? times : 0);
}

struct input input_of(const uint8_t *data, size_t size)
{
    static struct buf bytes;
    /* a view of nothing is a view of something, too */
    tcplog_buf_room(&bytes, 1);
    bytes.n = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        const struct str byte = { (const char *)data + i, 1 };
        bool again = (data[i] == BYTE_AGAIN || data[i] == LINE_AGAIN) && i + 3 < size;
        if (again && data[i] == LINE_AGAIN)
            add_line(&bytes, (size_t)data[i + 1] * LINES);
        else if (again)
            add(&bytes, (struct str){ byte.p + 2, 1 }, (size_t)data[i + 1] * BYTES);
        else
            add(&bytes, byte, 1);
        i += !again ? 0 : data[i] == BYTE_AGAIN ? 2 : 1;
    }
    return (struct input){ buf_str(&bytes), size ? data[size - 1] ^ OPTIONS_OFF : 0 };
}

static ptrdiff_t dribble_read(struct source *source, void *to, size_t n)
{
    size_t sip = source->rest.n % SIP + 1;
    sip = sip < n ? sip : n;
    if (sip > source->rest.n)
        sip = source->rest.n;
    if (sip)
        memcpy(to, source->rest.p, sip);
    source->rest = str_from(source->rest, sip);
    return (ptrdiff_t)sip;
}

static void dribble_close(struct source *source)
{
    source->rest = (struct str){ 0 };
}

static const struct source_class dribble_class = {
    .name = "dribble",
    .read = dribble_read,
    .close = dribble_close,
};

void source_open_dribble(struct source *source, struct str bytes)
{
    *source = (struct source){ .class = &dribble_class, .rest = bytes };
}

bool inside(struct str view, struct str whole)
{
    return view.n == 0 || (view.p >= whole.p && view.p + view.n <= whole.p + whole.n);
}

bool holds(struct str text, struct str word)
{
    return text.n > 0 && memmem(text.p, text.n, word.p, word.n) != NULL;
}

size_t stamp_length(struct str line)
{
    enum { STAMP = 14 };
    return line.n >= STAMP && line.p[2] == ':' && line.p[5] == ':' && line.p[12] == ':' ? STAMP : 0;
}
