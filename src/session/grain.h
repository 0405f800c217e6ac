/* The grain of a clock: the ticks of 15.625 ms or 10 ms that its stamps keep to, if any. It owns what the steps between
 * stamps show of it; a step counts by its length modulo a second, which two clocks do not spoil. */
#ifndef SESSION_GRAIN_H
#define SESSION_GRAIN_H

#include <stdint.h>

enum { GRAIN_LONGEST = 256, GRAIN_FINE = 10 };

struct grain {
    uint64_t seen[GRAIN_LONGEST / 64]; /* bit i: a step of i ms; longer ones drift too far from the ticks */
    uint32_t steps, fine;              /* fine: shorter than any tick */
};

/* `step`: below a second; 0 is none, and leaves no more than a bit that nobody reads. */
static inline void grain_add(struct grain *grain, uint32_t step)
{
    grain->steps += step != 0;
    grain->fine += step - 1 < GRAIN_FINE - 1;
    if (step < GRAIN_LONGEST)
        grain->seen[step / 64] |= (uint64_t)1 << (step % 64);
}

/* Steps that are looked at one behind the other, before they are added: how many there are of each length. */
struct grain_steps {
    uint16_t of[1000];
};

/* Up to UINT16_MAX of them. */
void grain_add_all(struct grain *grain, const struct grain_steps *seen, uint32_t count);

/* In ms, rounded: 16, 10 or 1; 0 if there are too few steps, or too few different ones, to tell. */
uint32_t grain_ms(const struct grain *grain);

#endif
