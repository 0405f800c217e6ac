/* Pages for people, one a session: who, when, secured how; what happened, exchange by exchange; what failed, why,
 * and what to do. Records go into a story until that of the session comes, the last one; then the page is drawn. It
 * knows records and the sentences of notes, and no protocol. */
#include "tcplog/writer.h"

#include "writer/findings.h"
#include "writer/headline.h"
#include "writer/waterfall.h"

struct state {
    struct tcplog_page page;
    struct story story;
};

/* Narrower pages have no room for columns, wider ones no eye that keeps to the line. */
static unsigned bounded(unsigned width)
{
    if (width < TCPLOG_PAGE_NARROWEST)
        return TCPLOG_PAGE_NARROWEST;
    return width < TCPLOG_PAGE_WIDEST ? width : TCPLOG_PAGE_WIDEST;
}

static void page_look(void *state, const struct tcplog_page *page)
{
    struct state *mine = state;
    mine->page = *page;
    mine->page.width = bounded(page->width);
}

static void page_begin(void *state, struct buf *out, enum kind kind)
{
    (void)kind, (void)out;
    story_clear(&((struct state *)state)->story);
}

/* The record of the session comes last: with it the page is drawn, and the story begins anew. */
static void page_record(void *state, struct buf *out, const struct record *record)
{
    struct state *mine = state;
    struct pen pen = { .out = out, .page = mine->page };
    if (record->kind != KIND_SESSION) {
        story_add(&mine->story, record);
        return;
    }
    story_sort(&mine->story);
    headline_draw(&pen, &mine->story, record);
    pen_end_line(&pen);
    waterfall_draw(&pen, &mine->story, record);
    findings_draw(&pen, &mine->story, record);
    pen_end_line(&pen);
    story_clear(&mine->story);
}

static void page_end(void *state, struct buf *out)
{
    (void)state, (void)out;
}

const struct writer writer_page = {
    .name = "page",
    .suffix = "",
    .summary = "one page a session, for people",
    .state_size = sizeof(struct state),
    .look = page_look,
    .begin = page_begin,
    .record = page_record,
    .end = page_end,
};
