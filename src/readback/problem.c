/* Reports faults: turns a fault's number and the present place into the tcplog_problem that the caller hears of.
 * Deciding what is a fault is the readers' and value.c's. */
#include "readback/problem.h"

#include "base/error.h"

static const struct {
    const char *id, *text;
} faults[] = {
#define FAULT_ROW(name, id, text) { id, text },
    FAULTS(FAULT_ROW)
#undef FAULT_ROW
};

void problem(struct problems *problems, enum fault fault, const char *field)
{
    problems->count++;
    if (!problems->report)
        return;
    const char *text = faults[fault].text;
    const struct tcplog_problem found = {
        .id = faults[fault].id,
        .file = problems->file,
        .line = problems->line,
        .field = field,
        .text = text ? text : error_text(problems->error),
    };
    problems->report(problems->context, &found);
}

/* A made-up name can be megabytes of anything. */
void problem_foreign(struct problems *problems, enum fault fault, struct str name)
{
    char shown[64];
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < sizeof shown - 1; i++) {
        unsigned char c = (unsigned char)name.p[i];
        /* it may end on a terminal, and a cut in the middle of a character would not be UTF-8: ASCII only */
        shown[n++] = c > ' ' && c < 0x7f ? name.p[i] : '?';
    }
    shown[n] = '\0';
    problem(problems, fault, shown);
}
