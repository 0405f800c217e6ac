/* The way of a log through the stages, from its first line to the bytes of its records. */
#ifndef JOURNEY_H
#define JOURNEY_H

#include "stages.h"

/* All that pipeline->lines has to give, which is of a session log; what came of it is added to pipeline->part. */
void journey_convert(struct pipeline *pipeline);
bool journey_is_stopped(const struct pipeline *pipeline);
/* What is wrong with what came out so far: the output failed, or there was no memory for a text of a record. */
enum tcplog_status journey_status(const struct pipeline *pipeline);
/* Neither stopped, nor is anything wrong with what came out. */
bool journey_goes_on(const struct pipeline *pipeline);

#endif
