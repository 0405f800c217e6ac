/* What replies mean, and what a diagnosis says: the tables that conversion uses, to be looked up without a log. */
#ifndef TCPLOG_CODES_H
#define TCPLOG_CODES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a table. All texts are static; "" where there is nothing to say. */
struct tcplog_code {
    const char *table;     /* its title */
    const char *source;    /* whose codes they are, and as of when */
    const char *code;      /* as a reply has it; enhanced codes without the class digit: 7.1 */
    const char *context;   /* the verb that is answered, GREETING; of a diagnosis: fault, open or note */
    const char *meaning;   /* in one sentence */
    const char *reference; /* who says so */
    const char *action;    /* what to do about it */
    bool enhanced;         /* an enhanced status code (RFC 3463) */
};

/* How a row fits a code that was asked for: it is the code, or stands for the class of those nobody knows. */
enum tcplog_fit { TCPLOG_FIT_NONE, TCPLOG_FIT_CLASS, TCPLOG_FIT_EXACT };

/* Row i of all tables; false: there are no more. */
bool tcplog_code(size_t i, struct tcplog_code *code);
/* `asked` is a code in any case of letters, with or without its brackets or sign: 550, 5.7.1, [IN-USE], in-use, +OK, ok. */
enum tcplog_fit tcplog_code_fits(const struct tcplog_code *code, const char *asked);

#ifdef __cplusplus
}
#endif

#endif
