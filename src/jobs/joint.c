/* Members of a packed export end where they would if one thread had made it: output.c sees to that. */
#include "jobs/joint.h"

#include "base/stop.h"
#include "pipeline.h"
#include "summary.h"
#include "tcplog/validate.h"

#include <errno.h>

static const char *export_of(const struct unit *unit)
{
    return unit->inputs[0].input.exported_to;
}

bool joint_is_of(const struct unit *unit)
{
    return unit->cut && export_of(unit);
}

static void fail(struct joint *joint, enum tcplog_status status, int error)
{
    joint->status = status;
    joint->error = error;
}

static void open_once(struct joint *joint, const struct unit *unit)
{
    if (joint->open)
        return;
    struct output_options target = joint->model->target;
    target.path = export_of(unit);
    target.gzip |= str_ends(str_of(target.path), STR(".gz"));
    joint->open = true;
    fail(joint, TCPLOG_OK, 0);
    enum tcplog_status status = output_open(&joint->output, &target);
    if (status != TCPLOG_OK)
        fail(joint, status, errno);
    joint->lacks_index = joint->output.lacks_index;
}

void joint_pass(struct joint *joint, const struct unit *unit, const struct block *block)
{
    open_once(joint, unit);
    if (joint->status != TCPLOG_OK)
        return;
    output_pass(&joint->output, buf_str(&block->buf), &block->entries);
    enum tcplog_status status = output_status(&joint->output);
    if (status != TCPLOG_OK)
        fail(joint, status, joint->output.sink->error);
}

/* It is for the piece to say whether the log is worth its export. */
static bool take_piece(struct unit *unit, struct part *part)
{
    struct ledger_entry entry;
    struct ledger view = unit->ledger;
    *part = (struct part){ .status = TCPLOG_MEMORY };
    if (view.buf.status != TCPLOG_OK)
        return false;
    while (ledger_next(&view, &entry))
        if (!entry.is_problem)
            *part = entry.part;
    return !tcplog_ends_run(part->status);
}

static void end(struct joint *joint, bool keep)
{
    enum tcplog_status status = output_close(&joint->output, keep && joint->status == TCPLOG_OK);
    joint->open = false;
    if (joint->status == TCPLOG_OK && status != TCPLOG_OK)
        fail(joint, status, errno);
}

static bool is_right(const struct joint *joint, const struct teller *teller, const struct part *last,
                     const char *export, char why[TCPLOG_WHY])
{
    struct tcplog_summary all = { .slowest_ms = -1 };
    if (!joint->model->options.verify)
        return true;
    if (teller->begun)
        all = teller->part.summary;
    summary_add(&all, &last->summary);
    return tcplog_agrees(export, &all, why);
}

static void report(struct teller *teller, const struct unit *unit, struct tcplog_problem problem)
{
    struct ledger ledger = { 0 };
    ledger_problem(&ledger, &problem);
    teller_tell(teller, &ledger, unit->inputs, TCPLOG_OK);
    ledger_free(&ledger);
}

static void end_whole(struct joint *joint, struct teller *teller, const struct unit *unit,
                      const struct part *last, bool good)
{
    char why[TCPLOG_WHY];
    bool keep = good && !stop_is_set(joint->model->options.stop);
    end(joint, keep);
    if (!keep || joint->status != TCPLOG_OK)
        return;
    if (is_right(joint, teller, last, export_of(unit), why)) {
        teller_exported(teller);
        return;
    }
    struct tcplog_problem problem = pipeline_export_wrong(export_of(unit), why);
    problem.file = unit->inputs[0].name;
    report(teller, unit, problem);
}

void joint_tell(struct joint *joint, struct teller *teller, struct unit *unit)
{
    struct part part;
    bool good = take_piece(unit, &part), last = !unit->whole;
    if (good)
        open_once(joint, unit);
    bool begun = joint->open;
    if (last && begun)
        end_whole(joint, teller, unit, &part, good);
    enum tcplog_status status = begun ? joint->status : TCPLOG_OK;
    if (status != TCPLOG_OK && status != TCPLOG_STOPPED) {
        char name[OUTPUT_NAME];
        errno = joint->error;
        report(teller, unit, output_complaint(status, export_of(unit), joint->lacks_index, name));
    }
    teller_tell(teller, &unit->ledger, unit->inputs, status);
}

void joint_close(struct joint *joint)
{
    if (joint->open)
        end(joint, false);
}
