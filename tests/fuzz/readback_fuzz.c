/* Hostile exports before tcplog_validate(): whatever a file holds, it ends with a verdict, its verdict fits what was
 * reported, and what it says can be shown on a terminal. */
#include "export.h"
#include "tcplog/validate.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct verdict {
    uint64_t problems, line;
};

static void check_field(const char *field)
{
    for (; *field; field++)
        assert(*field > ' ' && *field < 0x7F);
}

static void hear(void *context, const struct tcplog_problem *problem)
{
    struct verdict *verdict = context;
    assert(problem->id && problem->text && problem->file);
    assert(problem->line >= verdict->line || problem->line == 0);
    if (problem->field)
        check_field(problem->field);
    verdict->line = problem->line;
    verdict->problems++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct verdict verdict = { 0 };
    uint64_t records = 0;
    const char *path = export_path((struct str){ (const char *)data, size });
    enum tcplog_status status = tcplog_validate(path, hear, &verdict, &records);
    assert(status == (verdict.problems ? TCPLOG_INVALID : TCPLOG_OK));
    assert(verdict.line <= size * 1100 + 1 && records <= size * 1100 + 1);
    return 0;
}
