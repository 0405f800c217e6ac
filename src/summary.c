/* Sums; of the slowest replies the slower one, of the causes the first ones. */
#include "summary.h"

#include <string.h>

/* `causes` holds the first few, but sessions_wrong counts all: what is not held is not copied. */
static void add_causes(struct tcplog_summary *total, const struct tcplog_summary *part)
{
    for (uint64_t i = 0; i < part->sessions_wrong && i < TCPLOG_CAUSES_MOST; i++)
        if (total->sessions_wrong + i < TCPLOG_CAUSES_MOST)
            total->causes[total->sessions_wrong + i] = part->causes[i];
    total->sessions_wrong += part->sessions_wrong;
}

static void take_slowest(struct tcplog_summary *total, const struct tcplog_summary *part)
{
    if (part->slowest_ms <= total->slowest_ms)
        return;
    total->slowest_ms = part->slowest_ms;
    total->slowest_line = part->slowest_line;
    memcpy(total->slowest_command, part->slowest_command, sizeof(total->slowest_command));
    memcpy(total->slowest_file, part->slowest_file, sizeof(total->slowest_file));
}

static void add_met(struct tcplog_summary *total, const struct tcplog_summary *part)
{
    if (total->sessions_met == 0) {
        total->met_line = part->met_line;
        memcpy(total->met_file, part->met_file, sizeof(total->met_file));
    }
    total->sessions_met += part->sessions_met;
}

void summary_add(struct tcplog_summary *total, const struct tcplog_summary *part)
{
    total->files += part->files;
    total->files_refused += part->files_refused;
    total->files_passed_over += part->files_passed_over;
    total->bytes += part->bytes;
    total->busy_ns += part->busy_ns;
    total->lines += part->lines;
    total->lines_recorded += part->lines_recorded;
    total->lines_diagnosed += part->lines_diagnosed;
    total->lines_unparsed += part->lines_unparsed;
    total->sessions += part->sessions;
    total->exchanges += part->exchanges;
    total->failures += part->failures;
    total->unanswered += part->unanswered;
    total->records += part->records;
    total->problems += part->problems;
    add_met(total, part);
    add_causes(total, part);
    take_slowest(total, part);
}
