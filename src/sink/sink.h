/* Where bytes go. Sinks are chained: gzip hands on to a file. The first failure sticks; it is asked for at close. */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include "sink/engine.h"
#include "tcplog/buf.h"

#include <signal.h>
#include <stdint.h>

struct sink;

struct sink_class {
    const char *name;
    void (*write)(struct sink *sink, struct str bytes);
    /* What is to be told in the index of the bytes that are written next, a text without line feed; NULL: of none. */
    void (*about)(struct sink *sink, struct str text);
    /* NULL, or rather than it: takes the first n bytes over, with their memory, and leaves other memory there; what stood
     * behind them is at its front. */
    void (*take)(struct sink *sink, struct buf *bytes, size_t n);
    /* NULL: it may wait. */
    bool (*never_waits)(const struct sink *sink);
    /* Ends the output; it appears under its name only if keep. Frees the sink, and closes what it is chained to. */
    enum tcplog_status (*close)(struct sink *sink, bool keep);
};

struct sink {
    const struct sink_class *class;
    enum tcplog_status status;
    int error;                         /* errno of the failure; 0: none, or not the system's */
    const volatile sig_atomic_t *stop; /* NULL, or: a write that waits is given up when it is set */
};

/* All answer NULL and set *status (and errno) on failure. */
struct sink *sink_standard_output(enum tcplog_status *status);
/* A regular file is written under a temporary name beside it and renamed when it is whole; where path leads to another
 * thing, or to where standard output goes already, bytes go there at once. */
struct sink *sink_file(const char *path, bool force, enum tcplog_status *status);
/* Bytes go behind the first `length` ones of a file, at once; what stands behind these is cut off. A file of no bytes
 * may be missing: it is made. TCPLOG_UNREADABLE: there are less bytes. */
struct sink *sink_behind(const char *path, uint64_t length, enum tcplog_status *status);
/* Whether no write to it waits for somebody else: it ends in a regular file, or what goes there is lost. Such a wait would be
 * for a signal to end. */
bool sink_never_waits(const struct sink *sink);
/* Whether it appears under its name only when it is closed; else bytes have gone to where it leads already. */
bool sink_appears(const struct sink *sink);
/* Where several files are to appear or none, two steps come before close: what was written is whole, and then it takes its
 * name, which it loses again when it is closed without keep. False: it failed, as close will tell. */
bool sink_settle(struct sink *sink);
bool sink_appear(struct sink *sink);

/* How a gzip file is made. */
struct packing {
    const struct engine *engine; /* built in */
    int level;                   /* one of the engine's, or 0: its own choice */
    unsigned jobs;               /* threads that compress; below 2 there is only the one that writes */
};

/* Each write becomes a member (RFC 1952 2.2) of its own, so whoever writes says where members end; the bytes of a member
 * depend on nothing but its text. An index of them goes to `index` unless that is NULL (sink/index.h); both
 * appear, or none. Takes both over, also on failure. */
struct sink *sink_gzip(struct sink *next, struct sink *index, const struct packing *packing,
                       enum tcplog_status *status);
/* The members go behind those that `place` tells of (sink/index.h), in both; where they end in turn, it tells when the sink
 * has been closed. */
struct index_place;
void sink_gzip_go_on(struct sink *sink, struct index_place *place);

#endif
