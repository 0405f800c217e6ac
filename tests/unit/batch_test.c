/* Where sessions begin, how much a batch takes, and that no line is lost or comes twice between two batches. */
#include "session/batch.h"
#include "tcplog/buf.h"
#include "views.h"

#include <stdio.h>

static struct batch batch;
static struct lines lines;
static struct buf log_text;

static void add(const char *line)
{
    tcplog_buf_add(&log_text, str_of(line));
    tcplog_buf_add(&log_text, STR("\r\n"));
}

static void open_log(void)
{
    struct source source;
    source_open_memory(&source, buf_str(&log_text));
    lines_open(&lines, source);
    batch_open(&batch);
}

/* The lines at which a session begins. Numbers and offsets must be without a gap. */
static size_t starts(uint64_t *found, size_t most)
{
    size_t count = 0;
    uint64_t expected = 1, offset = 0;
    open_log();
    while (batch_fill(&batch, &lines)) {
        assert_int_equal(batch.first_line, expected);
        assert_true(batch.count > 0 && batch.count <= BATCH_EVENTS);
        if (batch.starts) {
            assert_true(count < most);
            found[count++] = batch.first_line;
        }
        for (size_t i = 0; i < batch.count; i++) {
            const struct event *event = &batch.events[i];
            assert_int_equal(batch_offset(&batch, event), offset);
            offset += event->length + event->end;
        }
        expected += batch.count;
    }
    assert_int_equal(offset, log_text.n);
    lines_close(&lines);
    log_text.n = 0;
    return count;
}

static void same_starts(const char *const *rows, size_t count, const uint64_t *expected, size_t sessions)
{
    uint64_t found[16];
    for (size_t i = 0; i < count; i++)
        add(rows[i]);
    size_t n = starts(found, COUNT(found));
    if (n != sessions)
        fail_msg("'%s' …: %zu sessions", rows[0], n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(found[i], expected[i]);
}

#define AT "10:00:00.000: "
#define OPENING AT "--- 6 Aug 2014, 10:00:00.000 ---"
#define CONNECT AT "Connect to 'mx', timeout 30."
#define SERVED AT "Connection from 1.2.3.4, Wed Aug 06 10:00:00 2014"
#define CLOSING AT "--- Connection closed normally at 6 Aug 2014, 10:00:00.000. ---"
#define TALK AT "<< NOOP"
#define EMPTY AT

static void sessions_begin_at_openings(void **state)
{
    (void)state;
    static const char *const rows[] = { OPENING, CONNECT, TALK,    CLOSING, EMPTY, OPENING, CONNECT,
                                        TALK,    OPENING, CONNECT, SERVED,  TALK,  CLOSING, SERVED };
    same_starts(rows, COUNT(rows), (const uint64_t[]){ 1, 6, 9, 11, 14 }, 5);
}

static void sessions_whose_opening_is_lost(void **state)
{
    (void)state;
    static const char *const connects[] = { CONNECT, TALK, CONNECT, TALK, CLOSING, CONNECT };
    static const char *const behind[] = { TALK, CLOSING, TALK, TALK };
    static const char *const stray[] = { "stray", TALK, "stray", CLOSING, "stray", EMPTY, "stray", TALK };
    static const char *const late[] = { OPENING, TALK, CONNECT };
    same_starts(connects, COUNT(connects), (const uint64_t[]){ 1, 3, 6 }, 3);
    same_starts(behind, COUNT(behind), (const uint64_t[]){ 1, 3 }, 2);
    /* lines before any talk are of nobody's session, and so of their own */
    same_starts(stray, COUNT(stray), (const uint64_t[]){ 1, 2, 8 }, 3);
    same_starts(late, COUNT(late), (const uint64_t[]){ 1, 3 }, 2);
}

/* An opening of two lines with a remark or junk between them is still one. */
static void what_stands_within_an_opening(void **state)
{
    (void)state;
    static const char *const rows[] = { OPENING, "stray", CONNECT, TALK };
    same_starts(rows, COUNT(rows), (const uint64_t[]){ 1 }, 1);
}

static void look_alikes_in_talk_begin_nothing(void **state)
{
    (void)state;
    static const char *const rows[] = { OPENING, AT "<< --- 6 Aug 2014, 10:00:00.000 ---",
                                        AT ">> Connection from 1.2.3.4, Wed Aug 06 10:00:00 2014",
                                        "> " OPENING, TALK };
    same_starts(rows, COUNT(rows), (const uint64_t[]){ 1 }, 1);
}

static void a_mark_belongs_to_the_first_line_only(void **state)
{
    (void)state;
    add("\xEF\xBB\xBF" TALK);
    add("\xEF\xBB\xBF" TALK);
    open_log();
    assert_true(batch_fill(&batch, &lines));
    assert_int_equal(batch.count, 2);
    assert_int_equal(batch.events[0].class, NAMES_class_data);
    assert_int_equal(batch_offset(&batch, &batch.events[0]), 3);
    assert_int_equal(batch.events[1].class, NAMES_class_unparsed);
    lines_close(&lines);
    log_text.n = 0;
}

static void batches_are_bounded(void **state)
{
    (void)state;
    size_t most = 0, all = 0;
    add(OPENING);
    for (int i = 0; i < 3 * BATCH_EVENTS; i++)
        add(AT "<< x");
    for (int i = 0; i < 3000; i++)
        add(AT
            "<< a line of a body that is about as long as lines of bodies are, so that bytes are the limit");
    open_log();
    while (batch_fill(&batch, &lines)) {
        size_t bytes = 0;
        for (size_t i = 0; i < batch.count; i++)
            bytes += batch.events[i].length + 1;
        most = bytes > most ? bytes : most;
        all += batch.count;
        assert_int_equal(batch.starts, all == batch.count);
    }
    assert_int_equal(all, 3 * BATCH_EVENTS + 3001);
    assert_true(most < BATCH_BYTES + LINES_LONGEST);
    lines_close(&lines);
    log_text.n = 0;
}

/* Records of one line of traffic, each an incomplete one, are not parted where a batch ends. */
static void records_of_one_line_stay_together(void **state)
{
    (void)state;
    add(OPENING);
    for (int i = 0; i < 2 * BATCH_EVENTS; i++) {
        add(AT ">> * SEARCH");
        add(AT ">>  41");
        add(AT ">> <cr><lf>");
    }
    open_log();
    size_t all = 0;
    while (batch_fill(&batch, &lines)) {
        all += batch.count;
        const struct event *last = &batch.events[batch.count - 1];
        assert_int_equal(last->token, TOKEN_CRLF);
    }
    assert_int_equal(all, 1 + 6 * BATCH_EVENTS);
    lines_close(&lines);
    log_text.n = 0;
}

/* A log cuts the same way whatever its line ends are. */
static void line_ends_do_not_count(void **state)
{
    (void)state;
    size_t counts[2][64] = { 0 };
    for (int crlf = 0; crlf < 2; crlf++) {
        size_t n = 0;
        for (int i = 0; i < 9000; i++) {
            tcplog_buf_add(&log_text, STR(AT "<< some text of a mail"));
            tcplog_buf_add(&log_text, crlf ? STR("\r\n") : STR("\n"));
        }
        open_log();
        while (batch_fill(&batch, &lines)) {
            assert_true(n < 64);
            counts[crlf][n++] = batch.count;
        }
        lines_close(&lines);
        log_text.n = 0;
    }
    assert_memory_equal(counts[0], counts[1], sizeof(counts[0]));
}

static void an_overlong_line_ends_its_batch(void **state)
{
    (void)state;
    char *room = tcplog_buf_room(&log_text, 2 * LINES_LONGEST);
    memset(room, 'x', 2 * LINES_LONGEST);
    memcpy(room, TALK, sizeof(TALK) - 1);
    log_text.n += 2 * LINES_LONGEST;
    add("");
    add(TALK);
    open_log();
    assert_true(batch_fill(&batch, &lines));
    assert_int_equal(batch.count, 1);
    assert_true(batch.events[0].cut);
    assert_int_equal(batch.events[0].length, LINES_LONGEST);
    assert_true(batch_fill(&batch, &lines));
    assert_int_equal(batch.count, 1);
    assert_int_equal(batch.first_line, 2);
    assert_false(batch.starts);
    assert_false(batch_fill(&batch, &lines));
    lines_close(&lines);
    log_text.n = 0;
}

static void add_text(const char *p, size_t n)
{
    tcplog_buf_add(&log_text, (struct str){ p, n });
}

/* Lines of a body, of which every few are odd: other line ends, no blank behind the arrow, a dot, a token, a bracket, bytes
 * that are not ASCII, another arrow, a stamp that goes back, or a length at which blocks and chunks end. */
static void add_body(uint32_t seed, int lines_count)
{
    static const char *const texts[] = { "",          ".", "..", "<p>", "x<cr>",     "x<lf>",
                                         "x<cr><lf>", ">", "\r", " ",   "\xE9t\xE9", "plain" };
    static const unsigned lengths[] = { 1,  45,  46,  47,  48,   63,   64,   65,
                                        76, 110, 983, 984, 1007, 1500, 4070, 5000 };
    char filler[5000];
    memset(filler, 'a', sizeof(filler));
    for (int i = 0; i < lines_count; i++) {
        seed = seed * 1664525 + 1013904223;
        unsigned odd = seed >> 24, pick = seed >> 8 & 0xFFFF;
        unsigned ms = odd == 1 ? 0 : (unsigned)i / 7 % 1000;
        char head[32];
        snprintf(head, sizeof(head), "10:00:0%u.%03u: %s%s", odd == 2, ms, odd == 3 ? ">>" : "<<",
                 odd == 4 ? "" : " ");
        add_text(head, strlen(head));
        if (odd < 40)
            add_text(texts[pick % COUNT(texts)], strlen(texts[pick % COUNT(texts)]));
        else
            add_text(filler, odd < 60 ? lengths[pick % COUNT(lengths)] : 76);
        if (odd == 70)
            add_text("", 1);
        tcplog_buf_add(&log_text, odd % 50 == 5 ? STR("\n") : STR("\r\n"));
    }
}

static void same_event(const struct event *event, struct stamp_memory *memory)
{
    struct event other;
    struct line line = { .p = event->line, .n = event->length, .end = event->end, .cut = event->cut };
    grammar_event(&other, &line, memory);
    assert_int_equal(event->look, other.look);
    assert_int_equal(event->stamp, other.stamp);
    assert_false(event->cut);
    assert_int_equal(event->line[event->length + event->end - 1], '\n');
    assert_int_equal(event->line[event->length] == '\r', event->end == 2);
    assert_null(memchr(event->line, '\n', event->length));
}

/* What a run says of its events. */
static void same_run(const struct event *event, bool first)
{
    const struct run *run = &batch.runs[event->run - 1];
    const struct event *before = event - 1;
    assert_in_range(batch_run(&batch, event), 1, batch.count);
    assert_int_equal(event[batch_run(&batch, event) - 1].run, event->run);
    assert_false(event->length > event->start && event->line[event->start] == RUN_MARK);
    for (size_t i = 0; run->plain && i < event->length; i++)
        assert_true((signed char)event->line[i] > 0);
    if (first)
        return;
    assert_int_equal(event->look, before->look);
    assert_memory_equal(event->line, before->line, 8);
    assert_true(run->back || event->stamp >= before->stamp);
}

/* A batch ends with the line that fills it, whichever way its lines are taken: its first one is what a session is known by. */
static void ends_when_full(void)
{
    size_t bytes = 0;
    for (size_t i = 0; i < batch.count; i++) {
        assert_true(bytes < BATCH_BYTES);
        bytes += batch.events[i].length + 1;
    }
}

static void runs_are_what_they_seem(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 24; round++) {
        struct stamp_memory memory = { .text = "00:00:00" };
        size_t in_runs = 0, all = 0;
        wide_refused = round % 2;
        add_body(round / 2, 5000);
        open_log();
        while (batch_fill(&batch, &lines)) {
            ends_when_full();
            for (size_t i = 0; i < batch.count; i++) {
                const struct event *event = &batch.events[i];
                same_event(event, &memory);
                if (event->run)
                    same_run(event, i == 0 || event[-1].run != event->run);
                in_runs += event->run != 0;
            }
            all += batch.count;
        }
        assert_int_equal(all, 5000);
        assert_true(in_runs > all / 2);
        lines_close(&lines);
        log_text.n = 0;
    }
    wide_refused = false;
}

/* The memory source, with reads cut short. */
static size_t piece;

static ptrdiff_t read_slowly(struct source *source, void *to, size_t n)
{
    size_t got = n < piece ? n : piece;
    got = got < source->rest.n ? got : source->rest.n;
    memcpy(to, source->rest.p, got);
    source->rest = str_from(source->rest, got);
    return (ptrdiff_t)got;
}

static void close_nothing(struct source *source)
{
    source->rest = (struct str){ 0 };
}

/* However a source delivers its bytes, the batches are the same, and their events are where the log has them. */
static void pieces_of_any_size(void **state)
{
    (void)state;
    static const struct source_class slow = { .name = "slow", .read = read_slowly, .close = close_nothing };
    static const size_t pieces[] = { LINES_BLOCK, 1, 61, 5000, 70000 };
    size_t counts[64] = { 0 };
    add_body(3, 8000);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        size_t n = 0;
        open_log();
        piece = pieces[i];
        lines.source.class = &slow;
        for (; batch_fill(&batch, &lines); n++) {
            assert_true(n < COUNT(counts));
            if (i == 0)
                counts[n] = batch.count;
            assert_int_equal(batch.count, counts[n]);
            for (size_t k = 0; k < batch.count; k++)
                assert_memory_equal(batch.events[k].line, log_text.p + batch_offset(&batch, &batch.events[k]),
                                    batch.events[k].length);
        }
        assert_int_equal(counts[n], 0);
        lines_close(&lines);
    }
    log_text.n = 0;
}

static void nothing_at_all(void **state)
{
    (void)state;
    open_log();
    assert_false(batch_fill(&batch, &lines));
    lines_close(&lines);
}

static int make(void **state)
{
    (void)state;
    return lines_make(&lines) && batch_make(&batch) ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    lines_free(&lines);
    batch_free(&batch);
    tcplog_buf_free(&log_text);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_begin_at_openings),
        cmocka_unit_test(sessions_whose_opening_is_lost),
        cmocka_unit_test(what_stands_within_an_opening),
        cmocka_unit_test(look_alikes_in_talk_begin_nothing),
        cmocka_unit_test(a_mark_belongs_to_the_first_line_only),
        cmocka_unit_test(batches_are_bounded),
        cmocka_unit_test(records_of_one_line_stay_together),
        cmocka_unit_test(line_ends_do_not_count),
        cmocka_unit_test(an_overlong_line_ends_its_batch),
        cmocka_unit_test(runs_are_what_they_seem),
        cmocka_unit_test(pieces_of_any_size),
        cmocka_unit_test(nothing_at_all),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
