/* Threads that pack members while their writer goes on; members come out in the order in which they were put in. */
#ifndef SINK_CREW_H
#define SINK_CREW_H

#include "sink/sink.h"

struct crew;

struct packed {
    struct str bytes; /* none: packing failed */
    struct str about;
    size_t text; /* bytes that were packed */
};

/* packing->jobs threads, or as many of them as can be had, of which the writer's is one: rather than wait it packs, too,
 * with `state`, its own of the engine. NULL: it is the only one. */
struct crew *crew_make(const struct packing *packing, void *state);
/* Whether the oldest member has to be taken out before another one can be put in. */
bool crew_is_full(struct crew *crew);
/* Puts the first n bytes of the text in, as a sink takes them, and a copy of what is told of them. False: no memory. */
bool crew_add(struct crew *crew, struct buf *text, size_t n, struct str about);
/* Takes the oldest member out; it is valid until the next one is put in. NULL if there is none, or, unless `wait`, none
 * is ready. */
const struct packed *crew_next(struct crew *crew, bool wait);
/* What is still in it is dropped; ends the threads. */
void crew_free(struct crew *crew);

#endif
