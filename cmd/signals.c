/* The handler only takes note: who works looks at it between two steps. */
#include "signals.h"

#include <stddef.h>

volatile sig_atomic_t signals_stop;

static void on_signal(int number)
{
    /* threads look at it, too */
    __atomic_store_n(&signals_stop, number, __ATOMIC_RELAXED);
}

void signals_catch(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    /* no SA_RESTART: a read that waits for input must come back */
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND }, before;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        /* nohup and shells have signals ignored that are not meant for us */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
}
