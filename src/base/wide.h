/* Functions compiled twice: for any machine, and for one with registers of 32 bytes. A loop over bytes is written once, as a
 * function that is inlined into both. */
#ifndef BASE_WIDE_H
#define BASE_WIDE_H

#include <stdbool.h>

/* WIDE, WIDEST: before a function that is to be called only where wide_is_here(), or widest_is_here(). */
#if defined(__x86_64__) && defined(__SSE2__)
#include <immintrin.h>
#define WIDE_IS_AVX2
#define WIDE __attribute__((target("avx2,bmi,popcnt")))
#define WIDEST __attribute__((target("avx512bw,avx512vbmi2,bmi,popcnt")))
#else
#define WIDE
#define WIDEST
#endif

/* Set by tests alone: what is not for wide registers is to run on a machine that has them, too. */
extern bool wide_refused;

static inline bool wide_is_here(void)
{
#ifdef WIDE_IS_AVX2
    return !wide_refused && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt");
#else
    return false;
#endif
}

/* Registers of 64 bytes, for the one loop that gains by them. */
static inline bool widest_is_here(void)
{
#ifdef WIDE_IS_AVX2
    return wide_is_here() && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2");
#else
    return false;
#endif
}

/* Bytes that are one register in a function that is WIDE, and two elsewhere; in memory, wherever they are. */
typedef unsigned char wide_bytes __attribute__((vector_size(32)));
/* What is one on any machine. */
typedef unsigned char half_bytes __attribute__((vector_size(16)));

#endif
