/* Ctrl-C and its like: the first one asks for a clean end, a second one ends the program at once. */
#ifndef CMD_SIGNALS_H
#define CMD_SIGNALS_H

#include <signal.h>

/* 0, or the number of the signal that has come. */
extern volatile sig_atomic_t signals_stop;

void signals_catch(void);

#endif
