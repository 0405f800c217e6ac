/* Bytes → who said what; see conversation.h. */
#include "conversation.h"

#include <stdlib.h>

struct conversation conversation_of(struct str bytes)
{
    return (struct conversation){ .rest = bytes, .tokens = holds(bytes, STR("<lf>")) };
}

static struct str next_line(struct str *rest)
{
    const char *lf = memchr(rest->p, '\n', rest->n);
    struct str line = str_upto(*rest, lf ? (size_t)(lf - rest->p) : rest->n);
    *rest = str_from(*rest, lf ? line.n + 1 : line.n);
    return line;
}

/* Takes a token off; where nobody writes any, every line counts as ended. */
static unsigned take_end(struct str *line, bool tokens)
{
    if (!tokens)
        return 2;
    if (!str_ends(*line, STR("<lf>")))
        return 0;
    line->n -= 4;
    if (!str_ends(*line, STR("<cr>")))
        return 1;
    line->n -= 4;
    return 2;
}

bool conversation_next(struct conversation *conversation, struct saying *saying)
{
    free(conversation->alone);
    conversation->alone = NULL;
    if (conversation->rest.n == 0)
        return false;
    struct str line = next_line(&conversation->rest);
    line = str_from(line, stamp_length(line));
    saying->side = str_starts(line, STR("<<")) ? SIDE_CLIENT : SIDE_SERVER;
    if (saying->side == SIDE_CLIENT || str_starts(line, STR(">>")))
        line = str_from(line, 2 + (line.n > 2 && line.p[2] == ' '));
    saying->end = take_end(&line, conversation->tokens);
    conversation->alone = malloc(line.n + 1);
    char *at = conversation->alone + 1;
    memcpy(at, line.p, line.n);
    saying->line = (struct str){ at, line.n };
    return true;
}
