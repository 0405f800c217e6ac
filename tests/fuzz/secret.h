/* A password that is planted where a log shows credentials, and looked for in all that comes out. */
#ifndef FUZZ_SECRET_H
#define FUZZ_SECRET_H

#include "input.h"

/* The log with the password behind each PASS, AUTH and LOGIN that begins a line, and in each answer to a prompt. */
void secret_plant(struct str log, struct buf *out);
/* Whether the password, half of it or that in base64 stands there. */
bool secret_in(struct str text);
/* Something in the log opens a body: its lines are not the program's to judge, and the line records hold them whole. */
bool secret_may_be_body(struct str log);

#endif
