/* Bytes for the targets; see input.h. */
#include "input.h"

enum { ESCAPE = 0x1E, STEP = 257, LONGEST = 400 * 1024, SIP = 1021, OPTIONS_OFF = '\n' };

struct input input_of(const uint8_t *data, size_t size)
{
    static struct buf bytes;
    /* a view of nothing is a view of something, too */
    tcplog_buf_room(&bytes, 1);
    bytes.n = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        size_t count = 1;
        bool escape = data[i] == ESCAPE && i + 3 < size;
        if (escape) {
            count = (size_t)data[i + 1] * STEP;
            i += 2;
        }
        if (count > LONGEST - bytes.n)
            break;
        memset(tcplog_buf_room(&bytes, count + 1), data[i], count);
        bytes.n += count;
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
