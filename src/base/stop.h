/* A flag that a signal handler, or another thread, sets: end early. It is read as an atomic, for volatile alone is no
 * promise between threads. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <signal.h>
#include <stdbool.h>

/* NULL: nobody can set it. */
static inline bool stop_is_set(const volatile sig_atomic_t *stop)
{
    return stop && __atomic_load_n(stop, __ATOMIC_RELAXED);
}

static inline void stop_set(volatile sig_atomic_t *stop)
{
    __atomic_store_n(stop, 1, __ATOMIC_RELAXED);
}

#endif
