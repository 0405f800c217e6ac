/* Threads that pack members while their writer goes on; members come out in the order in which they were put in. */
#ifndef SINK_CREW_H
#define SINK_CREW_H

#include "sink/sink.h"

struct crew;

/* packing->jobs threads, or as many of them as can be had; NULL: not one. */
struct crew *crew_make(const struct packing *packing);
/* Whether the oldest member has to be taken out before another one can be put in. */
bool crew_is_full(struct crew *crew);
/* Puts a copy of the text in. False: no memory. */
bool crew_add(struct crew *crew, struct str text);
/* Takes the oldest member out: its bytes, valid until the next call of any function here; none if packing failed. NULL
 * if there is none, or, unless `wait`, none is ready. */
const struct str *crew_next(struct crew *crew, bool wait);
/* What is still in it is dropped; ends the threads. */
void crew_free(struct crew *crew);

#endif
