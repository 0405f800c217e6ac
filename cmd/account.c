/* One lock for all of it: nothing in it takes long. */
#include "account.h"

#include "report.h"

void account_open(struct account *account, const char *standard_input)
{
    *account = (struct account){ .standard_input = standard_input ? standard_input : "-" };
    pthread_mutex_init(&account->lock, NULL);
}

void account_close(struct account *account)
{
    while (account->asides.first)
        account_asides_drop(&account->asides);
    pthread_mutex_destroy(&account->lock);
}

/* The words of the report for what became of an input. */
static const char *const words[] = { [FAILURE_UNREADABLE] = "unreadable",
                                     [FAILURE_UNWRITTEN] = "unwritten",
                                     [FAILURE_REFUSED] = "refused",
                                     [FAILURE_BROKEN] = "broken",
                                     [FAILURE_DAMAGED] = "damaged" };

static enum failure_rank rank_of(const struct tcplog_outcome *outcome)
{
    const struct tcplog_summary *summary = outcome->summary;
    if (outcome->status == TCPLOG_UNREADABLE)
        return FAILURE_UNREADABLE;
    if (tcplog_ends_run(outcome->status))
        return FAILURE_UNWRITTEN;
    if (outcome->broken)
        return FAILURE_BROKEN;
    return summary->files_refused > 0 && summary->files_refused == summary->files ? FAILURE_REFUSED
                                                                                  : FAILURE_DAMAGED;
}

static void add(uint64_t *to, uint64_t more)
{
    __atomic_add_fetch(to, more, __ATOMIC_RELAXED);
}

/* --- what the library is not asked about, in its turn --- */

static void tell_unchanged(struct account *account, const struct account_aside *aside)
{
    const struct tcplog_summary summary = { .bytes = aside->bytes,
                                            .lines = aside->lines,
                                            .records = aside->records,
                                            .sessions = aside->sessions,
                                            .problems = aside->problems };
    account->unchanged++;
    add(&account->progress.unchanged, 1);
    run_report_input(&account->report, &(struct run_report_input){ .path = aside->path,
                                                                   .export = aside->export,
                                                                   .status = "unchanged",
                                                                   .hash = aside->hash,
                                                                   .summary = &summary });
}

static void tell_unwritten(struct account *account, const struct account_aside *aside)
{
    const struct tcplog_problem problem = { .id = "output-failed", .file = aside->path, .text = aside->why };
    struct findings findings = { .count = 0 };
    findings_add(&findings, &problem);
    report_problem(NULL, &problem);
    account->unwritten++;
    add(&account->progress.failures, 1);
    failures_add(&account->failures, FAILURE_UNWRITTEN, aside->path, &findings);
    run_report_input(&account->report, &(struct run_report_input){ .path = aside->path,
                                                                   .status = words[FAILURE_UNWRITTEN],
                                                                   .findings = &findings });
}

static void tell_aside(struct account *account, const struct account_aside *aside)
{
    if (aside->why)
        tell_unwritten(account, aside);
    else
        tell_unchanged(account, aside);
}

static void tell_due(struct account *account)
{
    const struct account_aside *aside;
    while ((aside = account_asides_due(&account->asides, account->told)) != NULL) {
        tell_aside(account, aside);
        account_asides_drop(&account->asides);
    }
}

/* --- what it tells --- */

void account_problem(struct account *account, const struct tcplog_problem *problem)
{
    pthread_mutex_lock(&account->lock);
    tell_due(account);
    report_problem(NULL, problem);
    findings_add(&account->findings, problem);
    pthread_mutex_unlock(&account->lock);
}

static void count(struct account *account, const struct tcplog_outcome *outcome)
{
    enum tcplog_status status = outcome->status;
    account->told++;
    account->done += status == TCPLOG_OK || status == TCPLOG_DAMAGED;
    account->unreadable += status == TCPLOG_UNREADABLE;
    add(&account->progress.files, status != TCPLOG_STOPPED);
    add(&account->progress.failures, status != TCPLOG_OK && status != TCPLOG_STOPPED);
    if (status != TCPLOG_OK && !tcplog_ends_run(account->worst))
        account->worst = status == TCPLOG_UNREADABLE ? TCPLOG_DAMAGED : status;
}

static const char *name_of(const struct account *account, const struct tcplog_input *input)
{
    if (input->name)
        return input->name;
    return strcmp(input->path, "-") == 0 ? account->standard_input : input->path;
}

void account_outcome(struct account *account, const struct tcplog_outcome *outcome, const char *hash)
{
    const struct tcplog_summary *summary = outcome->summary;
    const char *path = name_of(account, outcome->input);
    struct run_report_input input = { .path = path,
                                      .export = outcome->exported ? outcome->input->exported_to : NULL,
                                      .hash = hash,
                                      .summary = summary,
                                      .findings = &account->findings };
    pthread_mutex_lock(&account->lock);
    tell_due(account);
    count(account, outcome);
    input.status = summary->files == 0 && summary->files_passed_over ? "passed-over" : "done";
    /* a run that was told to stop has nothing against this input */
    if (outcome->status == TCPLOG_STOPPED)
        input.status = "stopped";
    else if (outcome->status != TCPLOG_OK) {
        input.status = words[rank_of(outcome)];
        failures_add(&account->failures, rank_of(outcome), path, &account->findings);
    }
    run_report_input(&account->report, &input);
    findings_clear(&account->findings);
    pthread_mutex_unlock(&account->lock);
}

void account_handed(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    account->handed++;
    pthread_mutex_unlock(&account->lock);
}

bool account_aside(struct account *account, const struct account_aside *aside)
{
    pthread_mutex_lock(&account->lock);
    bool waits = account->told < account->handed;
    if (!waits) {
        tell_due(account);
        tell_aside(account, aside);
    }
    bool good = !waits || account_asides_keep(&account->asides, aside, account->handed);
    pthread_mutex_unlock(&account->lock);
    return good;
}

void account_settled(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    tell_due(account);
    pthread_mutex_unlock(&account->lock);
}

void account_end(struct account *account, enum tcplog_status status)
{
    pthread_mutex_lock(&account->lock);
    account->worst = status;
    pthread_mutex_unlock(&account->lock);
}
