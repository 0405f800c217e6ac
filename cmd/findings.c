/* A text that is too long is cut between characters. */
#include "findings.h"

#include <stdio.h>

static void copy(char *to, size_t room, const char *text)
{
    size_t n = strlen(text);
    if (n >= room) {
        n = room - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(to, text, n);
    to[n] = '\0';
}

void findings_add(struct findings *findings, const struct tcplog_problem *problem)
{
    if (findings->count++ >= FINDINGS_MOST)
        return;
    struct finding *finding = &findings->each[findings->count - 1];
    copy(finding->id, sizeof(finding->id), problem->id);
    copy(finding->text, sizeof(finding->text), problem->text);
    copy(finding->member, sizeof(finding->member), problem->member ? problem->member : "");
    finding->line = problem->line;
    finding->more = problem->more;
}
