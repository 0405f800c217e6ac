/* The two-clock problem of FORMAT 4.1: which phases (0 to 999 ms) of the tick counter are possible, as a set of points on
 * a circle. What rules them out is the business of session/. */
#ifndef MODEL_PHASES_H
#define MODEL_PHASES_H

#include <stdbool.h>
#include <stdint.h>

/* One a millisecond of the second. */
enum { PHASES = 1000 };

/* 64 phases a word, the lowest in the lowest bit; 24 bits are left over, and never set. */
struct phases {
    uint64_t fits[16]; /* bit i of the 1000: phase i is possible */
    uint32_t used;     /* the one that moments are placed by; 0: stamps are taken as they are */
};

/* Every phase is possible, and none is used. */
void phases_all(struct phases *phases);
/* Whether none is possible, all are, both have the same. `used` does not count. */
bool phases_empty(const struct phases *phases);
bool phases_full(const struct phases *phases);
bool phases_equal(const struct phases *a, const struct phases *b);
/* Rules out the phases in (from, to], round the circle if from > to. */
void phases_rule_out(struct phases *phases, uint32_t from, uint32_t to);
/* Rules out all but those in (from, to]; from == to is the whole circle. */
void phases_keep(struct phases *phases, uint32_t from, uint32_t to);
/* Rules out what is not in `other`. */
void phases_meet(struct phases *phases, const struct phases *other);
/* Whether any phase in [from, to) fits. */
bool phases_any(const struct phases *phases, uint32_t from, uint32_t to);
/* The middle of the longest run of phases that fit: the smallest error at worst. */
uint32_t phases_middle(const struct phases *phases);
/* The shortest way round the circle, from..to, that leads past all that fit; some do. */
void phases_range(const struct phases *phases, uint32_t *from, uint32_t *to);

/* Whether this very phase is possible. */
static inline bool phases_has(const struct phases *phases, uint32_t phase)
{
    return phases->fits[phase / 64] >> (phase % 64) & 1;
}

#endif
