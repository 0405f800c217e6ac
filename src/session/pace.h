/* The pace: a duration that comes again and again. Where steps agree to the millisecond but for whole seconds, they are
 * taken for one duration, and the seconds they differ by for the work of the second clock (FORMAT 4.1). This is a
 * guess, though a good one: it is used only where nothing that is proven speaks against it. */
#ifndef SESSION_PACE_H
#define SESSION_PACE_H

#include "model/phases.h"

/* PACE_EDGE: the phase is rarely within a step that is nearly a whole number of seconds; so near, it is none of a pace. */
enum { PACE_STEPS = 64, PACE_EDGE = 100 };

/* From one stamp to the next, as printed: milliseconds, and the difference of the seconds. */
struct pace_step {
    uint32_t from, to;
    uint32_t seconds;
};

struct pace {
    struct pace_step steps[PACE_STEPS]; /* the first ones that are long enough */
    uint32_t count;
};

/* A step that does not run backwards from second to second; false: it is not used. */
bool pace_add(struct pace *pace, uint32_t before, uint32_t stamp);
/* Rules out the phases under which the duration would not be one; false: there is none, or no phase that fits. */
bool pace_narrow(const struct pace *pace, struct phases *phases);

#endif
