/* Plants secrets in a log, or in a conversation: behind each PASS, AUTH and LOGIN that begins a line, in what answers a
 * prompt, and in the literals of a login. */
#ifndef FUZZ_PLANT_H
#define FUZZ_PLANT_H

#include "input.h"

/* Answers the number of the first line that may open a body, behind which lines are not the program's to judge, and line
 * records hold them whole; UINT64_MAX: there is none. `names`: users, senders and hosts are planted, too. */
uint64_t plant(struct str log, bool names, struct buf *out);

#endif
