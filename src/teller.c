/* Pieces are added up; what is told once a file is told when its last piece has come. */
#include "teller.h"

#include "source/trouble.h"
#include "summary.h"

#include <stdio.h>
#include <string.h>

static const struct tcplog_problem findings[FINDING_COUNT] = {
    [FINDING_UNPARSED] = { .id = "unparsed-lines",
                           .text = "The line is not of a session log; it was kept as unparsed." },
    [FINDING_TOO_LONG] = { .id = "line-too-long",
                           .text = "The line is longer than 64 KiB; what lies beyond was passed over." },
    [FINDING_PENDING] = { .id = "too-many-pending",
                          .text = "In the session that begins here more commands wait for replies than "
                                  "tcplog follows; the oldest count as unanswered." },
    [FINDING_BROKEN] = { .id = "broken-listing",
                         .text = "A mail or list broke off without its closing dot; the reply behind it was "
                                 "taken to answer the client's next command." },
    [FINDING_CUT] = { .id = "text-cut",
                      .text =
                          "In the session that begins here texts are longer, or lists have more in them, than "
                          "tcplog keeps; they were cut." },
    [FINDING_MAILS] = { .id = "too-many-mails",
                        .text =
                            "In the session that begins here more mails were fetched than tcplog holds until "
                            "its end; whether the first ones were deleted then is not told." },
    [FINDING_NAMES] = { .id = "too-many-names",
                        .text = "In the session that begins here more users and hosts are named than tcplog "
                                "looks for; a text may still hold one." },
    [FINDING_KEPT] = { .id = "session-kept",
                       .text =
                           "A session that was met before has more text than is held back to leave it out; it "
                           "was kept." },
};

bool tcplog_ends_run(enum tcplog_status status)
{
    return status != TCPLOG_OK && status != TCPLOG_DAMAGED && status != TCPLOG_UNREADABLE;
}

void teller_open(struct teller *teller, const struct tcplog_options *options, struct sieve *sieve)
{
    *teller = (struct teller){ .options = options, .sieve = sieve, .total = { .slowest_ms = -1 } };
}

static void begin(struct teller *teller)
{
    if (!teller->begun)
        teller->part = (struct part){ .summary = { .slowest_ms = -1 } };
    teller->begun = true;
}

void teller_exported(struct teller *teller)
{
    begin(teller);
    teller->part.exported = true;
}

static void report(struct teller *teller, const struct tcplog_problem *problem)
{
    teller->part.summary.problems++;
    if (teller->options->report)
        teller->options->report(teller->options->context, problem);
}

void teller_broke(struct teller *teller, const char *name, uint64_t line)
{
    struct tcplog_problem problem = *trouble_problem(TROUBLE_UNREADABLE);
    begin(teller);
    if (teller->part.broken)
        return;
    problem.file = name;
    problem.line = line;
    report(teller, &problem);
    teller->part.broken = true;
}

const struct tcplog_problem *teller_finding(enum finding finding)
{
    return &findings[finding];
}

static void report_findings(struct teller *teller, const char *name)
{
    for (enum finding finding = 0; finding < FINDING_COUNT; finding++) {
        const struct found *found = &teller->part.found[finding];
        struct tcplog_problem problem = *teller_finding(finding);
        problem.file = name;
        problem.line = found->line;
        problem.more = found->count - 1;
        if (found->count)
            report(teller, &problem);
    }
}

static void add_part(struct part *whole, const struct part *piece)
{
    summary_add(&whole->summary, &piece->summary);
    whole->exported |= piece->exported;
    whole->broken |= piece->broken;
    memcpy(whole->hash, piece->hash, sizeof(whole->hash));
    for (enum finding finding = 0; finding < FINDING_COUNT; finding++) {
        struct found *found = &whole->found[finding];
        if (found->count == 0)
            found->line = piece->found[finding].line;
        found->count += piece->found[finding].count;
    }
    if (whole->status == TCPLOG_OK)
        whole->status = piece->status;
}

/* Where the output failed, whatever else came of the input counts no more. */
static enum tcplog_status status_of(const struct part *part, enum tcplog_status output)
{
    if (output != TCPLOG_OK)
        return output;
    return part->status == TCPLOG_OK && part->summary.problems ? TCPLOG_DAMAGED : part->status;
}

static void add_met(struct teller *teller, const struct named_input *input)
{
    const struct met met = sieve_met(teller->sieve, input);
    struct part *part = &teller->part;
    part->found[FINDING_KEPT] = (struct found){ met.kept, met.kept_line };
    part->summary.sessions_met = met.count;
    part->summary.met_line = met.line;
    if (met.count)
        snprintf(part->summary.met_file, sizeof(part->summary.met_file), "%s", input->name);
    part->summary.records -= met.left_out;
}

static void finish(struct teller *teller, const struct named_input *input, enum tcplog_status output)
{
    const struct tcplog_options *options = teller->options;
    add_met(teller, input);
    report_findings(teller, input->name);
    const struct tcplog_outcome outcome = { .input = &input->input,
                                            .status = status_of(&teller->part, output),
                                            .summary = &teller->part.summary,
                                            .exported = teller->part.exported,
                                            .broken = teller->part.broken,
                                            .hash = teller->part.hash };
    summary_add(&teller->total, outcome.summary);
    teller->begun = false;
    teller->ended = tcplog_ends_run(outcome.status) ? outcome.status : TCPLOG_OK;
    teller->over = teller->ended != TCPLOG_OK || (options->strict && outcome.status != TCPLOG_OK);
    if (options->finished)
        options->finished(options->context, &outcome);
}

void teller_tell(struct teller *teller, struct ledger *ledger, const struct named_input *inputs,
                 enum tcplog_status output)
{
    struct ledger_entry entry;
    if (ledger->buf.status != TCPLOG_OK && !teller->over) {
        begin(teller);
        finish(teller, inputs, ledger->buf.status);
    }
    while (!teller->over && ledger_next(ledger, &entry)) {
        begin(teller);
        if (entry.is_problem) {
            report(teller, &entry.problem);
            continue;
        }
        add_part(&teller->part, &entry.part);
        if (entry.part.last || tcplog_ends_run(status_of(&teller->part, output)))
            finish(teller, inputs, output);
        inputs += entry.part.last;
    }
}
