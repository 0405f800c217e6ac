/* What is planted where a log shows credentials and people, and looked for in all that comes out. */
#ifndef FUZZ_SECRET_H
#define FUZZ_SECRET_H

#include "input.h"

#define SECRET_USER "qanneke7x"
#define SECRET_HOST "qternhost7.example"

/* BARE looks like a password wherever it stands; DASHED like any word: only who follows the talk knows it for one. */
enum secret_form { SECRET_BARE, SECRET_DASHED, SECRET_ENCODED, SECRET_PLAIN };

enum { SECRET_DASHED_LENGTH = 17 };

void secret_add(struct buf *out, enum secret_form form);
/* Whether the password, half of it or that in base64 stands there. */
bool secret_in(struct str text);
/* The same of the one with a dash. */
bool secret_dashed_in(struct str text);
/* Whether the user or the host stands there, in any case. */
bool secret_name_in(struct str text);

#endif
