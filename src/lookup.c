/* Codes looked up without a log: walks the tables of all registered protocols, and the diagnoses as one table more. It
 * owns no table itself. */
#include "enrich/diagnosis.h"
#include "registry.h"
#include "tcplog/codes.h"

#include "base/ascii.h"
#include "base/decimal.h"

static struct tcplog_code code_of(const struct code_table *table, const struct reply *row)
{
    return (struct tcplog_code){ .table = table->title,
                                 .source = table->source,
                                 .code = row->code.p,
                                 .context = row->context.p,
                                 .meaning = row->meaning.p,
                                 .reference = row->reference.p,
                                 .action = row->action.p,
                                 .enhanced = table->enhanced };
}

/* Diagnoses are no replies, but who has met one in a record looks it up in the same way. */
static bool diagnosis_code(size_t i, struct tcplog_code *code)
{
    static const char *const weights[] = { [NOTE] = "note", [OPEN] = "open", [FAULT] = "fault" };
    const struct diagnosis *row = diagnosis_row(i);
    if (!row)
        return false;
    *code = (struct tcplog_code){ .table = "Diagnoses",
                                  .source = "tcplog; the first that a session shows is its diagnosis",
                                  .code = row->id,
                                  .context = weights[row->weight],
                                  .meaning = row->text,
                                  .reference = "",
                                  .action = row->action };
    return true;
}

/* Counts through the tables of all protocols, in the order in which they are registered. */
bool tcplog_code(size_t i, struct tcplog_code *code)
{
    for (const struct protocol *const *each = registry_protocols; *each; each++)
        for (const struct code_table *table = (*each)->tables; table && table->title; table++) {
            if (i < table->count) {
                *code = code_of(table, &table->rows[i]);
                return true;
            }
            i -= table->count;
        }
    return diagnosis_code(i, code);
}

/* The word itself: "[IN-USE]" and "+OK" without what stands around it; a bare "+" stays. */
static struct str bare(const char *text)
{
    struct str word = str_of(text);
    if (word.n > 1 && (word.p[0] == '[' || word.p[0] == '+' || word.p[0] == '-'))
        word = str_from(word, 1);
    return str_upto(word, word.n - (word.n > 1 && word.p[word.n - 1] == ']'));
}

/* Of "5.7.1" what stands behind the class, else nothing. */
static struct str detail_of(struct str word)
{
    bool enhanced = word.n > 2 && strchr("245xX", word.p[0]) && word.p[1] == '.';
    return str_from(word, enhanced ? 2 : word.n);
}

static bool is_three_digits(struct str word)
{
    return word.n == 3 && is_digit(word.p[0]) && is_digit(word.p[1]) && is_digit(word.p[2]);
}

/* Rows of one digit stand for what is not listed: for a class of replies, or for a subject of enhanced codes. */
static bool is_of_class(const struct tcplog_code *code, struct str word, struct str detail)
{
    if (code->code[0] == '\0' || code->code[1] != '\0' || !is_digit(code->code[0]))
        return false;
    if (code->enhanced)
        return detail.n > 1 && detail.p[0] == code->code[0] && detail.p[1] == '.';
    return (is_three_digits(word) || detail.n) && word.p[0] == code->code[0];
}

enum tcplog_fit tcplog_code_fits(const struct tcplog_code *code, const char *asked)
{
    struct str word = bare(asked), row = bare(code->code), detail = detail_of(word);
    if (word.n == 0)
        return TCPLOG_FIT_NONE;
    /* people write "in-use" and "ok" */
    if (ascii_same(row, word) || (code->enhanced && detail.n && ascii_same(row, detail)))
        return TCPLOG_FIT_EXACT;
    return is_of_class(code, word, detail) ? TCPLOG_FIT_CLASS : TCPLOG_FIT_NONE;
}
