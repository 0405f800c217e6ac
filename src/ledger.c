/* Entries one behind the other: their kind, and what is used of them. Failed memory sticks in the buf. */
#include "ledger.h"

static void add(struct ledger *ledger, const void *bytes, size_t n)
{
    tcplog_buf_add(&ledger->buf, (struct str){ bytes, n });
}

static void add_kind(struct ledger *ledger, bool is_problem)
{
    add(ledger, &is_problem, sizeof(is_problem));
}

/* With its NUL; a NULL is known from the problem itself. */
static void add_text(struct ledger *ledger, const char *text)
{
    if (text)
        add(ledger, text, strlen(text) + 1);
}

void ledger_problem(struct ledger *ledger, const struct tcplog_problem *problem)
{
    add_kind(ledger, true);
    add(ledger, problem, sizeof(*problem));
    add_text(ledger, problem->file);
    add_text(ledger, problem->member);
    add_text(ledger, problem->field);
    add_text(ledger, problem->text);
}

/* The causes are most of a summary, and few have any. */
static size_t size_of(const struct part *part)
{
    uint64_t wrong = part->summary.sessions_wrong;
    size_t causes = wrong < TCPLOG_CAUSES_MOST ? (size_t)wrong : TCPLOG_CAUSES_MOST;
    return offsetof(struct part, summary.causes) + causes * sizeof(struct tcplog_cause);
}

void ledger_part(struct ledger *ledger, const struct part *part)
{
    add_kind(ledger, false);
    add(ledger, part, size_of(part));
}

static void take(struct ledger *ledger, void *to, size_t n)
{
    memcpy(to, ledger->buf.p + ledger->at, n);
    ledger->at += n;
}

static const char *take_text(struct ledger *ledger, const char *written)
{
    if (!written)
        return NULL;
    const char *text = ledger->buf.p + ledger->at;
    ledger->at += strlen(text) + 1;
    return text;
}

static void take_problem(struct ledger *ledger, struct tcplog_problem *problem)
{
    take(ledger, problem, sizeof(*problem));
    problem->file = take_text(ledger, problem->file);
    problem->member = take_text(ledger, problem->member);
    problem->field = take_text(ledger, problem->field);
    problem->text = take_text(ledger, problem->text);
}

static void take_part(struct ledger *ledger, struct part *part)
{
    const size_t head = offsetof(struct part, summary.causes);
    take(ledger, part, head);
    take(ledger, part->summary.causes, size_of(part) - head);
}

bool ledger_next(struct ledger *ledger, struct ledger_entry *entry)
{
    if (ledger->at == ledger->buf.n) {
        ledger->at = ledger->buf.n = 0;
        return false;
    }
    take(ledger, &entry->is_problem, sizeof(entry->is_problem));
    if (entry->is_problem)
        take_problem(ledger, &entry->problem);
    else
        take_part(ledger, &entry->part);
    return true;
}

void ledger_free(struct ledger *ledger)
{
    tcplog_buf_free(&ledger->buf);
    ledger->at = 0;
}
