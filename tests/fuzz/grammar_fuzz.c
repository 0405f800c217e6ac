/* Bytes → lines → events, the short cuts of the reader held against its long way: every byte is in one line, every view
 * inside its line, and it is all the same how the source delivers its bytes. */
#include "input.h"
#include "session/batch.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct lines lines, dribbled;
static struct batch batch;

static void begin(void)
{
    if (!lines.block)
        assert(lines_make(&lines) && lines_make(&dribbled) && batch_make(&batch));
}

/* `line` holds the one before: behind a line that was cut, the reader wants to pass over the rest first. */
static bool pull(struct lines *from, struct line *line)
{
    if (line->cut)
        lines_refill(from);
    while (!lines_next(from, line))
        if (!lines_refill(from))
            return false;
    return true;
}

static void check_opening(struct str text)
{
    struct opening opening = { 0 };
    struct date date;
    grammar_opening(text, &opening);
    assert(inside(opening.host, text));
    assert(!(opening.ctime && opening.plain));
    if (opening.dated || grammar_closing(text, &date))
        assert(grammar_class(text) != NAMES_class_empty);
}

static void check_event(const struct event *event, struct str line)
{
    bool data = event->class == NAMES_class_data;
    assert(event->line == line.p && event->length == line.n);
    assert(event->stamp == STAMP_NONE || event->stamp < DAY_MS);
    assert(event->stamp != STAMP_NONE || event->class == NAMES_class_unparsed ||
           event->class == NAMES_class_empty);
    assert(event->start <= event->length && event->token_length <= event->length - event->start);
    assert(data == (event->arrow == NAMES_arrow_sent || event->arrow == NAMES_arrow_received));
    assert((event->token == TOKEN_NONE) == (event->token_length == 0));
    if (!data)
        check_opening(event_text(event));
}

/* The long way has no memory of the line before. */
static void same_without_memory(const struct event *event, const struct line *line)
{
    struct stamp_memory memory = { .text = "00:00:00" };
    struct event fresh;
    grammar_event(&fresh, line, &memory);
    assert(fresh.stamp == event->stamp && fresh.class == event->class && fresh.arrow == event->arrow);
    assert(fresh.token == event->token && fresh.token_length == event->token_length);
    assert(fresh.start == event->start && fresh.end == event->end && fresh.cut == event->cut);
}

/* Answers the offset behind the line. */
static size_t check_line(struct str bytes, size_t at, const struct line *line)
{
    assert(line->n <= LINES_LONGEST && line->n + line->end <= bytes.n - at);
    assert(memcmp(bytes.p + at, line->p, line->n) == 0);
    struct str end = str_upto(str_from(bytes, at + line->n), line->end);
    assert(end.n == 0 || str_equal(end, STR("\n")) || str_equal(end, STR("\r\n")));
    const char *lf = memchr(bytes.p + at, '\n', bytes.n - at);
    size_t whole = lf ? (size_t)(lf + 1 - bytes.p) : bytes.n;
    assert(line->cut || at + line->n + line->end == whole);
    return whole;
}

static void check_lines(struct str bytes)
{
    struct line line = { 0 }, other = { 0 };
    size_t at = 0;
    while (pull(&lines, &line)) {
        assert(pull(&dribbled, &other));
        assert(other.n == line.n && other.end == line.end && other.cut == line.cut);
        assert(memcmp(other.p, line.p, line.n) == 0);
        at = check_line(bytes, at, &line);
    }
    assert(!pull(&dribbled, &other));
    assert(at == bytes.n && lines.number == dribbled.number);
}

static void check_batches(struct str bytes)
{
    uint64_t number = 0, offset = 0;
    batch_open(&batch);
    while (batch_fill(&batch, &lines)) {
        size_t size = 0;
        assert(batch.count <= BATCH_EVENTS && batch.first_line == number + 1);
        for (size_t i = 0; i < batch.count; i++) {
            const struct event *event = &batch.events[i];
            assert(size < BATCH_BYTES);
            size += event->length + 1;
            const struct line line = { event->line, event->length, event->end, event->cut };
            uint64_t place = batch_offset(&batch, event);
            assert(number + i == 0 || place > offset);
            assert(place + event->length <= bytes.n);
            assert(memcmp(bytes.p + place, event->line, event->length) == 0);
            check_event(event, (struct str){ line.p, line.n });
            same_without_memory(event, &line);
            offset = place;
        }
        number += batch.count;
    }
    assert(number == dribbled.number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source source;
    struct str bytes = input_of(data, size).bytes;
    begin();
    source_open_memory(&source, bytes);
    lines_open(&lines, source);
    source_open_dribble(&source, bytes);
    lines_open(&dribbled, source);
    check_lines(bytes);
    source_open_memory(&source, bytes);
    lines_open(&lines, source);
    check_batches(bytes);
    return 0;
}
