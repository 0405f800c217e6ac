/* The diagnosis: rows of diagnosis.def, what was found of them while a session ran, and what that amounts to. It hears
 * complete exchanges and remarks, never lines of a body. */
#ifndef ENRICH_DIAGNOSIS_H
#define ENRICH_DIAGNOSIS_H

#include "enrich/symptoms.h"

/* NOTE worth a look, OPEN the log tells too little, FAULT something went wrong. */
enum weight { NOTE, OPEN, FAULT };

/* Beside stages in healed_by: a success there before it makes it good, too. */
enum { EVER = 1 << STAGES };

/* A row of diagnosis.def, whose head says what each column means. */
struct diagnosis {
    const char *id;
    enum weight weight;
    unsigned where, healed_by; /* enum stage, and EVER */
    const char *signs;         /* a pattern of signs.h */
    symptom *test;             /* NULL: the signs alone decide */
    const char *text, *action;
};

/* Row i; NULL past the last. */
const struct diagnosis *diagnosis_row(size_t i);
/* What an exchange answers: a bit of enum stage. */
enum stage diagnosis_stage(const struct exchange *exchange);
/* An exchange that refused something, or that the server began itself. */
void diagnosis_hear(struct session_facts *session, const struct exchange *exchange);
/* An error, a warning or a remark. */
void diagnosis_remark(struct session_facts *session, enum tcplog_name class, struct str text, uint64_t line);
/* The session is over: fills its verdict. */
void diagnosis_conclude(struct session_facts *session);

#endif
