/* gzip members (RFC 1952) → their text, in steps. What the checksum behind a member says is heard. */
#ifndef SOURCE_INFLATE_H
#define SOURCE_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

/* A step takes from `in` and adds to `out`; both move on. */
struct flow {
    const char *in;
    size_t in_n;
    char *out;
    size_t out_n;
    size_t behind; /* WRONG: so many bytes of what stands behind the text are still to come */
};

enum inflated { INFLATED_ON, INFLATED_MEMBER, INFLATED_WRONG, INFLATED_BROKEN, INFLATED_NO_MEMORY };

struct inflater {
    const char *name;
    /* Working memory; NULL: there is none. The function is NULL where the library was not there when this was built. */
    void *(*make)(void);
    /* A member begins. */
    void (*begin)(void *state);
    /* As far as `in` or `out` goes. MEMBER: one has ended whole, and `in` stands behind it. All text in front of a
     * damage, or of an end that comes too early, has come out when it is told. WRONG: as MEMBER, but its text is not what
     * its checksum or its length says. */
    enum inflated (*step)(void *state, struct flow *flow);
    void (*unmake)(void *state);
};

extern const struct inflater inflater_isal, inflater_zlib;

/* The fastest one that is built in. */
static inline const struct inflater *inflater_best(void)
{
    return inflater_isal.make ? &inflater_isal : &inflater_zlib;
}

#endif
