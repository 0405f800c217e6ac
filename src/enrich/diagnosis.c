/* Why a session failed: the first row of diagnosis.def that its replies, its remarks or its course bear out. What was
 * found besides, or was made good later, becomes a note. */
#include "enrich/diagnosis.h"

#include "base/decimal.h"
#include "enrich/enrich.h"
#include "enrich/lexicon.h"

#include <assert.h>
#include <pthread.h>

#define DIAGNOSIS(id, weight, where, healed_by, signs, test, text, action) \
    { id, weight, where, healed_by, signs, test, text, action },
static const struct diagnosis rows[] = {
#include "enrich/diagnosis.def"
};
#undef DIAGNOSIS

enum { ROWS = sizeof(rows) / sizeof(*rows) };
_Static_assert((int)ROWS <= (int)FINDINGS_MOST, "struct traces has a place for each row");

const struct diagnosis *diagnosis_row(size_t i)
{
    return i < ROWS ? &rows[i] : NULL;
}

static enum stage stage_of_verb(const struct verb *verb)
{
    /* reaches as far as there are names; a phase that is no stage of its own is 0 */
    static const enum stage stages[] = {
        [NAMES_phase_capability] = AT_HELLO,     [NAMES_phase_tls] = AT_TLS,
        [NAMES_phase_authentication] = AT_LOGIN, [NAMES_phase_mailbox] = AT_MAILBOX,
        [NAMES_phase_data] = AT_MESSAGE,         [NAMES_phase_retrieval] = AT_RETRIEVAL,
        [NAMES_phase_quit] = AT_GOODBYE,         [NAMES_count] = 0
    };
    /* sender and recipients are one phase, the envelope, but two things that can be wrong */
    if (verb->flags & VERB_OPENS_MAIL)
        return AT_SENDER;
    if (verb->flags & VERB_NAMES_RECIPIENT)
        return AT_RECIPIENT;
    return stages[verb->phase] ? stages[verb->phase] : AT_OTHER;
}

enum stage diagnosis_stage(const struct exchange *exchange)
{
    if (exchange->greeting)
        return AT_GREETING;
    if (exchange->unsolicited)
        return UNASKED;
    return exchange->verb ? stage_of_verb(exchange->verb) : AT_OTHER;
}

/* The rows' signs; which rows nothing is heard of, and which of these are asked of a session that is in order. */
static struct lexicon lexicon;
static struct row_set concluded, concluded_in_order;
static pthread_once_t learned = PTHREAD_ONCE_INIT;

static void learn(void)
{
    for (size_t row = 0; row < ROWS; row++) {
        bool fits = lexicon_add(&lexicon, row, rows[row].where, rows[row].signs);
        assert(fits);
        (void)fits;
        if (rows[row].where & END)
            row_set_add(&concluded, row);
        if (rows[row].where & END && !(rows[row].where & ASTRAY))
            row_set_add(&concluded_in_order, row);
    }
}

/* The rows of which words were said at this stage. */
static struct row_set words_of(enum stage stage, const struct spoken *spoken)
{
    pthread_once(&learned, learn);
    return lexicon_worded(&lexicon, stage, spoken);
}

/* The same of a remark, which is looked at only where it is not the one before once more. */
static struct row_set words_of_remark(struct remark_seen *seen, enum stage stage, struct str text)
{
    struct spoken spoken;
    if (seen->stage == stage && str_equal(text, (struct str){ seen->text, seen->n }))
        return seen->worded;
    signs_look(&spoken, (struct str){ 0 }, (struct str){ 0 }, text);
    struct row_set worded = words_of(stage, &spoken);
    if (text.n == 0 || text.n > sizeof(seen->text))
        return worded;
    memcpy(seen->text, text.p, text.n);
    seen->n = text.n;
    seen->stage = stage;
    return seen->worded = worded;
}

/* The first row from this one on that fits what was said at this stage, of which these have its words; ROWS if none does. */
static size_t find(const struct session_facts *session, size_t row, enum stage stage,
                   const struct spoken *spoken, const struct row_set *worded, const struct exchange *exchange)
{
    /* where no code was said, none fits */
    bool coded = spoken->code.n || spoken->enhanced.n;
    const struct row_set *heard = coded ? &lexicon.at[__builtin_ctz(stage)] : worded;
    for (size_t i = row; (i = row_set_next(heard, i)) < ROWS; i++)
        if ((row_set_has(worded, i) || lexicon_coded(&lexicon, i, spoken)) &&
            (!rows[i].test || rows[i].test(session, exchange)))
            return i;
    return ROWS;
}

static uint32_t last_four(struct str text)
{
    uint32_t four = 0;
    size_t n = text.n < sizeof(four) ? text.n : sizeof(four);
    if (n)
        memcpy(&four, text.p + text.n - n, n);
    return four;
}

/* A client that is refused the same thing thousands of times need not be understood thousands of times; but another code or
 * enhanced code than the one before, as that of "554 Too many failed RCPT commands", may be news. */
static bool has_heard_enough(struct traces *seen, enum stage stage, struct str code, struct str enhanced)
{
    enum { ENOUGH = 100, ENOUGH_NEWS = 200 };
    uint8_t *heard = &seen->heard[__builtin_ctz(stage)];
    uint64_t *before = &seen->heard_code[__builtin_ctz(stage)];
    uint64_t now = (uint64_t)last_four(code) << 32 | last_four(enhanced);
    bool news = now != *before;
    *before = now;
    if (*heard >= (news ? ENOUGH_NEWS : ENOUGH))
        return true;
    (*heard)++;
    return false;
}

/* Whether what was found in this line was made good by a later success, or had been, for who is in stays in. */
static bool is_healed(const struct traces *seen, size_t row, uint64_t line)
{
    if (rows[row].healed_by & EVER && rows[row].healed_by & seen->stages_ok)
        return true;
    for (unsigned left = rows[row].healed_by & seen->stages_ok; left; left &= left - 1)
        if (seen->last_ok[__builtin_ctz(left)] > line)
            return true;
    return false;
}

/* What was made good, and is found once more, is found anew. */
static void mark_found(struct traces *seen, size_t row, uint64_t line)
{
    if (row_set_has(&seen->shown, row) && is_healed(seen, row, seen->found[row]))
        seen->found[row] = 0;
    traces_mark_row(seen, row, false, line);
}

/* What is wrong by an exchange that is not the same once more. */
static void understand(struct session_facts *session, enum stage stage, const struct exchange *exchange)
{
    struct spoken spoken;
    signs_look(&spoken, exchange->code, exchange->enhanced, exchange->text);
    const struct row_set worded = words_of(stage, &spoken);
    size_t row = find(session, 0, stage, &spoken, &worded, exchange);
    if (row < ROWS)
        mark_found(&session->traces, row, exchange->line_end);
}

void diagnosis_hear(struct session_facts *session, const struct exchange *exchange)
{
    enum stage stage = diagnosis_stage(exchange);
    if (has_heard_enough(&session->traces, stage, exchange->code, exchange->enhanced))
        return;
    /* some servers say the enhanced code in the first line of several, and not once more in the last */
    struct str first = signs_enhanced(exchange->text), last = exchange->enhanced, code = exchange->code;
    if (last.n == 0 && code.n && first.n && code.p[0] == first.p[0]) {
        struct exchange completed = *exchange;
        completed.enhanced = first;
        understand(session, stage, &completed);
    } else {
        understand(session, stage, exchange);
    }
}

/* A remark is not believed where the session went on behind it: to its goodbye, a reply, or TLS. */
static bool is_refuted(const struct session_facts *session, uint64_t line)
{
    return session->goodbyes || session->traces.answer > line || session->traces.secured > line;
}

/* What is refuted, and is said once more, is said anew. */
static void mark_rumour(struct session_facts *session, size_t row, uint64_t line)
{
    struct traces *seen = &session->traces;
    if (row_set_has(&seen->shown, row) && is_refuted(session, seen->rumour[row]))
        seen->rumour[row] = 0;
    traces_mark_row(seen, row, true, line);
}

void diagnosis_remark(struct session_facts *session, enum tcplog_name class, struct str text, uint64_t line)
{
    struct traces *seen = &session->traces;
    bool error = class == NAMES_class_error;
    enum stage stage = error ? ERROR : REMARK;
    uint32_t number;
    /* of an error "8: Socket read timeout" the number is the code */
    const struct str code = str_upto(text, error ? decimal_read(text, &number) : 0);
    if (has_heard_enough(seen, stage, code, (struct str){ 0 }))
        return;
    if (!error)
        traces_mark(class == NAMES_class_warning ? &seen->warning : &seen->remark, line);
    struct spoken spoken;
    signs_look(&spoken, code, (struct str){ 0 }, (struct str){ 0 });
    const struct row_set worded = words_of_remark(&seen->remark_seen, stage, text);
    size_t row = find(session, 0, stage, &spoken, &worded, NULL);
    if (row == ROWS)
        return;
    if (error || rows[row].weight == NOTE) {
        traces_mark_row(seen, row, false, line);
        return;
    }
    mark_rumour(session, row, line);
    /* where it turns out to be no more than a rumour it may still be worth a note */
    while ((row = find(session, row + 1, stage, &spoken, &worded, NULL)) < ROWS)
        if (rows[row].weight == NOTE)
            mark_rumour(session, row, line);
}

/* The line that shows the row in a session that has ended; 0: it does not. A remark of unknown meaning shows a note where
 * it is not believed, and only there. */
static uint64_t shown(const struct session_facts *session, size_t row)
{
    const struct traces *seen = &session->traces;
    if (rows[row].where & END)
        return rows[row].test(session, NULL);
    if (seen->found[row])
        return seen->found[row];
    return line_if(is_refuted(session, seen->rumour[row]) == (rows[row].weight == NOTE), seen->rumour[row]);
}

/* Whether what was found is still what went wrong at the end: no error past the goodbye, nothing that was made good. */
static bool stands(const struct session_facts *session, size_t row, uint64_t line)
{
    if (rows[row].where & ERROR && session_is_past(session, line))
        return false;
    return !is_healed(&session->traces, row, line);
}

static void add_note(struct verdict *verdict, const char *id)
{
    if (verdict->note_count < NOTES_MOST)
        verdict->notes[verdict->note_count++] = str_of(id);
}

/* Once a cause is known, what silence suggests and what an error adds are its consequences. */
static bool is_consequence(const struct verdict *verdict, size_t row)
{
    return verdict->cause && rows[row].weight != NOTE && rows[row].where & (END | ERROR | REMARK);
}

/* A row that the session shows in this line. */
static void conclude(struct session_facts *session, size_t row, uint64_t line)
{
    struct verdict *verdict = &session->verdict;
    if (is_consequence(verdict, row))
        return;
    if (verdict->cause || rows[row].weight == NOTE || !stands(session, row, line)) {
        add_note(verdict, rows[row].id);
    } else {
        verdict->cause = &rows[row];
        verdict->line = line;
    }
}

/* The rows are in the order of their weight as evidence: the first that stands is the cause, all others are notes. */
void diagnosis_conclude(struct session_facts *session)
{
    const struct row_set *heard = &session->traces.shown;
    pthread_once(&learned, learn);
    const struct row_set *asked = session_is_in_order(session) ? &concluded_in_order : &concluded;
    for (size_t i = 0; i < ROW_WORDS; i++)
        for (uint64_t left = asked->bits[i] | heard->bits[i]; left; left &= left - 1) {
            size_t row = i * 64 + (size_t)__builtin_ctzll(left);
            uint64_t line = shown(session, row);
            if (line)
                conclude(session, row, line);
        }
}

static void diagnosis_session(struct record *record, const struct session_facts *session)
{
    const struct verdict *verdict = &session->verdict;
    if (verdict->cause) {
        record_text(record, FIELD_diagnosis, str_of(verdict->cause->id));
        record_text(record, FIELD_diagnosis_text, str_of(verdict->cause->text));
        record_text(record, FIELD_diagnosis_action, str_of(verdict->cause->action));
        record_number(record, FIELD_diagnosis_line, (int64_t)verdict->line);
    }
    if (verdict->note_count)
        record_set(record, FIELD_notes)->list = (struct list){ verdict->notes, verdict->note_count };
}

const struct enricher enricher_diagnosis = {
    .name = "diagnosis",
    .session = diagnosis_session,
};
