/* A step of `seconds` s + r ms, 0 <= r < 1000, took just that, or a second less: the latter where the phase is in
 * (from, to], round the circle. One duration of k s + r ms is printed both ways, and each step tells on which side of
 * it the phase is. */
#include "session/pace.h"

#include <stddef.h>

enum {
    SECOND = 1000,
    LONGEST = 60 * SECOND,
    ALIKE = 16, /* ms: a tick of Windows */
    ENOUGH = 5, /* steps of the pace, … */
    TWICE = 2,  /* … of either print so many */
};

static uint32_t rest_of(const struct pace_step *step)
{
    return (step->to + SECOND - step->from) % SECOND;
}

bool pace_add(struct pace *pace, uint32_t before, uint32_t stamp)
{
    struct pace_step step = { before % SECOND, stamp % SECOND, stamp / SECOND - before / SECOND };
    uint32_t rest = rest_of(&step);
    if (pace->count == PACE_STEPS || rest < PACE_EDGE || rest > SECOND - PACE_EDGE ||
        step.seconds > LONGEST / SECOND)
        return false;
    pace->steps[pace->count++] = step;
    return true;
}

static bool alike(const struct pace_step *a, const struct pace_step *b)
{
    uint32_t one = rest_of(a), other = rest_of(b);
    return (one > other ? one - other : other - one) <= ALIKE;
}

/* The step that most others are like. */
static const struct pace_step *commonest(const struct pace *pace, uint32_t *most)
{
    const struct pace_step *best = NULL;
    *most = 0;
    for (uint32_t i = 0; i < pace->count; i++) {
        uint32_t found = 0;
        for (uint32_t j = 0; j < pace->count; j++)
            found += alike(&pace->steps[i], &pace->steps[j]);
        if (found > *most) {
            *most = found;
            best = &pace->steps[i];
        }
    }
    return best;
}

/* The steps of the pace, counted by the seconds that are printed: the fewest, one more, and others. */
struct prints {
    uint32_t seconds, whole, more, other;
};

static struct prints count(const struct pace *pace, const struct pace_step *model)
{
    struct prints prints = { .seconds = model->seconds };
    for (uint32_t i = 0; i < pace->count; i++)
        if (alike(&pace->steps[i], model) && pace->steps[i].seconds < prints.seconds)
            prints.seconds = pace->steps[i].seconds;
    for (uint32_t i = 0; i < pace->count; i++) {
        if (!alike(&pace->steps[i], model))
            continue;
        uint32_t over = pace->steps[i].seconds - prints.seconds;
        *(over == 0 ? &prints.whole : over == 1 ? &prints.more : &prints.other) += 1;
    }
    return prints;
}

/* Whether steps printed with a second more must be of the pace: a wait of just a second more is no wonder where most are
 * shorter than one, so it has to be unlikely that so many of them leave any phase possible. */
static bool convince(const struct prints *prints, uint32_t rest)
{
    enum { RARELY = SECOND / 20 };
    uint32_t chance = prints->more * SECOND;
    for (uint32_t i = 1; i < prints->more && chance > RARELY; i++)
        chance = chance * rest / SECOND;
    return prints->whole >= TWICE && prints->more >= TWICE && prints->other == 0 &&
           (prints->seconds > 0 || chance <= RARELY);
}

bool pace_narrow(const struct pace *pace, struct phases *phases)
{
    uint32_t most;
    const struct pace_step *model = commonest(pace, &most);
    /* a third of all steps: no chance meeting */
    if (most < ENOUGH || most * 3 < pace->count)
        return false;
    struct prints prints = count(pace, model);
    if (!convince(&prints, rest_of(model)))
        return false;
    struct phases left = *phases;
    for (uint32_t i = 0; i < pace->count; i++) {
        const struct pace_step *step = &pace->steps[i];
        if (alike(step, model))
            (step->seconds == prints.seconds ? phases_rule_out : phases_keep)(&left, step->from, step->to);
    }
    if (phases_empty(&left))
        return false;
    *phases = left;
    return true;
}
