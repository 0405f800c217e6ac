/* Entries of the tar → slices of standard input. */
#include "bundle.h"

#include "report.h"
#include "signals.h"
#include "source/tar.h"

static const struct tcplog_problem problems[] = {
    [TAR_TRAILING] = { .id = "tar-trailing",
                       .text = "Behind the end of the tar stand bytes that do not belong to it; they were "
                               "passed over." },
    [TAR_DAMAGED] = { .id = "tar-damaged",
                      .text =
                          "From here on it is no plain tar, ends too early, or holds a sparse file; what came "
                          "before was converted." },
    [TAR_UNREADABLE] = { .id = "unreadable" },
    [TAR_MEMORY] = { .id = "out-of-memory", .text = "Out of memory." },
};

static void tell(struct bundle *bundle, const struct tar *tar)
{
    struct tcplog_problem problem = problems[tar->end];
    problem.file = "-";
    problem.member = tar->name[0] ? tar->name : NULL;
    if (tar->end == TAR_UNREADABLE)
        problem.text = strerror(tar->error);
    report_problem(NULL, &problem);
    bundle->unreadable |= tar->end == TAR_UNREADABLE;
    bundle->damaged = true;
}

void bundle_visit(struct bundle *bundle, visit_slice *visit, void *context)
{
    struct tar tar;
    struct source source;
    source_open_file(&source, "-", &signals_stop);
    tar_open(&tar, source);
    bool goes_on = true;
    for (uint64_t i = 0; goes_on && tar_next(&tar); i++) {
        const struct tcplog_input input = {
            .path = "-", .name = tar.name, .bytes = tar.size, .named = true, .skip = i < bundle->lead
        };
        goes_on = visit(context, &input);
    }
    bundle->passed_over += tar.passed_over;
    if (goes_on && !signals_stop && tar.end != TAR_ENDED)
        tell(bundle, &tar);
    tar_close(&tar);
}
