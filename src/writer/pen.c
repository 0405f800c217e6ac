/* Text is taken apart character by character, for only then is it known what a terminal would make of it. */
#include "writer/pen.h"

#include "base/glyph.h"

#include <stdarg.h>
#include <stdio.h>

/* Longer than any that pen_say is told to say; a longer one would be cut. */
enum { SAID_MOST = 2048 };

void pen_style(struct pen *pen, enum style style)
{
    /* SGR sequences (ECMA-48 8.3.117); a style is never told by its colour alone */
    static const char *const codes[] = {
        [STYLE_PLAIN] = "\033[0m",   [STYLE_STRONG] = "\033[1m", [STYLE_FAINT] = "\033[2m",
        [STYLE_GOOD] = "\033[1;32m", [STYLE_BAD] = "\033[1;31m", [STYLE_DOUBT] = "\033[33m",
        [STYLE_BAR] = "\033[36m",
    };
    if (pen->page.colour && style != pen->style)
        tcplog_buf_add(pen->out, str_of(codes[style]));
    pen->style = style;
}

/* Line ends inside of a text, as between the lines of a reply, are blanks here. */
static bool is_blank(uint32_t glyph)
{
    return glyph == ' ' || glyph == '\n' || glyph == '\r' || glyph == '\t';
}

/* What stands for a character on this screen. */
static struct str shape(const struct pen *pen, struct str bytes, uint32_t glyph)
{
    bool ascii = pen->page.letters == TCPLOG_LETTERS_ASCII;
    if (is_blank(glyph))
        return STR(" ");
    if ((ascii && glyph > 0x7E) || (glyph_width(glyph) == GLYPH_BARRED && glyph < 0x80))
        return STR("?");
    return glyph_width(glyph) == GLYPH_BARRED || glyph == GLYPH_UNKNOWN ? STR("\xEF\xBF\xBD") : bytes;
}

static unsigned width_of(const struct pen *pen, uint32_t glyph)
{
    int width = glyph_width(glyph);
    if (width == GLYPH_BARRED || (pen->page.letters == TCPLOG_LETTERS_ASCII && glyph > 0x7E))
        return 1;
    return (unsigned)width;
}

/* The character at the start of text; moves on behind it. */
static struct str take(const struct pen *pen, struct str *text, unsigned *width)
{
    uint32_t glyph;
    size_t n = glyph_next(*text, &glyph);
    struct str bytes = str_upto(*text, n);
    *text = str_from(*text, n);
    *width = width_of(pen, glyph);
    return shape(pen, bytes, glyph);
}

/* What pen_put would take for the text. */
static unsigned columns_of_text(const struct pen *pen, struct str text)
{
    unsigned sum = 0, width;
    while (text.n) {
        take(pen, &text, &width);
        sum += width;
    }
    return sum;
}

void pen_put(struct pen *pen, struct str text)
{
    unsigned width;
    while (text.n) {
        tcplog_buf_add(pen->out, take(pen, &text, &width));
        pen->column += width;
    }
}

/* The bytes of a text that fit into `most` columns. */
static size_t fitting(const struct pen *pen, struct str text, unsigned most)
{
    struct str rest = text;
    unsigned used = 0, width;
    while (rest.n) {
        struct str ahead = rest;
        take(pen, &ahead, &width);
        if (used + width > most)
            break;
        used += width;
        rest = ahead;
    }
    return text.n - rest.n;
}

void pen_to(struct pen *pen, unsigned column)
{
    for (; pen->column < column; pen->column++)
        tcplog_buf_add(pen->out, STR(" "));
}

void pen_cell(struct pen *pen, struct str text, unsigned width)
{
    unsigned end = pen->column + width;
    struct str sign = pen->page.letters == TCPLOG_LETTERS_BLOCKS ? STR("…") : STR("..");
    if (columns_of_text(pen, text) <= width) {
        pen_put(pen, text);
    } else {
        unsigned taken = columns_of_text(pen, sign);
        pen_put(pen, str_upto(text, fitting(pen, text, width > taken ? width - taken : 0)));
        pen_put(pen, sign);
    }
    pen_to(pen, end);
}

void pen_right(struct pen *pen, struct str text, unsigned width)
{
    unsigned taken = columns_of_text(pen, text);
    if (taken < width)
        pen_to(pen, pen->column + width - taken);
    pen_put(pen, text);
}

void pen_end_line(struct pen *pen)
{
    /* blanks at the end of a line are nothing but noise in files */
    while (pen->out->n && pen->out->p[pen->out->n - 1] == ' ')
        pen->out->n--;
    tcplog_buf_add(pen->out, STR("\n"));
    pen->column = 0;
}

/* A word that is wider than a whole line is cut where the line ends; any other goes to the next line whole. */
static void put_word(struct pen *pen, struct str word)
{
    unsigned width = columns_of_text(pen, word), end = pen->page.width - 1;
    if (pen->column > pen->margin && pen->column + 1 + width > end)
        pen_end_line(pen);
    else if (pen->column > pen->margin)
        pen_to(pen, pen->column + 1);
    pen_to(pen, pen->margin);
    for (size_t n; (n = fitting(pen, word, end - pen->margin)) < word.n; word = str_from(word, n)) {
        pen_put(pen, str_upto(word, n));
        pen_end_line(pen);
        pen_to(pen, pen->margin);
    }
    pen_put(pen, word);
}

void pen_words(struct pen *pen, struct str text)
{
    while (text.n) {
        size_t n = 0;
        while (n < text.n && !is_blank((unsigned char)text.p[n]))
            n++;
        if (n)
            put_word(pen, str_upto(text, n));
        /* between two lines of a reply */
        if (n + 1 < text.n && text.p[n] == '\n')
            put_word(pen, STR("/"));
        text = str_from(text, n + (n < text.n));
    }
}

void pen_say(struct pen *pen, const char *format, ...)
{
    char said[SAID_MOST];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof(said), format, arguments);
    va_end(arguments);
    pen_words(pen, str_of(said));
}

void pen_mark(struct pen *pen, enum mark mark, unsigned count)
{
    static const char *const plain[MARK_COUNT] = { "=", "x", "!", ".", "#" };
    static const char *const blocks[MARK_COUNT] = { "━", "x", "!", "░", "█" };
    struct str text = str_of(pen->page.letters == TCPLOG_LETTERS_BLOCKS ? blocks[mark] : plain[mark]);
    for (unsigned i = 0; i < count; i++)
        pen_put(pen, text);
}

unsigned pen_bar(struct pen *pen, uint64_t eighths)
{
    /* what took no time at all is as thin as an eighth */
    static const char *const parts[] = { "▏", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
    unsigned whole = (unsigned)(eighths / 8), rest = eighths % 8, column = pen->column;
    if (pen->page.letters != TCPLOG_LETTERS_BLOCKS) {
        whole += rest >= 4;
        pen_mark(pen, MARK_BAR, whole);
        if (whole == 0)
            pen_put(pen, STR("|"));
    } else {
        pen_mark(pen, MARK_BAR, whole);
        if (rest || whole == 0)
            pen_put(pen, str_of(parts[rest]));
    }
    return pen->column - column;
}
