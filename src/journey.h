/* The way of a log through the stages, from its first line to the bytes of its records. */
#ifndef JOURNEY_H
#define JOURNEY_H

#include "stages.h"

/* All that pipeline->lines has to give, which is of a session log; what came of it is added to pipeline->part. */
void journey_convert(struct pipeline *pipeline);
bool journey_is_stopped(const struct pipeline *pipeline);
/* Neither stopped, nor has the output failed. */
bool journey_goes_on(const struct pipeline *pipeline);

#endif
