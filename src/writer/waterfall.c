/* Columns are planned by the page's width; the scale is the session's time without its pauses. A command that nobody
 * answered is taken to wait until the next error, or the end: that is what somebody sat through. */
#include "writer/waterfall.h"

#include <inttypes.h>
#include <stdio.h>

/* Shorter ones are how people and programs work; longer ones would press all bars flat. */
enum { PAUSE_MS = 3000 };
/* As wide as "-ERR", "59 m 59 s" and "23:59:59", which has no room on a page below NARROW. */
enum {
    CODE_WIDTH = 5,
    TOOK_WIDTH = 9,
    AFTER_WIDTH = 9,
    MARGIN = 2,
    NARROW = 56,
    BAR_LEAST = 10,
    BAR_MOST = 60
};

/* What the rows are drawn by. The last line: which signs were used, for the legend. */
struct waterfall {
    struct pen *pen;
    const struct story *story;
    const struct record *session;
    int64_t start, end, idle; /* of the session; its pauses so far */
    int64_t scale;            /* ms that the bars' column stands for */
    unsigned line_width, what_width, bar_width;
    bool timed; /* there is room for the times since the start */
    bool repaired, uncertain, logging, alarmed, refused;
};

struct span {
    int64_t from, length; /* TIME_NONE; -1 */
    bool open;            /* it waits: nothing ended it */
};

void waterfall_span(char to[SPAN_ROOM], int64_t ms)
{
    int64_t s = ms / 1000;
    if (ms < 1000)
        snprintf(to, SPAN_ROOM, "%" PRId64 " ms", ms);
    else if (s < 60)
        snprintf(to, SPAN_ROOM, "%" PRId64 ".%02" PRId64 " s", s, ms % 1000 / 10);
    else if (s < 3600)
        snprintf(to, SPAN_ROOM, "%" PRId64 " m %02" PRId64 " s", s / 60, s % 60);
    else
        snprintf(to, SPAN_ROOM, "%" PRId64 " h %02" PRId64 " m", s / 3600, s / 60 % 60);
}

/* In steps of 1000, as mail programs do; below ten of them to the byte. */
void waterfall_size(char to[SPAN_ROOM], int64_t bytes)
{
    static const char *const units[] = { "kB", "MB", "GB", "TB" };
    int64_t tenths = bytes / 100;
    size_t unit = 0;
    if (bytes < 10000) {
        snprintf(to, SPAN_ROOM, "%" PRId64 " byte%s", bytes, bytes == 1 ? "" : "s");
        return;
    }
    for (; tenths >= 10000 && unit < 3; unit++)
        tenths /= 1000;
    snprintf(to, SPAN_ROOM, "%" PRId64 ".%" PRId64 " %s", tenths / 10, tenths % 10, units[unit]);
}

/* Seconds with their fraction, hours and minutes where they are many. */
static void since_start(char to[SPAN_ROOM], int64_t ms)
{
    int64_t s = ms / 1000;
    if (s < 1000)
        snprintf(to, SPAN_ROOM, "%" PRId64 ".%03" PRId64, s, ms % 1000);
    else
        snprintf(to, SPAN_ROOM, "%" PRId64 ":%02" PRId64 ":%02" PRId64, s / 3600, s / 60 % 60, s % 60);
}

/* When the wait for a reply that never came was over. */
static int64_t given_up(const struct waterfall *fall, uint32_t i)
{
    const struct row *row = story_row(fall->story, i);
    while (++i < fall->story->ordered) {
        const struct row *next = story_row(fall->story, i);
        if (next->kind == ROW_ALARM && next->at != TIME_NONE && next->at >= row->at)
            return next->at;
    }
    return fall->end;
}

/* When a row began and how long it took, as far as that is known; what nobody answered took until it was given up. */
static struct span span_of(const struct waterfall *fall, uint32_t i)
{
    const struct row *row = story_row(fall->story, i);
    struct span span = { row->at, row->took, false };
    int64_t greeting = record_count(fall->session, FIELD_greeting_ms, -1);
    if (row->at == TIME_NONE)
        return span;
    /* the wait for it belongs to the greeting, which is logged at its end */
    if (row->greets && greeting >= 0)
        return (struct span){ row->at - greeting, greeting, false };
    if (row->kind == ROW_EXCHANGE && row->end == END_UNANSWERED && fall->end != TIME_NONE) {
        span.length = given_up(fall, i) - row->at;
        span.open = true;
    }
    if (span.length < 0)
        span.length = -1;
    return span;
}

/* How long nothing had happened when this span began; moves the time until which something did. */
static int64_t pause_before(struct span span, int64_t *busy_until)
{
    if (span.from == TIME_NONE)
        return 0;
    int64_t pause = *busy_until == TIME_NONE ? 0 : span.from - *busy_until;
    int64_t end = span.from + (span.length > 0 ? span.length : 0);
    if (*busy_until == TIME_NONE || end > *busy_until)
        *busy_until = end;
    return pause >= PAUSE_MS ? pause : 0;
}

/* The wait for the greeting begins before all that the log has in front of it. */
static int64_t busy_at_first(const struct waterfall *fall)
{
    int64_t busy_until = fall->start;
    for (uint32_t i = 0; i < fall->story->ordered; i++)
        if (story_row(fall->story, i)->greets) {
            pause_before(span_of(fall, i), &busy_until);
            break;
        }
    return busy_until;
}

/* The pauses of the whole session: what the scale leaves out. */
static int64_t pauses(const struct waterfall *fall)
{
    int64_t sum = 0, busy_until = busy_at_first(fall);
    for (uint32_t i = 0; i < fall->story->ordered; i++)
        sum += pause_before(span_of(fall, i), &busy_until);
    if (fall->end != TIME_NONE)
        sum += pause_before((struct span){ fall->end, 0, false }, &busy_until);
    return sum;
}

static unsigned digits(uint64_t number)
{
    unsigned count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

/*   x   12    0.109  RCPT TO:<far@away.example> 550       10 ms         ####
 *   |   |     |      |                          |         |             |
 *   | line  after  what                       code      took          bar
 *   mark
 *
 * The bar gets a third of what the fixed columns leave, or nothing where that is too little to tell lengths apart. */
static void plan(struct waterfall *fall)
{
    unsigned width = fall->pen->page.width;
    unsigned lines = digits((uint64_t)record_count(fall->session, FIELD_line_end, 1));
    fall->line_width = lines < 4 ? 4 : lines;
    fall->timed = width >= NARROW;
    unsigned fixed = MARGIN + fall->line_width + 2 + CODE_WIDTH + 1 + TOOK_WIDTH + 1;
    if (fall->timed)
        fixed += AFTER_WIDTH + 2;
    unsigned rest = width > fixed ? width - fixed : 0;
    fall->bar_width = rest / 3;
    if (fall->bar_width > BAR_MOST)
        fall->bar_width = BAR_MOST;
    if (fall->bar_width < BAR_LEAST)
        fall->bar_width = 0;
    fall->what_width = rest - fall->bar_width - (fall->bar_width ? 2 : 0);
}

/* Where texts begin, and go on when they are wrapped. */
static unsigned what_column(const struct waterfall *fall)
{
    return MARGIN + fall->line_width + 2 + (fall->timed ? AFTER_WIDTH + 2 : 0);
}

static void draw_head(const struct waterfall *fall)
{
    struct pen *pen = fall->pen;
    pen_style(pen, STYLE_FAINT);
    pen_to(pen, MARGIN);
    pen_right(pen, STR("line"), fall->line_width);
    if (fall->timed)
        pen_right(pen, STR("  seconds"), AFTER_WIDTH + 2);
    pen_to(pen, what_column(fall));
    pen_cell(pen, STR("what"), fall->what_width + 1);
    pen_cell(pen, STR("reply"), CODE_WIDTH);
    pen_right(pen, STR("took"), TOOK_WIDTH);
    pen_style(pen, STYLE_PLAIN);
    pen_end_line(pen);
}

/* A row that stands for what is not there. */
static void draw_note(const struct waterfall *fall, const char *text)
{
    struct pen *pen = fall->pen;
    pen_style(pen, STYLE_FAINT);
    pen->margin = what_column(fall);
    pen_to(pen, pen->margin);
    pen_words(pen, str_of(text));
    pen_style(pen, STYLE_PLAIN);
    pen_end_line(pen);
}

/* "-- nothing for 30.00 s --"; what comes then is drawn that much further to the left. */
static void draw_pause(struct waterfall *fall, int64_t pause, const char *until)
{
    char span[SPAN_ROOM], text[96];
    if (pause == 0)
        return;
    waterfall_span(span, pause);
    snprintf(text, sizeof(text), "-- nothing for %s%s --", span, until);
    draw_note(fall, text);
    fall->idle += pause;
}

static void draw_left_out(const struct waterfall *fall)
{
    const struct story *story = fall->story;
    char text[160];
    snprintf(text, sizeof(text),
             "-- %" PRIu64 " more, between lines %" PRIu64 " and %" PRIu64 ", are left out here --",
             story->left_out, story->left_out_from, story->left_out_to);
    draw_note(fall, text);
}

/* Blanks, and a bar where something took time. */
static void draw_bar(const struct waterfall *fall, const struct row *row, struct span span)
{
    if (fall->bar_width == 0 || span.from == TIME_NONE || span.length < 0 || fall->scale <= 0)
        return;
    /* what began before the scale does (the wait for the greeting, clocks that doubt) begins with it */
    uint64_t at = (uint64_t)(span.from > fall->start + fall->idle ? span.from - fall->start - fall->idle : 0);
    uint64_t width = fall->bar_width, scale = (uint64_t)fall->scale;
    uint64_t column = at * width / scale, eighths = (uint64_t)span.length * width * 8 / scale;
    if (column >= width)
        column = width - 1;
    if (eighths > (width - column) * 8)
        eighths = (width - column) * 8;
    pen_to(fall->pen, fall->pen->column + 2 + (unsigned)column);
    pen_style(fall->pen, row->end == END_REFUSED ? STYLE_BAD : STYLE_BAR);
    if (span.open)
        pen_mark(fall->pen, MARK_FAINT_BAR, eighths < 8 ? 1 : (unsigned)(eighths / 8));
    else
        pen_bar(fall->pen, eighths);
    pen_style(fall->pen, STYLE_PLAIN);
}

/* The time it took, and a sign where that is in doubt. */
static void draw_took(struct waterfall *fall, const struct row *row, struct span span)
{
    static const char signs[TRUST_COUNT] = { [TRUST_NONE] = ' ',
                                             [TRUST_EXACT] = ' ',
                                             [TRUST_REPAIRED] = '~',
                                             [TRUST_UNCERTAIN] = '?',
                                             [TRUST_LOGGING] = '*' };
    char took[SPAN_ROOM] = "", text[SPAN_ROOM + 2];
    const char sign[] = { signs[row->trust], '\0' };
    if (span.length >= 0)
        waterfall_span(took, span.length);
    snprintf(text, sizeof(text), "%s%s", span.open ? ">" : "", took);
    pen_right(fall->pen, str_of(text), TOOK_WIDTH);
    pen_put(fall->pen, str_of(took[0] && !span.open && !row->greets ? sign : " "));
    fall->repaired |= row->trust == TRUST_REPAIRED;
    fall->uncertain |= row->trust == TRUST_UNCERTAIN;
    fall->logging |= row->trust == TRUST_LOGGING;
}

/* "RETR 1 (12.3 kB)"; what has no command is named for what it was. */
static void what_text(const struct row *row, char *to, size_t room)
{
    char size[SPAN_ROOM] = "";
    if (row->bytes >= 0)
        waterfall_size(size, row->bytes);
    const char *command = row->command;
    if (!command[0])
        command = row->greets ? "(greeting)" : row->end == END_UNASKED ? "(said unasked)" : "(no command)";
    snprintf(to, room, "%s%s%s%s%s%s", command, row->what[0] ? " " : "", row->what, size[0] ? " (" : "", size,
             size[0] ? ")" : "");
}

/* What is before the text: a mark, the line, the time since the start. */
static void draw_place(struct waterfall *fall, const struct row *row, struct span span)
{
    char text[SPAN_ROOM];
    bool alarm = row->kind == ROW_ALARM || row->end == END_UNANSWERED, refused = row->end == END_REFUSED;
    if (alarm || refused) {
        pen_style(fall->pen, STYLE_BAD);
        pen_mark(fall->pen, refused ? MARK_REFUSED : MARK_ALARM, 1);
        pen_style(fall->pen, STYLE_PLAIN);
    }
    fall->alarmed |= alarm;
    fall->refused |= refused;
    pen_to(fall->pen, MARGIN);
    snprintf(text, sizeof(text), "%" PRIu64, row->line);
    pen_right(fall->pen, str_of(text), fall->line_width);
    if (fall->timed && span.from != TIME_NONE && fall->start != TIME_NONE && span.from >= fall->start) {
        since_start(text, span.from - fall->start);
        pen_right(fall->pen, str_of(text), AFTER_WIDTH + 2);
    }
    pen_to(fall->pen, what_column(fall));
}

/* One row, and below it what the server said, where it refused: what went well needs no words. */
static void draw_exchange(struct waterfall *fall, const struct row *row, struct span span)
{
    struct pen *pen = fall->pen;
    char what[NAME_ROOM + 2 * WORD_ROOM + SPAN_ROOM];
    what_text(row, what, sizeof(what));
    pen_cell(pen, str_of(what), fall->what_width);
    pen_to(pen, pen->column + 1);
    pen_style(pen, row->end == END_REFUSED || row->end == END_UNANSWERED ? STYLE_BAD : STYLE_PLAIN);
    pen_cell(pen, row->end == END_UNANSWERED ? STR("none") : str_of(row->code), CODE_WIDTH);
    pen_style(pen, STYLE_PLAIN);
    draw_took(fall, row, span);
    draw_bar(fall, row, span);
    pen_end_line(pen);
    if ((row->end == END_REFUSED || row->end == END_UNASKED) && row->reply[0]) {
        pen->margin = what_column(fall) + 2;
        pen_to(pen, pen->margin);
        pen_words(pen, str_of(row->reply));
        pen_end_line(pen);
    }
}

static void draw_remark(const struct waterfall *fall, const struct row *row)
{
    fall->pen->margin = what_column(fall);
    pen_style(fall->pen, row->kind == ROW_ALARM ? STYLE_BAD : STYLE_FAINT);
    pen_words(fall->pen, str_of(row->what));
    pen_style(fall->pen, STYLE_PLAIN);
    pen_end_line(fall->pen);
}

/* Only of the signs that were drawn. */
static void draw_legend(const struct waterfall *fall)
{
    const struct {
        bool shown;
        const char *text;
    } signs[] = { { fall->refused, "x refused." },
                  { fall->alarmed, "! an error, or no reply." },
                  { fall->repaired, "~ repaired: the log mixes two clocks." },
                  { fall->uncertain, "? may be a second off." },
                  { fall->logging, "* writing the log took most of it." },
                  { fall->idle > 0 && fall->bar_width, "Bars leave out the pauses." } };
    struct pen *pen = fall->pen;
    pen->margin = what_column(fall);
    pen_style(pen, STYLE_FAINT);
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (signs[i].shown)
            pen_words(pen, str_of(signs[i].text));
    pen_style(pen, STYLE_PLAIN);
    /* no sign was used, so there is no legend */
    if (pen->column)
        pen_end_line(pen);
}

static int64_t end_of_session(const struct record *session, int64_t start)
{
    int64_t duration = record_count(session, FIELD_duration_ms, -1);
    return start == TIME_NONE || duration < 0 ? TIME_NONE : start + duration;
}

void waterfall_draw(struct pen *pen, const struct story *story, const struct record *session)
{
    struct waterfall fall = { .pen = pen, .story = story, .session = session, .start = story_time(session) };
    fall.end = end_of_session(session, fall.start);
    if (fall.end != TIME_NONE)
        fall.scale = fall.end - fall.start - pauses(&fall);
    plan(&fall);
    draw_head(&fall);
    int64_t busy_until = busy_at_first(&fall);
    bool gap = story->left_out > 0;
    for (uint32_t i = 0; i < story->ordered; i++) {
        const struct row *row = story_row(story, i);
        struct span span = span_of(&fall, i);
        int64_t pause = pause_before(span, &busy_until);
        /* one note stands for all that was left out, and how long that took is no pause */
        if (gap && row->line >= story->left_out_from) {
            draw_left_out(&fall);
            gap = false;
            fall.idle += pause;
            pause = 0;
        }
        draw_pause(&fall, pause, "");
        draw_place(&fall, row, span);
        if (row->kind == ROW_EXCHANGE)
            draw_exchange(&fall, row, span);
        else
            draw_remark(&fall, row);
    }
    if (fall.end != TIME_NONE)
        draw_pause(&fall, pause_before((struct span){ fall.end, 0, false }, &busy_until), ", then the end");
    draw_legend(&fall);
}
